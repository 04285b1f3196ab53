// Ledgers out and in, on either database: what a file would do, what it did, that it does it once, and that
// it can be taken back.
#include "ledger/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/import_work.h"
#include "ledger/testing.h"
#include "ledger/trouble.h"
#include "ledger/workbook.h"
#include "record/testing.h"

namespace mineward::ledger {
namespace {

using namespace fixture;
using record::Actor;
using record::Record;
using record::RecordId;
using record::fixture::must;
using record::fixture::refused;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

/// The small catalog of the record tests, with a flow that can be withdrawn, a kind with a key and a flag,
/// and one that cannot be taken back.
std::shared_ptr<pack::Catalog> ledger_catalog() {
  namespace fx = record::fixture;
  auto catalog = fx::small_catalog();
  auto& flow = catalog->workflows[0];
  flow.states.push_back({"withdrawn", {}, false, true});
  auto withdraw = fx::transition("withdraw", {"found"}, "withdrawn", {"county_officer"});
  withdraw.reason_required = true;
  flow.transitions.push_back(withdraw);
  const std::vector<std::array<std::string, 3>> labels = {{"number", "编号", "Number"},
                                                          {"organisation", "单位", "Organisation"},
                                                          {"mine", "矿山", "Mine"},
                                                          {"title", "隐患简述", "Title"},
                                                          {"description", "详细描述", "Description"},
                                                          {"level", "等级", "Level"},
                                                          {"tags", "标签", "Tags"},
                                                          {"found_at", "发现时间", "Found at"},
                                                          {"found_by", "发现人", "Found by"},
                                                          {"responsible", "责任人", "Responsible person"},
                                                          {"deadline", "整改期限", "Deadline"},
                                                          {"money", "整改资金", "Money"},
                                                          {"depth", "深度", "Depth"},
                                                          {"people", "人数", "People"},
                                                          {"urgent", "紧急", "Urgent"},
                                                          {"photos", "照片", "Photos"}};
  for (auto& type : catalog->record_types) {
    for (auto& field : type.fields) {
      for (const auto& [name, zh, en] : labels) {
        if (type.name == "hazard" && field.name == name) field.label = {zh, en};
      }
    }
    if (type.name == "hazard") type.label = {"隐患", "Hazard"};
    if (type.name == "mine") type.label = {"矿山", "Mine"};
  }
  auto device = fx::record_type(
      "device", "organisation", "name",
      {fx::with_default(fx::required(fx::field("organisation", pack::FieldType::reference, "organisation")),
                        "my_organisation"),
       fx::required(fx::field("code", pack::FieldType::text)),
       fx::required(fx::field("name", pack::FieldType::text)), fx::field("power", pack::FieldType::decimal),
       fx::system(fx::with_default(fx::field("withdrawn", pack::FieldType::boolean), "false"))});
  device.label = {"设备", "Device"};
  device.fields[1].label = {"设备编码", "Code"};
  device.fields[2].label = {"名称", "Name"};
  device.fields[3].label = {"功率", "Power"};
  device.unique = {{"code"}};
  device.list_fields = {"code", "name"};
  device.access.create = device.access.update = {"officer"};
  catalog->record_types.push_back(device);
  return catalog;
}

/// Headers of the hazard sheets below.
const std::string kHead = row(1, t("A1", "序号") + t("B1", "矿山") + t("C1", "隐患简述 *") + t("D1", "等级") +
                                     t("E1", "发现时间") + t("F1", "整改资金（元）"));

std::string hazards(const std::string& rows, const std::string& after = {}) {
  return workbook({{"台账", kHead + rows, false, {}, after}});
}

class LedgerTest : public db::OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (IsSkipped()) return;
    country = std::make_unique<record::fixture::Country>(GetParam(), ledger_catalog());
    open();
  }
  void open(ImportLimits limits = {}) {
    imports.reset();
    imports = must(open_imports(store(), country->clock, limits));
  }
  record::Store& store() { return *country->store; }

