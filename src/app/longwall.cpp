#include "app/longwall.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/simulator_yaml.h"
#include "base/text.h"

namespace mineward::app {
namespace {

constexpr int kCalibrationBit = 4;
constexpr int kAlarmBit = 1;
constexpr int kCutBit = 2;

/// Lines with their numbers, without line ends.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line = trim(rest_.substr(0, end));
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
    ++number_;
    return true;
  }
  int number() const { return number_; }

 private:
  std::string_view rest_;
  int number_ = 0;
};

std::string unquoted(std::string_view name) {
  name = trim(name);
  if (name.size() >= 2 && (name.front() == '"' || name.front() == '\'') && name.back() == name.front()) {
    name = name.substr(1, name.size() - 2);
  }
  return std::string(name);
}

/// "@ATTRIBUTE name type" or "@ATTRIBUTE 'a name' type".
std::string attribute_name(std::string_view rest) {
  rest = trim(rest);
  if (!rest.empty() && (rest.front() == '\'' || rest.front() == '"')) {
    const std::size_t end = rest.find(rest.front(), 1);
    return std::string(rest.substr(1, end == std::string_view::npos ? rest.size() : end - 1));
  }
  return std::string(rest.substr(0, rest.find_first_of(" \t")));
}

Result<std::vector<std::optional<double>>> read_row(const LongwallSeries& series, std::string_view line,
                                                    int number) {
  const auto fields = split(line, ',');
  const std::string where = fmt::format("line {}", number);
  if (fields.size() != series.columns.size()) {
    return bad_input(fmt::format("found {} fields, expected {}", fields.size(), series.columns.size()),
                     where);
  }
  std::vector<std::optional<double>> row;
  row.reserve(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string_view text = trim(fields[i]);
    const auto value = parse_number(text);
    if (!value && !text.empty() && text != "?") {
      return bad_input(fmt::format("column {}: found `{}`, expected a number", series.columns[i], text),
                       where);
    }
    row.push_back(value);
  }
  return row;
}

/// Reads the head of an ARFF file up to @DATA.
Status read_arff_head(Lines& lines, LongwallSeries& out) {
  std::string_view line;
  while (lines.next(line)) {
    if (line.empty() || line.front() == '%') continue;
    const std::string word = lower_ascii(line.substr(0, line.find_first_of(" \t")));
    if (word == "@relation") continue;
    if (word == "@data") return {};
    if (word != "@attribute") {
      return bad_input(fmt::format("found `{}`, expected @ATTRIBUTE or @DATA", line),
                       fmt::format("line {}", lines.number()));
    }
    out.columns.push_back(attribute_name(line.substr(word.size())));
  }
  return bad_input("no @DATA line");
}

bool is_arff(std::string_view text) {
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    if (line.empty() || line.front() == '%') continue;
    return line.front() == '@';
  }
  return false;
}

Result<LongwallColumn> column_of(const YAML::Node& node, const LongwallMapping& mapping) {
  YamlRow row(node, "columns",
              {"column", "point", "sensor_type", "type_name", "value_type", "unit", "decimals", "range_high",
               "range_low", "alarm", "alarm_clear", "alarm_low", "alarm_low_clear", "cut", "restore",
               "on_text", "off_text", "place", "relation"});
  LongwallColumn out;
  PointDefinition& p = out.point;
  out.column = row.text("column");
  p.sensor_type = row.text("sensor_type");
  p.value_type = row.text("value_type");
  p.code = mapping.mine.code + "01" + p.value_type + p.sensor_type + row.text("point");
  p.station = mapping.mine.code + "00001";
  p.type_name = row.text("type_name");
  p.unit = row.text("unit", "");
  p.decimals = static_cast<int>(row.number("decimals", 2));
  p.range_high = row.number("range_high");
  p.range_low = row.number("range_low");
  p.alarm_high = row.number("alarm");
  p.alarm_clear = row.number("alarm_clear");
  p.alarm_low = row.number("alarm_low");
  p.alarm_low_clear = row.number("alarm_low_clear");
  p.cut = row.number("cut");
  p.restore = row.number("restore");
  p.on_text = row.text("on_text", "");
  p.off_text = row.text("off_text", "");
  p.place = row.text("place");
  p.relation = row.text("relation", "");
  MW_TRY(row.status());
  if (p.value_type != "MN" && p.value_type != "KG") {
    return bad_input(fmt::format("value_type: found `{}`, expected MN or KG", p.value_type),
                     fmt::format("line {}", node.Mark().line + 1));
  }
  return out;
}

bool calibrating(const std::vector<CalibrationRows>& all, std::string_view column, std::size_t row) {
  return std::any_of(all.begin(), all.end(), [&](const CalibrationRows& c) {
    return c.column == column && row >= c.first && row <= c.last;
  });
}

/// What the mine's own system would say of the value.
int state_of(const PointDefinition& p, std::optional<double> value, bool calibration) {
  int state = calibration ? kCalibrationBit : 0;
  if (!value || p.value_type != "MN") return state;
  if (p.alarm_high && *value >= *p.alarm_high) state |= kAlarmBit;
  if (p.cut && *value >= *p.cut) state |= kCutBit;
  return state;
}

