// build/example_files: writes upload files of the examples into a folder, as a mine would have sent them.
//
//   example_files longwall TABLE --out DIR   a table of readings (ARFF or CSV) as CDDY, CDSS and KGBH files
//   example_files region --out DIR           a stretch of the simulated example region
//   example_files incidents                  what is wrong on purpose in such a stretch, as JSON
//   example_files register --data DIR        the region as records, so that its files can be imported
//
// Prints the number of files; exit 0 done, 1 could not, 2 wrong use.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>

#include "app/command_support.h"
#include "app/demo_region.h"
#include "app/longwall.h"
#include "app/simulator.h"
#include "base/files.h"
#include "base/json.h"
#include "base/text.h"

namespace {

using namespace mineward;       // NOLINT: a program, not a header
using namespace mineward::app;  // NOLINT

struct LongwallArguments {
  std::string table, out, mapping;
  std::vector<std::string> calibration, limits;
  std::size_t rows_per_file = 1;
};

/// "MM116:1587-1600"
Result<CalibrationRows> parse_calibration(const std::string& text) {
  const auto colon = text.rfind(':');
  const auto rows = colon == std::string::npos ? std::vector<std::string_view>{}
                                               : split(std::string_view(text).substr(colon + 1), '-');
  const auto first = rows.size() == 2 ? parse_integer(rows[0]) : std::nullopt;
  const auto last = rows.size() == 2 ? parse_integer(rows[1]) : std::nullopt;
  if (!first || !last || *first < 0 || *last < *first)
    return bad_input(fmt::format("found --calibration {}, expected COLUMN:FIRST-LAST", text));
  return CalibrationRows{text.substr(0, colon), static_cast<std::size_t>(*first),
                         static_cast<std::size_t>(*last)};
}

/// "MM116:1.0:1.5": the limits that the mine uploads for the point of a column.
Status set_limits(LongwallMapping& mapping, const std::string& text) {
  const auto parts = split(text, ':');
  const auto alarm = parts.size() == 3 ? parse_number(parts[1]) : std::nullopt;
  const auto cut = parts.size() == 3 ? parse_number(parts[2]) : std::nullopt;
  if (!alarm || !cut) return bad_input(fmt::format("found --limits {}, expected COLUMN:ALARM:CUT", text));
  for (LongwallColumn& c : mapping.columns) {
    if (c.column != parts[0]) continue;
    c.point.alarm_high = c.point.alarm_clear = *alarm;
    c.point.cut = *cut;
    c.point.restore = std::min(1.0, *alarm);
    return {};
  }
  return bad_input(fmt::format("found --limits {}, but the mapping has no column {}", text, parts[0]));
}

Status write_all(const std::vector<UploadFile>& all, const std::string& folder) {
  const auto files = system_files();
  MW_TRY(files->make_folders(folder));
  for (const UploadFile& f : all) {
    MW_ASSIGN(auto file, files->create(folder + "/" + f.name));
    MW_TRY(file->append(f.bytes));
  }
  std::cout << all.size() << " files in " << folder << "\n";
  return {};
}

Status longwall(const LongwallArguments& a) {
  const auto files = system_files();
  MW_ASSIGN(const std::string table, files->read(a.table));
  MW_ASSIGN(const std::string yaml, files->read(a.mapping));
  auto series = read_longwall(table);
  if (!series) return std::move(series).error().in(a.table);
  auto mapping = parse_longwall_mapping(yaml);
  if (!mapping) return std::move(mapping).error().in(a.mapping);
  for (const std::string& text : a.limits) MW_TRY(set_limits(*mapping, text));
  MW_TRY(check_longwall(*series, *mapping));
  LongwallOptions options;
  options.rows_per_file = a.rows_per_file;
  for (const std::string& text : a.calibration) {
    MW_ASSIGN(auto rows, parse_calibration(text));
    options.calibration.push_back(std::move(rows));
  }
  return write_all(longwall_files(*series, *mapping, options), a.out);
}

struct RegionArguments {
  std::string region, out, from = "2026-01-12 08:00:00", mine;
  double minutes = 60;
  std::uint64_t seed = 1;
};

Millis length_of(const RegionArguments& a) { return Millis(static_cast<std::int64_t>(a.minutes * 60000)); }

Result<Simulator> simulator_of(const RegionArguments& a) {
  MW_ASSIGN(const std::string yaml, system_files()->read(a.region));
  auto parsed = parse_region(yaml);
  if (!parsed) return std::move(parsed).error().in(a.region);
  SimulatorOptions options;
  options.seed = a.seed;
  MW_ASSIGN(options.begin, parse_time(a.from));
  return Simulator(*std::move(parsed), std::move(options));
}

Status region(const RegionArguments& a) {
  MW_ASSIGN(const Simulator simulator, simulator_of(a));
  MW_ASSIGN(const EventTime from, parse_time(a.from));
  const ArrivalTime start{from.utc_ms};
  auto all = simulator.files(start, start + length_of(a));
  if (!a.mine.empty())
    std::erase_if(all, [&](const UploadFile& f) { return !f.name.starts_with(a.mine + "_"); });
  return write_all(all, a.out);
}

Status incidents(const RegionArguments& a) {
  MW_ASSIGN(const Simulator simulator, simulator_of(a));
  MW_ASSIGN(const EventTime from, parse_time(a.from));
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  for (const Incident& i : simulator.incidents(from, from + length_of(a))) {
    json.begin_object()
        .member("rule", i.rule)
        .member("kind", i.kind)
        .member("mine", i.mine)
        .member("subject", i.subject);
    json.member("begin", i.begin.utc_ms)
        .member("end", i.end.utc_ms)
        .member("grade", i.grade)
        .member("note", i.note)
        .end_object();
  }
  json.end_array();
  std::cout << out << "\n";
  return {};
}

Status register_region(const RegionArguments& a, const std::string& data) {
  MW_ASSIGN(const std::string yaml, system_files()->read(a.region));
  auto parsed = parse_region(yaml);
  if (!parsed) return std::move(parsed).error().in(a.region);
  MW_TRY(system_files()->make_folders(data));
  const auto clock = system_clock();
  const auto node = open_existing_or_report(data, *clock);
  if (!node) return unavailable("cannot open " + data);
  MW_ASSIGN(const auto accounts, make_region(*node, *parsed));
  std::cout << accounts.size() << " accounts in " << data << "\n";
  return node->stop();
}

int report(const Status& status) {
  if (status) return 0;
  std::cerr << "example_files: " << status.error().text() << "\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Writes the upload files of the examples into a folder");
  program.require_subcommand(1);
  LongwallArguments wall;
  auto* longwall_command =
      program.add_subcommand("longwall", "A table of readings (ARFF or CSV) as CDDY, CDSS and KGBH files");
  longwall_command->add_option("table", wall.table, "ARFF or CSV file")->required();
  longwall_command->add_option("--out", wall.out, "Folder for the files")->required();
  longwall_command->add_option("--mapping", wall.mapping, "Which column is which point")->required();
  longwall_command->add_option("--calibration", wall.calibration,
                               "COLUMN:FIRST-LAST, rows sent with the calibration state");
  longwall_command->add_option("--limits", wall.limits, "COLUMN:ALARM:CUT, limits that the mine uploads");
  longwall_command->add_option("--rows-per-file", wall.rows_per_file, "A mine sends 1");
  RegionArguments reg;
  auto* region_command = program.add_subcommand("region", "A stretch of the simulated example region");
  auto* incidents_command =
      program.add_subcommand("incidents", "What is wrong on purpose in such a stretch, as JSON");
  auto* register_command =
      program.add_subcommand("register", "The region's mines and accounts as records of a data folder");
  std::string data;
  register_command->add_option("--data", data, "Data folder; made if it is not there")->required();
  register_command->add_option("--region", reg.region, "Region file")->required();
  for (auto* command : {region_command, incidents_command}) {
    command->add_option("--region", reg.region, "Region file")->required();
    command->add_option("--from", reg.from, "First time, Beijing")->capture_default_str();
    command->add_option("--minutes", reg.minutes, "Length")->capture_default_str();
    command->add_option("--seed", reg.seed, "Seed")->capture_default_str();
  }
  region_command->add_option("--out", reg.out, "Folder for the files")->required();
  region_command->add_option("--mine", reg.mine, "Only this mine code");
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return program.exit(e) == 0 ? 0 : 2;
  }
  if (longwall_command->parsed()) return report(longwall(wall));
  if (register_command->parsed()) return report(register_region(reg, data));
  return report(region_command->parsed() ? region(reg) : incidents(reg));
}