  ImportView begun(const std::string& bytes, const Actor& who, const std::string& type = "hazard") {
    auto view = must(imports->begin(who, type, "a.xlsx", bytes, {}));
    imports->wait();
    return must(imports->get(who, view.id));
  }
  ImportView begun(const std::string& bytes) { return begun(bytes, country->officer); }
  ImportView applied(const ImportView& view, bool skip = false) {
    must(imports->apply(country->officer, view.id, skip));
    imports->wait();
    return must(imports->get(country->officer, view.id));
  }
  ImportView undone(const ImportView& view) {
    must(imports->undo(country->officer, view.id));
    imports->wait();
    return must(imports->get(country->officer, view.id));
  }
  /// "new 2, changed 0, unchanged 0, faulty 1"
  static std::string fates(const ImportView& view) {
    const Json& c = view.preview["counts"];
    return fmt::format("new {}, changed {}, unchanged {}, faulty {}", *c["new"].integer(),
                       *c["changed"].integer(), *c["unchanged"].integer(), *c["faulty"].integer());
  }
  static std::int64_t count(const ImportView& view, const char* name) { return *view.counts[name].integer(); }
  /// "C3 required" of every fault.
  static std::vector<std::string> faults(const ImportView& view) {
    std::vector<std::string> out;
    for (const Json& f : *view.preview["faults"].array())
      out.push_back(fmt::format("{} {}", f.text("cell"), f.text("code")));
    return out;
  }
  std::vector<Record> all(const std::string& type, const Actor& who) {
    record::ListQuery query;
    query.type = type;
    query.limit = 500;
    query.descending = false;
    return must(store().list(who, query)).records;
  }
  std::int64_t log_length() { return must(store().verify()).entries; }

  std::unique_ptr<record::fixture::Country> country;
  std::unique_ptr<Imports> imports;
};

TEST_P(LedgerTest, AFileIsLookedAtThenWrittenWithItsLinesInTheLog) {
  const auto view =
      begun(hazards(row(2, n("A2", "1") + t("B2", "矿A") + t("C2", "顶板破碎") + t("D2", "重大") +
                               n("E2", "46034.5", 2) + n("F2", "1200.5")) +
                    row(3, n("A3", "2") + t("B3", "A") + t("C3", "通风不足") + t("D3", "ordinary") +
                               t("E3", "2026年1月12日 8:05") + t("F3", "1,200"))));
  EXPECT_EQ(view.state, "checked") << view.trouble.en;
  EXPECT_EQ(fates(view), "new 2, changed 0, unchanged 0, faulty 0") << view.preview.dump();
  EXPECT_TRUE(all("hazard", country->officer).empty()) << "looking writes nothing";
  const auto done = applied(view);
  EXPECT_EQ(done.state, "applied") << done.trouble.en;
  EXPECT_EQ(count(done, "created"), 2);
  const auto records = all("hazard", country->officer);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].text("title"), "顶板破碎");
  EXPECT_EQ(records[0].text("level"), "major");
  EXPECT_EQ(format_beijing(records[0].time("found_at")->utc_ms), "2026-01-12 12:00:00");
  EXPECT_EQ(*records[0].number("money"), 120050);
  EXPECT_EQ(format_beijing(records[1].time("found_at")->utc_ms), "2026-01-12 08:05:00");
  EXPECT_EQ(*records[1].number("money"), 120000);
  EXPECT_EQ(records[1].reference("mine"), country->mine_a);
  const auto history = must(store().history(country->officer, "hazard", records[0].id));
  EXPECT_EQ(history[0].actor, "anna");
  EXPECT_THAT(history[0].reason, HasSubstr("第 2 行"));
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(LedgerTest, TheSameFileAgainChangesNothing) {
  const std::string rows = row(2, t("B2", "矿A") + t("C2", "顶板破碎") + n("F2", "5")) +
                           row(3, t("B3", "矿A") + t("C3", "通风不足"));
  applied(begun(hazards(rows)));
  const auto before = log_length();
  // The columns moved, and the spelling of a number: still the same rows.
  const std::string moved =
      workbook({{"台账", row(1, t("A1", "整改资金") + t("B1", "Title") + t("C1", "矿山")) +
                             row(5, t("A5", "5.00") + t("B5", "顶板破碎") + t("C5", "矿A")) +
                             row(9, t("B9", "通风不足") + t("C9", "A"))}});
  for (const auto& bytes : {hazards(rows), moved}) {
    const auto again = begun(bytes);
    EXPECT_EQ(fates(again), "new 0, changed 0, unchanged 2, faulty 0") << again.preview.dump();
    EXPECT_EQ(count(applied(again), "created"), 0);
  }
  EXPECT_EQ(all("hazard", country->officer).size(), 2u);
  EXPECT_EQ(log_length(), before + 2) << "only that two imports were done";
}

