/// For tests only: a province with a city, two counties and four mines, a small form over the record types of
/// the core pack, and people who file it. Hand-worked figures stand in the tests.
#pragma once

#include <memory>
#include <string>

#include "pack/load.h"
#include "pack/reaching_testing.h"
#include "record/template_testing.h"
#include "record/testing.h"
#include "report/report.h"

namespace mineward::report::fixture {

using record::Fields;
using record::fixture::faults;
using record::fixture::must;
using record::fixture::refused;

inline pack::FormColumn counted(int number, std::string name, pack::Indicator indicator) {
  pack::FormColumn column;
  column.number = number;
  column.group = number < 3 ? "检查" : "隐患";
  column.name = {std::move(name), "column"};
  column.unit = "项";
  column.indicator = std::move(indicator);
  return column;
}

inline pack::Conditions level(const char* code) { return {{"level", pack::Condition::Op::is, {code}}}; }

/// 1 mines (stock), 2 inspections, 3 found, 4 rectified, 5 share, 6 fines in 万元, 7 inspectors.
inline pack::Form monthly() {
  pack::Form form;
  form.name = "monthly";
  form.label = {"月报", "Monthly"};
  form.title = "{yyyy}年{M}月统计表";
  form.filed_by = {"county", "city"};
  form.duty = "file-monthly";
  form.narrative = {"典型案例（简要描述）", "Cases"};
  form.footer = {
      {"填报单位（盖章）", "Unit"}, {"填报人员", "Compiler"}, {"联系方式", "Contact"}, {"填报日期", "Date"}};
  form.note = "注：每月报送";
  form.rows = {{"month", {"当月", "Month"}, std::nullopt, false},
               {"cumulative", {"累计", "Cumulative"}, *parse_date("2026-01-01"), false}};
  form.columns = {counted(1, "煤矿", {"mine", {}, "created_at", "", "", true}),
                  counted(2, "检查煤矿", {"inspection", {}, "inspected_on", "authority", "", false}),
                  counted(3, "一般隐患", {"hazard", level("ordinary"), "found_at", "", "", false}),
                  counted(4, "一般隐患", {"hazard", level("ordinary"), "reviewed_at", "", "", false})};
  form.columns[2].sub = {"排查", "found"};
  form.columns[3].sub = {"已整改", "rectified"};
  pack::FormColumn share = counted(5, "一般隐患", {});
  share.sub = {"整改率", "share"};
  share.unit = "%";
  share.indicator.reset();
  share.share_of = 4;
  share.share_in = 3;
  share.decimals = 1;
  form.columns.push_back(share);
  auto fines = counted(6, "罚款", {"penalty", {}, "decided_on", "authority", "amount", false});
  fines.unit = "万元";
  fines.decimals = 2;
  fines.divide_by = 1'000'000;
  form.columns.push_back(fines);
  form.columns.push_back(
      counted(7, "组织检查人员", {"inspection_team", {}, "formed_on", "authority", "members", false}));
  return form;
}

inline pack::CatalogPtr make_catalog() {
  static const pack::CatalogPtr core = [] {
    const auto loaded = pack::load_catalog(
        std::vector<std::string>{MW_SOURCE_DIR "/packs/core", MW_SOURCE_DIR "/packs/national"});
    for (const auto& mistake : loaded.mistakes) ADD_FAILURE() << mistake.text();
    return pack::everyday_types(loaded.catalog);
  }();
  auto out = std::make_shared<pack::Catalog>(*core);
  out->forms = {monthly()};
  pack::DutyRule duty;
  duty.id = "file-monthly";
  duty.valid_from = *parse_date("2020-07-01");
  duty.due = *pack::parse_due("5 working days after the end");
  out->duties = {duty};
  pack::CalendarYear year;
  year.year = 2026;
  out->calendar = {year};
  return out;
}

inline pack::CatalogPtr catalog() {
  static const pack::CatalogPtr made = make_catalog();
  return made;
}

class World {
 public:
  explicit World(db::Engine engine)
      : database(engine, record::template_file(catalog(), 2000)), catalog_(catalog()) {
    store = must(record::open_store(catalog_, *database, *files, clock, ids,
                                    {database.folder().path() + "/files", 4096, 2000}));
    province = regulator("990000", "province", {});
    city = regulator("990100", "city", province);
    county = regulator("990101", "county", city);
    neighbour = regulator("990102", "county", city);
    mine_a = mine("990101000001", county);
    mine_b = mine("990101000002", county);
    mine_x = mine("990102000001", neighbour);
    mine_c = mine("990100000001", city);  // supervised by the city itself
    carl = actor("carl", county, {"county_officer"});
    nora = actor("nora", neighbour, {"county_officer"});
    cindy = actor("cindy", city, {"city_officer"});
    paul = actor("paul", province, {"province_officer"});
    forms = std::make_unique<Forms>(catalog_, *store, clock);
  }

