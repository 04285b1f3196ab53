// The packs of the repository: they load, their limits equal the table they were made of, their examples
// hold.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "pack/load.h"

namespace mineward::pack {
namespace {

std::string all(const std::vector<Mistake>& mistakes) {
  std::string out;
  for (const auto& m : mistakes) out += m.text() + "\n";
  return out;
}

const LoadOutcome& repository() {
  static const LoadOutcome outcome = [] {
    const std::string folder = std::string(MW_SOURCE_DIR) + "/packs";
    return load_catalog(std::span(&folder, 1));
  }();
  return outcome;
}

/// RFC 4180, as far as the table needs it.
std::vector<std::vector<std::string>> read_csv(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false;
  for (const char c : text.str()) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      row.push_back(std::exchange(cell, {}));
    else if (c == '\n' && !quoted) {
      row.push_back(std::exchange(cell, {}));
      rows.push_back(std::exchange(row, {}));
    } else if (c != '\r')
      cell += c;
  }
  return rows;
}

/// ">=1.0" by another way than the loader's.
std::optional<std::pair<std::string, double>> simple_bound(const std::string& text) {
  std::istringstream in(text);
  std::string sign;
  while (in.peek() == '>' || in.peek() == '<' || in.peek() == '=') sign += static_cast<char>(in.get());
  double value = 0;
  if (sign.empty() || !(in >> value) || in.peek() != EOF) return std::nullopt;
  return std::pair(sign, value);
}

void expect_bound(const std::optional<Bound>& bound, const std::string& text, const std::string& what) {
  static const char* const kSigns[] = {">=", ">", "<=", "<"};
  const auto want = simple_bound(text);
  if (!want) return;
  ASSERT_TRUE(bound.has_value()) << what << " " << text;
  EXPECT_EQ(kSigns[static_cast<int>(bound->op)], want->first) << what;
  EXPECT_DOUBLE_EQ(bound->value, want->second) << what;
}

TEST(Repository, LoadsWithoutMistakes) {
  ASSERT_TRUE(repository().catalog) << all(repository().mistakes);
  const Catalog& catalog = *repository().catalog;
  ASSERT_GE(catalog.packs.size(), 2u);
  EXPECT_EQ(catalog.packs[0].name, "core");
  EXPECT_EQ(catalog.packs[1].name, "national");
  EXPECT_EQ(catalog.packs[1].sha256.size(), 64u);
}

TEST(Repository, CarriesEveryRowOfTheTableAsPrinted) {
  ASSERT_TRUE(repository().catalog);
  auto table = read_csv(std::string(MW_SOURCE_DIR) + "/tests/data/sensor_thresholds.csv");
  ASSERT_EQ(table.size(), 135u);
  table.erase(table.begin());
  std::map<std::string, const LimitRow*> by_place;
  for (const auto& row : repository().catalog->limits) by_place[row.gas + "|" + row.where.zh] = &row;
  std::set<const LimitRow*> used;
  for (const auto& line : table) {
    ASSERT_EQ(line.size(), 8u);
    SCOPED_TRACE(line[0] + " " + line[1]);
    const auto it = by_place.find(line[0] + "|" + line[1]);
    ASSERT_NE(it, by_place.end());
    const LimitRow& row = *it->second;
    used.insert(&row);
    EXPECT_EQ(row.where.en, line[2]);
    EXPECT_EQ(row.alarm_text, line[3]);
    EXPECT_EQ(row.cut_text, line[4]);
    EXPECT_EQ(row.restore_text, line[5]);
    EXPECT_EQ(row.unit, line[6]);
    EXPECT_EQ(row.source.text, line[7]);
    EXPECT_EQ(row.source.confidence, line[7].substr(1, line[7].find(']') - 1));
    expect_bound(row.alarm, line[3], "alarm");
    expect_bound(row.cut, line[4], "cut");
    expect_bound(row.restore, line[5], "restore");
    EXPECT_FALSE(row.floor && row.source.confidence == "C-field")
        << "a mine's own setting is no national minimum";
    EXPECT_EQ(row.valid_to.has_value(), line[1].find("旧制") != std::string::npos);
  }
  EXPECT_EQ(used.size(), 134u);
  for (const auto& row : repository().catalog->limits) {
    EXPECT_TRUE(used.contains(&row) || row.id == "CH4-ANY") << row.id << " is not in the table";
  }
}

TEST(Repository, ReadsTwoSidedLimits) {
  ASSERT_TRUE(repository().catalog);
  for (const auto& row : repository().catalog->limits) {
    if (row.id != "WIND-FACE") continue;
    ASSERT_TRUE(row.alarm && row.alarm_low);
    EXPECT_EQ(row.alarm_text, "<0.25 or >4");
    EXPECT_EQ(row.alarm->text(), ">4.0");
    EXPECT_EQ(row.alarm_low->text(), "<0.25");
    return;
  }
  FAIL() << "no WIND-FACE";
}

TEST(Repository, AnswersItsLimitExamples) {
  ASSERT_TRUE(repository().catalog);
  const auto outcome = run_limit_examples(*repository().catalog);
  EXPECT_EQ(all(outcome.failed), "");
  EXPECT_GE(outcome.passed, 100);
}

TEST(Repository, MarksTheThreeAdministrators) {
  ASSERT_TRUE(repository().catalog);
  const Catalog& catalog = *repository().catalog;
  EXPECT_TRUE(catalog.role("system_admin")->administers_system);
  EXPECT_TRUE(catalog.role("security_admin")->administers_security);
  EXPECT_TRUE(catalog.role("auditor")->audits);
  EXPECT_FALSE(catalog.role("dispatcher")->administers_system);
  ASSERT_TRUE(catalog.dictionary("role"));
  EXPECT_EQ(catalog.dictionary("role")->entries.size(), catalog.roles.size());
}

TEST(Repository, KnowsTheSensorsOfDialectA) {
  ASSERT_TRUE(repository().catalog);
  const Dictionary* types = repository().catalog->dictionary("sensor_type");
  ASSERT_TRUE(types);
  const struct {
    const char* code;
    const char* zh;
    const char* gas;
    const char* value_type;
  } cases[] = {
      {"0001", "环境瓦斯", "CH4", "MN"}, {"0010", "水温", "", "MN"},
      {"0012", "氧气", "O2", "MN"},      {"0022", "管道瓦斯", "CH4_PIPE", "MN"},
      {"0056", "瓦斯月纯量", "", "MN"},  {"1001", "局部通风机", "LOCAL_FAN", "KG"},
      {"1015", "馈电", "FEED", "KG"},    {"3001", "产量", "", "LJ"},
      {"1101", "支架阻力", "", "MN"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.code);
    const DictionaryEntry* entry = types->entry(c.code);
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->label.zh, c.zh);
    const auto gas = entry->extra.find("gas");
    EXPECT_EQ(gas == entry->extra.end() ? "" : gas->second, c.gas);
    EXPECT_EQ(entry->extra.at("value_type"), c.value_type);
  }
  int analog = 0, switches = 0, cumulative = 0;
  for (const auto& entry : types->entries) {
    if (entry.extra.at("family") != "aqjk") continue;
    const std::string& kind = entry.extra.at("value_type");
    (kind == "MN" ? analog : kind == "KG" ? switches : cumulative)++;
  }
  EXPECT_EQ(analog, 56);
  EXPECT_EQ(switches, 15);
  EXPECT_EQ(cumulative, 7);
}

TEST(Repository, LetsNoRequiredProgramFieldBeEditedInAStep) {
  ASSERT_TRUE(repository().catalog);
  const Transition* close = repository().catalog->workflow("alarm")->transition("close");
  ASSERT_TRUE(close);
  EXPECT_EQ(close->required, (std::vector<std::string>{"cause", "measures", "cleared_at"}));
  EXPECT_EQ(close->editable, (std::vector<std::string>{"cause", "measures"}));
}

TEST(Example, ACountyTightensOneLimit) {
  const std::string folders[] = {std::string(MW_SOURCE_DIR) + "/examples/packs",
                                 std::string(MW_SOURCE_DIR) + "/packs"};
  const auto outcome = load_catalog(folders);
  ASSERT_TRUE(outcome.catalog) << all(outcome.mistakes);
  EXPECT_TRUE(outcome.catalog->pack("neighbour_county"));
  EXPECT_EQ(all(run_limit_examples(*outcome.catalog).failed), "");
  EXPECT_EQ(all(run_table_examples(*outcome.catalog).failed), "");  // the rungs that the other one adds
  EXPECT_EQ(outcome.catalog->escalation.back().jurisdiction, "990102");
}

}  // namespace
}  // namespace mineward::pack