TEST_P(LedgerTest, RowsWithAKeyChangeWhatIsThere) {
  const auto head = row(1, t("A1", "设备编码") + t("B1", "名称") + t("C1", "功率"));
  const auto file = [&](const std::string& rows) { return workbook(head + rows); };
  applied(begun(file(row(2, t("A2", "E-1") + t("B2", "局扇") + n("C2", "11")) +
                     row(3, t("A3", "E-2") + t("B3", "水泵") + n("C3", "22"))),
                country->officer, "device"));
  const auto view =
      begun(file(row(2, t("A2", "E-1") + t("B2", "主扇")) + row(3, t("A3", "E-2") + t("B3", "水泵")) +
                 row(4, t("A4", "E-3") + t("B4", "皮带"))),
            country->officer, "device");
  EXPECT_EQ(fates(view), "new 1, changed 1, unchanged 1, faulty 0");
  const auto done = applied(view);
  EXPECT_EQ(count(done, "created"), 1);
  EXPECT_EQ(count(done, "updated"), 1);
  EXPECT_EQ(all("device", country->officer)[0].text("name"), "主扇");
  EXPECT_EQ(*all("device", country->officer)[0].number("power"), 11) << "an empty cell leaves the field";
  // Taken back: the change is put back, the new one is withdrawn and gives its key free.
  const auto back = undone(done);
  EXPECT_EQ(back.state, "undone") << back.trouble.en;
  EXPECT_EQ(count(back, "restored"), 1);
  EXPECT_EQ(count(back, "withdrawn"), 1);
  const auto devices = all("device", country->officer);
  EXPECT_EQ(devices[0].text("name"), "局扇");
  EXPECT_TRUE(std::get<bool>(devices[2].fields.at("withdrawn")));
  const auto corrected = begun(file(row(2, t("A2", "E-3") + t("B2", "皮带机"))), country->officer, "device");
  EXPECT_EQ(fates(corrected), "new 1, changed 0, unchanged 0, faulty 0") << corrected.preview.dump();
  EXPECT_TRUE(must(store().verify()).ok);
}

TEST_P(LedgerTest, UndoLeavesWhatSomebodyChanged) {
  const auto done =
      applied(begun(hazards(row(2, t("B2", "矿A") + t("C2", "一")) + row(3, t("B3", "矿A") + t("C3", "二")) +
                            row(4, t("B4", "矿A") + t("C4", "三")))));
  const auto records = all("hazard", country->officer);
  must(store().update(country->officer, "hazard", records[1].id, 1, {{"title", std::string("二改")}}));
  const auto back = undone(done);
  EXPECT_EQ(count(back, "withdrawn"), 2);
  EXPECT_EQ(count(back, "kept"), 1);
  const auto kept = must(imports->rows(country->officer, done.id, 0, 10, "kept"));
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].row, 3);
  EXPECT_EQ(kept[0].record, records[1].id);
  EXPECT_THAT(kept[0].faults.at(0).words.zh, HasSubstr("anna"));
  const auto after = all("hazard", country->officer);
  EXPECT_EQ(after[0].state, "withdrawn");
  EXPECT_EQ(after[1].state, "found");
  EXPECT_EQ(after[1].text("title"), "二改");
  const auto history = must(store().history(country->officer, "hazard", records[0].id));
  EXPECT_EQ(history.back().action, "step:withdraw");
  EXPECT_EQ(history.back().actor, "anna");
  // What was taken back is new again, and nothing can be taken back twice.
  EXPECT_EQ(fates(begun(hazards(row(2, t("B2", "矿A") + t("C2", "一"))))),
            "new 1, changed 0, unchanged 0, faulty 0");
  EXPECT_EQ(imports->undo(country->officer, done.id).error().code, Errc::conflict);
}