EventTime row_time(const LongwallMapping& m, EventTime first_at, std::size_t offset) {
  return first_at + m.period * static_cast<std::int64_t>(offset);
}

}  // namespace

std::optional<std::size_t> LongwallSeries::column(std::string_view name) const {
  const auto it = std::find(columns.begin(), columns.end(), name);
  if (it == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(it - columns.begin());
}

Result<LongwallSeries> read_longwall(std::string_view text) {
  LongwallSeries out;
  Lines lines(text);
  std::string_view line;
  if (is_arff(text)) {
    MW_TRY(read_arff_head(lines, out));
  } else {
    while (line.empty() && lines.next(line)) continue;
    for (const std::string_view name : split(line, ',')) out.columns.push_back(unquoted(name));
  }
  while (lines.next(line)) {
    if (line.empty() || line.front() == '%') continue;
    MW_ASSIGN(auto row, read_row(out, line, lines.number()));
    out.rows.push_back(std::move(row));
  }
  if (out.rows.empty()) return bad_input("no rows");
  return out;
}

Result<LongwallMapping> parse_longwall_mapping(std::string_view yaml) {
  MW_ASSIGN(const YAML::Node document, load_yaml(yaml));
  YamlRow head(document, "mapping", {"mine_code", "mine_name", "start", "period", "columns"});
  LongwallMapping out;
  out.mine = {head.text("mine_code"), head.text("mine_name")};
  const std::string start = head.text("start");
  const std::string period = head.text("period");
  MW_TRY(head.status());
  MW_ASSIGN(out.start, parse_time(start));
  MW_ASSIGN(out.period, parse_duration(period));
  if (out.period <= Millis(0))
    return bad_input(fmt::format("period: found `{}`, expected more than 0 s", period));
  MW_ASSIGN(const auto rows, yaml_rows(document, "columns"));
  for (const YAML::Node& node : rows) {
    MW_ASSIGN(auto column, column_of(node, out));
    out.columns.push_back(std::move(column));
  }
  return out;
}

Status check_longwall(const LongwallSeries& series, const LongwallMapping& mapping) {
  for (const LongwallColumn& c : mapping.columns) {
    if (series.column(c.column)) continue;
    return bad_input(
        fmt::format("the table has no column `{}`; it has {}", c.column, join(series.columns, ", ")));
  }
  return {};
}

UploadFile longwall_definitions(const LongwallMapping& mapping, EventTime at) {
  std::vector<std::string> records;
  for (const LongwallColumn& c : mapping.columns) records.push_back(cddy_record(c.point, at));
  return {{at.utc_ms},
          upload_name(mapping.mine.code, "CDDY", at),
          upload_text(cddy_header(mapping.mine, at), records)};
}

UploadFile longwall_samples(const LongwallSeries& series, const LongwallMapping& mapping, std::size_t first,
                            std::size_t last, EventTime at, const std::vector<CalibrationRows>& calibration) {
  std::vector<std::string> records;
  for (std::size_t r = first; r < last; ++r) {
    for (const LongwallColumn& c : mapping.columns) {
      const auto value = series.rows[r][*series.column(c.column)];
      const int state = state_of(c.point, value, calibrating(calibration, c.column, r));
      records.push_back(cdss_record(c.point, value, state, row_time(mapping, at, r - first)));
    }
  }
  const EventTime end = row_time(mapping, at, last - first - 1);
  return {{end.utc_ms},
          upload_name(mapping.mine.code, "CDSS", end),
          upload_text(plain_header(mapping.mine, end), records)};
}

std::optional<UploadFile> longwall_switches(const LongwallSeries& series, const LongwallMapping& mapping,
                                            std::size_t first, std::size_t last, EventTime at) {
  std::vector<std::string> records;
  for (std::size_t r = std::max<std::size_t>(first, 1); r < last; ++r) {
    for (const LongwallColumn& c : mapping.columns) {
      if (c.point.value_type != "KG") continue;
      const std::size_t i = *series.column(c.column);
      const auto now = series.rows[r][i];
      if (!now || series.rows[r - 1][i] == now) continue;
      records.push_back(kgbh_record(c.point, *now != 0, row_time(mapping, at, r - first)));
    }
  }
  if (records.empty()) return std::nullopt;
  const EventTime end = row_time(mapping, at, last - first - 1);
  return UploadFile{{end.utc_ms},
                    upload_name(mapping.mine.code, "KGBH", end),
                    upload_text(plain_header(mapping.mine, end), records)};
}

std::vector<UploadFile> longwall_files(const LongwallSeries& series, const LongwallMapping& mapping,
                                       const LongwallOptions& options) {
  std::vector<UploadFile> out;
  out.push_back(longwall_definitions(mapping, mapping.start));
  const std::size_t step = std::max<std::size_t>(options.rows_per_file, 1);
  for (std::size_t first = 0; first < series.rows.size(); first += step) {
    const std::size_t last = std::min(first + step, series.rows.size());
    const EventTime at = row_time(mapping, mapping.start, first);
    out.push_back(longwall_samples(series, mapping, first, last, at, options.calibration));
    if (auto changes = longwall_switches(series, mapping, first, last, at))
      out.push_back(std::move(*changes));
  }
  return out;
}

}  // namespace mineward::app