  record::RecordId add(const std::string& type, const Fields& fields) {
    return must(store->create(root, type, fields)).id;
  }
  record::RecordId regulator(const std::string& code, const std::string& level, record::RecordId parent) {
    const auto region = add("region", {{"code", code}, {"name", "区" + code}, {"level", level}});
    Fields fields{{"code", code + "-YJ"},
                  {"name", "示例" + level},
                  {"kind", std::string("regulator")},
                  {"level", level},
                  {"region", region}};
    if (parent) fields["parent"] = parent;
    regions[code] = region;
    return add("organisation", fields);
  }
  record::RecordId mine(const std::string& code, record::RecordId parent) {
    const auto organisation = add("organisation", {{"code", code},
                                                   {"name", "公司" + code},
                                                   {"kind", std::string("mine")},
                                                   {"level", std::string("mine")},
                                                   {"region", regions.at(code.substr(0, 6))},
                                                   {"parent", parent}});
    return add("mine", {{"code", code},
                        {"name", "矿" + code},
                        {"organisation", organisation},
                        {"kind", std::string("coal")},
                        {"status", std::string("producing")}});
  }
  Actor actor(const std::string& name, record::RecordId organisation, std::set<std::string> roles) {
    Actor a;
    a.name = name;
    a.organisation = organisation;
    a.scope.root = organisation;
    a.account = add("account", {{"name", name},
                                {"display_name", "姓名" + name},
                                {"organisation", organisation},
                                {"roles", std::vector<std::string>(roles.begin(), roles.end())}});
    a.roles = std::move(roles);
    a.origin = "127.0.0.1";
    return a;
  }
  record::RecordId hazard(record::RecordId at, const std::string& found, const std::string& fixed = {},
                          const std::string& grade = "ordinary") {
    Fields fields{{"mine", at},
                  {"title", std::string("隐患")},
                  {"origin", std::string("self_check")},
                  {"found_at", *parse_time(found)},
                  {"level", grade}};
    if (!fixed.empty()) fields["reviewed_at"] = *parse_time(fixed);
    return add("hazard", fields);
  }
  void inspection(record::RecordId by, record::RecordId at, const std::string& day) {
    add("inspection", {{"mine", at},
                       {"authority", by},
                       {"kind", std::string("planned")},
                       {"inspected_on", *parse_date(day)}});
  }
  void penalty(record::RecordId by, record::RecordId at, const std::string& day, std::int64_t fen) {
    const auto order = add("enforcement_order", {{"mine", at},
                                                 {"authority", by},
                                                 {"kind", std::string("opinion")},
                                                 {"issued_on", *parse_date("2025-11-30")},  // counted nowhere
                                                 {"content", std::string("处罚")}});
    add("penalty", {{"mine", at},
                    {"order", order},
                    {"authority", by},
                    {"kind", std::string("fine")},
                    {"amount", fen},
                    {"decided_on", *parse_date(day)},
                    {"grounds", std::string("事实")}});
  }
  void team(record::RecordId by, const std::string& day, std::int64_t members) {
    add("inspection_team", {{"authority", by},
                            {"formed_on", *parse_date(day)},
                            {"leader", std::string("组长")},
                            {"members", members}});
  }

  const pack::Form& form() const { return catalog_->forms.front(); }
  FormPage page(const Actor& who, record::RecordId unit, Month month = {2026, 1}) {
    return must(forms->page(who, form(), unit, month));
  }
  /// "1 2 3 4 5 6 7" of a row as printed, "-" for blank.
  std::string line(const Cells& cells) {
    std::string out;
    for (const auto& column : form().columns) {
      const std::string text = text_of(column, cells.at(column.number));
      out += (out.empty() ? "" : " ") + (text.empty() ? std::string("-") : text);
    }
    return out;
  }
  std::string line(const Actor& who, record::RecordId unit, const std::string& row, Month month = {2026, 1}) {
    return line(page(who, unit, month).values().at(row));
  }

  db::TestDatabase database;
  std::unique_ptr<Files> files = system_files();
  ManualClock clock{ArrivalTime{parse_time("2026-01-01T00:00:00+08:00")->utc_ms}};
  IdMaker ids{clock, 1};
  std::unique_ptr<record::Store> store;
  const Actor root = Actor::system("system:test");
  std::map<std::string, record::RecordId> regions;
  record::RecordId province, city, county, neighbour, mine_a, mine_b, mine_x, mine_c;
  Actor carl, nora, cindy, paul;
  std::unique_ptr<Forms> forms;

 private:
  pack::CatalogPtr catalog_;
};

class ReportTest : public db::OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (!IsSkipped()) world = std::make_unique<World>(GetParam());
  }
  World& w() { return *world; }
  std::unique_ptr<World> world;
};

}  // namespace mineward::report::fixture