TEST_P(LedgerTest, EveryFaultIsNamedAtItsCell) {
  const std::string many(201, 'x');
  const auto view = begun(
      hazards(row(2, t("B2", "没有的矿") + t("C2", "一")) + row(3, t("B3", "矿A")) +
                  row(4, t("B4", "矿A") + t("C4", "四") + t("D4", "特大")) +
                  row(5, t("B5", "矿A") + f("C5", "1+1", "2")) +
                  row(6, t("B6", "矿A") + t("C6", "六") + t("E6", "2026-02-30")) +
                  row(7, t("B7", "矿A") + t("C7", "七") + n("F7", "-3")) +
                  row(8, t("B8", "矿A") + t("C8", "八") + t("F8", "12.345")) +
                  row(9, t("B9", "矿A") + t("C9", many)) + row(10, t("B10", "矿X") + t("C10", "十")) +
                  row(11, t("B11", "矿A") + t("C11", "好的")) + row(12, t("B12", "矿A") + t("C12", "好的")) +
                  row(13, t("B13", "矿A") + t("C13", "合并")) +
                  row(14, t("B14", "矿A") + n("C14", "110101199003074514")) +
                  row(15, t("B15", "矿A") + R"(<c r="C15" t="e"><v>#N/A</v></c>)"),
              R"(<mergeCells><mergeCell ref="B13:C13"/></mergeCells>)"));
  EXPECT_THAT(faults(view), UnorderedElementsAre("B2 not_found", "C3 required", "D4 unknown_code",
                                                 "C5 formula", "E6 bad_format", "F7 out_of_range",
                                                 "F8 bad_format", "C9 too_long", "B10 not_found",
                                                 " duplicate", "B13 merged", "C14 bad_format", "C15 error"));
  for (const Json& fault : *view.preview["faults"].array()) {
    EXPECT_FALSE(fault["words"].text("zh").empty()) << fault.dump();
    EXPECT_FALSE(fault["words"].text("en").empty()) << fault.dump();
    EXPECT_EQ(fault["words"].text("en").find("No translation"), std::string::npos);
  }
  const Json& level = view.preview["faults"].array()->at(2);
  EXPECT_EQ(level["words"].text("zh"), "填写的是“特大”，应为其中之一：一般、重大、好");
  EXPECT_EQ(level["words"].text("en"), "found \"特大\", expected one of: Ordinary, Major, Good");
  // Nothing, or the good rows: as it is chosen.
  EXPECT_EQ(imports->apply(country->officer, view.id, false).error().code, Errc::conflict);
  EXPECT_TRUE(all("hazard", country->officer).empty());
  const auto done = applied(view, true);
  EXPECT_EQ(count(done, "created"), 1);
  EXPECT_EQ(count(done, "refused"), 13);
  EXPECT_EQ(must(imports->rows(country->officer, done.id, 5, 2, "refused")).at(0).row, 6);
}

TEST_P(LedgerTest, NothingHiddenOrUnknownIsReadOrDroppedSilently) {
  const std::string sheet =
      row(1, t("A1", "矿山") + t("B1", "隐患简述") + t("C1", "备注") + t("D1", "照片") + t("E1", "编号")) +
      row(2, t("A2", "矿A") + t("B2", "看得见") + t("C2", "x") + t("D2", "有")) +
      row(3, t("A3", "矿A") + t("B3", "看不见"), true) +
      row(4, t("A4", "矿A") + t("B4", "三") + t("H4", "?"));
  const std::string bytes =
      workbook({{"台账", sheet, false, R"(<cols><col min="2" max="2" hidden="1"/></cols>)"},
                {"去年", row(1, t("A1", "矿山"))},
                {"底稿", row(1, t("A1", "矿山")), true}});
  auto view = begun(bytes);
  const Json& p = view.preview;
  EXPECT_EQ(p["undecided"].dump(), R"(["unknown_columns","hidden_rows"])");
  EXPECT_EQ(p["columns"].array()->at(2).text("use"), "unknown");
  EXPECT_EQ(p["columns"].array()->at(3).text("use"), "files");
  EXPECT_EQ(p["stray_columns"].dump(), R"(["H"])");
  EXPECT_EQ(p["hidden"].dump(), "[3]");
  EXPECT_EQ(p["hidden_columns"].dump(), R"(["B"])");
  EXPECT_EQ(p["hidden_sheets"].dump(), R"(["底稿"])");
  EXPECT_EQ(p["other_sheets"].dump(), R"(["去年"])");
  EXPECT_EQ(imports->apply(country->officer, view.id, true).error().code, Errc::conflict);
  Options options;
  options.ignore_unknown_columns = true;
  options.hidden_rows = HiddenRows::skip;
  must(imports->check(country->officer, view.id, options));
  imports->wait();
  view = must(imports->get(country->officer, view.id));
  EXPECT_EQ(fates(view), "new 2, changed 0, unchanged 0, faulty 0");
  options.hidden_rows = HiddenRows::read;
  must(imports->check(country->officer, view.id, options));
  imports->wait();
  view = must(imports->get(country->officer, view.id));
  EXPECT_EQ(fates(view), "new 3, changed 0, unchanged 0, faulty 0");
  EXPECT_EQ(count(applied(view), "created"), 3);
}

TEST_P(LedgerTest, WhatStopsIsGoneOnWithWhereItEnded) {
  ImportLimits limits;
  limits.batch = 2;
  open(limits);
  std::string rows;
  for (int i = 2; i < 9; ++i)
    rows += row(i, t(fmt::format("B{}", i), "矿A") + t(fmt::format("C{}", i), fmt::format("第 {} 条", i)));
  const std::string bytes = hazards(rows);
  auto view = begun(bytes);
  std::atomic<std::int64_t> done{0}, total{0};
  const std::atomic<bool> stop{true};
  must(
      apply_file({store(), country->clock, limits, country->officer, done, total, stop}, bytes, false, view));
  EXPECT_EQ(view.state, "stopped");
  EXPECT_EQ(all("hazard", country->officer).size(), 2u) << "the batch that ran was finished";
  EXPECT_EQ(count(applied(view), "created"), 7);
  EXPECT_EQ(all("hazard", country->officer).size(), 7u);
  // A node that ended meanwhile: the import says so, and can be gone on with.
  must(store().database().write([&](db::Connection& c) -> Status {
    MW_TRY(c.execute("UPDATE ledger_import SET state = 'undoing' WHERE id = $1", {view.id.value}));
    return {};
  }));
  open(limits);
  const auto interrupted = must(imports->get(country->officer, view.id));
  EXPECT_EQ(interrupted.state + " " + interrupted.phase, "interrupted undoing");
  EXPECT_EQ(count(undone(view), "withdrawn"), 7);
}

TEST_P(LedgerTest, NobodyReachesBeyondHisScopeAndRoles) {
  const Record foreign = country->hazard(country->foreign, country->mine_x, "邻县的隐患");
  const std::string bytes = workbook(row(1, t("A1", "记录号") + t("B1", "矿山") + t("C1", "隐患简述")) +
                                     row(2, t("A2", foreign.id.text()) + t("B2", "矿A") + t("C2", "夺来")) +
                                     row(3, t("B3", "矿X") + t("C3", "放到邻县")));
  const auto view = begun(bytes);
  EXPECT_THAT(faults(view), UnorderedElementsAre("A2 not_found", "B3 not_found"));
  // An import is its account's own.
  EXPECT_EQ(imports->get(country->foreign, view.id).error().code, Errc::not_found);
  EXPECT_EQ(imports->apply(country->foreign, view.id, true).error().code, Errc::not_found);
  EXPECT_EQ(imports->undo(country->foreign, view.id).error().code, Errc::not_found);
  EXPECT_TRUE(must(imports->list(country->foreign, "", 10)).empty());
  EXPECT_EQ(refused(imports->begin(country->reviewer, "hazard", "a.xlsx", bytes, {})).error.code,
            Errc::forbidden);
  // Neither does a list that is taken out.
  ExportRequest request;
  request.query.type = "hazard";
  const std::string sheet = must(export_ledger(store(), country->officer, country->clock, request));
  std::string texts;
  const auto book = must(Workbook::open(sheet));
  for (std::size_t i = 0; i < book.sheets().size(); ++i) {
    must(book.rows(i, [&](Row& r) {
      for (const auto& cell : r.cells) texts += cell.text + "\n";
      return Status();
    }));
  }
  EXPECT_EQ(texts.find("邻县"), std::string::npos);
}

TEST_P(LedgerTest, NoTextBecomesAFormula) {
  const std::vector<std::string> titles = {"=1+1",   "+86", "-3 度", "@SUM(A1)", "\t=2", "=HYPERLINK(\"x\")",
                                           "_x0041_"};
  for (const auto& title : titles)
    country->hazard(country->officer, country->mine_a, title,
                    {{"description", std::string("=cmd|' /C calc'!A0\n二")}});
  ExportRequest request;
  request.query.type = "hazard";
  request.query.descending = false;
  request.columns = {"title", "description", "mine", "found_at", "money", "state"};
  const std::string bytes = must(export_ledger(store(), country->officer, country->clock, request));
  const auto book = must(Workbook::open(bytes));
  std::vector<std::string> found;
  must(book.rows(0, [&](Row& r) {
    for (const auto& cell : r.cells) {
      EXPECT_FALSE(cell.formula) << cell_name(cell.column, r.number);
      if (r.number > 4 && cell.column == 2) found.push_back(cell.text);
    }
    return Status();
  }));
  EXPECT_EQ(found, titles);
}

TEST_P(LedgerTest, WhatIsExportedComesBackUnchanged) {
  country->hazard(country->officer, country->mine_a, "甲",
                  {{"level", std::string("major")},
                   {"tags", std::vector<std::string>{"gas", "fire"}},
                   {"deadline", *parse_date("2026-02-01")},
                   {"money", std::int64_t{123456}},
                   {"depth", -3.25},
                   {"people", std::int64_t{12}},
                   {"urgent", true},
                   {"responsible", country->officer.account},
                   {"description", std::string("第一行\n第二行 <&> \"引号\"")}});
  country->hazard(country->officer, country->mine_a, "乙");
  for (const bool english : {false, true}) {
    ExportRequest request;
    request.query.type = "hazard";
    request.english = english;
    const auto before = log_length();
    const auto view = begun(must(export_ledger(store(), country->officer, country->clock, request)));
    EXPECT_EQ(fates(view), "new 0, changed 0, unchanged 2, faulty 0") << view.preview.dump();
    EXPECT_EQ(view.preview["undecided"].dump(), "[]") << view.preview.dump();
    EXPECT_EQ(log_length(), before + 1) << "the export is in the log";
  }
}

TEST_P(LedgerTest, ATemplateIsUnderstoodAndItsExampleLeftOut) {
  for (const bool english : {false, true}) {
    const std::string bytes =
        must(ledger_template(store(), country->officer, country->clock, "hazard", english));
    const auto view = begun(bytes);
    EXPECT_EQ(view.state, "checked") << view.trouble.en;
    EXPECT_EQ(*view.preview["rows"].integer(), 0);
    EXPECT_EQ(*view.preview["examples"].integer(), 1);
    EXPECT_EQ(view.preview["undecided"].dump(), "[]");
    for (const Json& column : *view.preview["columns"].array())
      EXPECT_NE(column.text("use"), "unknown") << column.dump();
    const auto other = begun(bytes, country->officer, "device");
    EXPECT_EQ(other.state, "refused");
    EXPECT_THAT(other.trouble.zh, HasSubstr("另一种台账"));
  }
  EXPECT_EQ(ledger_template(store(), country->reviewer, country->clock, "hazard", false).error().code,
            Errc::forbidden);
}

TEST_P(LedgerTest, TooManyRowsAreNamed) {
  std::string rows;
  for (int i = 2; i < 100'003; ++i) rows += fmt::format(R"(<row r="{}"><c r="C{}"><v>1</v></c></row>)", i, i);
  const auto view = begun(hazards(rows));
  EXPECT_EQ(view.state, "refused");
  EXPECT_THAT(view.trouble.en, HasSubstr("more than 100000 rows"));
  const auto wrong = refused(imports->begin(country->officer, "hazard", "a.xls", "编号,矿山", {}));
  EXPECT_EQ(wrong.faults.at(0).field, "file");
  EXPECT_THAT(wrong.faults.at(0).words.zh, HasSubstr("文本文件"));
}

MW_ON_BOTH_ENGINES(LedgerTest);

}  // namespace
}  // namespace mineward::ledger
