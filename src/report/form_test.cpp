// The life of a filing: who may do what, when, and what stays.
#include "base/text.h"
#include "report/form_testing.h"

namespace mineward::report {
namespace {

using fixture::faults;
using fixture::must;
using fixture::refused;
using fixture::ReportTest;
using fixture::World;

class FilingTest : public ReportTest {
 protected:
  void SetUp() override {
    ReportTest::SetUp();
    if (IsSkipped()) return;
    w().hazard(w().mine_a, "2026-01-02T08:00:00+08:00", "2026-01-20T08:00:00+08:00");
    w().hazard(w().mine_a, "2026-01-03T08:00:00+08:00");
    now("2026-02-03T09:00:00+08:00");
  }
  void now(const char* time) { w().clock.set(ArrivalTime{parse_time(time)->utc_ms}); }

  FormPage open(const Actor& who, record::RecordId unit) {
    return must(w().forms->open(who, w().form(), unit, {2026, 1}));
  }
  Outcome<FormPage> edit(const Actor& who, const FormPage& page, FilingEdit edit) {
    return w().forms->edit(who, page.filing->id, page.filing->version, edit);
  }
  Outcome<FormPage> step(const Actor& who, const FormPage& page, FilingStep step,
                         std::string_view reason = {}) {
    return w().forms->step(who, page.filing->id, page.filing->version, step, reason);
  }
  FormPage with_footer(const Actor& who, record::RecordId unit) {
    const FormPage page = open(who, unit);
    return must(edit(who, page, {{}, "张三", "0800-1234", {}, {}}));
  }
  FormPage filed(const Actor& who, record::RecordId unit) {
    return must(step(who, with_footer(who, unit), FilingStep::file));
  }
  static FilingEdit correct(int column, double value, std::string reason) {
    FilingEdit out;
    out.corrections.push_back({{"month", column}, value, std::move(reason)});
    return out;
  }
  static std::string list(const std::vector<std::string>& words) { return mineward::join(words, " "); }
};
MW_ON_BOTH_ENGINES(FilingTest);

TEST_P(FilingTest, OnlyAnOfficerOfTheUnitOpensIt) {
  EXPECT_EQ(refused(w().forms->open(w().cindy, w().form(), w().county, {2026, 1})).error.code,
            Errc::forbidden);
  EXPECT_EQ(refused(w().forms->open(w().nora, w().form(), w().county, {2026, 1})).error.code,
            Errc::not_found);
  EXPECT_EQ(refused(w().forms->open(w().carl, w().form(), w().county, {2026, 3})).error.code,
            Errc::bad_input);
  EXPECT_EQ(list(w().page(w().carl, w().county).can), "open");
  const FormPage page = open(w().carl, w().county);
  EXPECT_EQ(page.filing->state, "draft");
  EXPECT_EQ(list(page.can), "edit file");
  EXPECT_EQ(refused(w().forms->open(w().carl, w().form(), w().county, {2026, 1})).error.code, Errc::conflict);
  EXPECT_EQ(list(w().page(w().cindy, w().county).can), "");
  // 2026-01-31 was a Saturday: the fifth working day is Friday the 6th (no notice names another day here).
  EXPECT_EQ(format_beijing(page.due_at->utc_ms + 1), "2026-02-07 00:00:00");
}

TEST_P(FilingTest, ACorrectionNeedsAReason) {
  FormPage page = open(w().carl, w().county);
  const auto why = [&](FilingEdit wanted) {
    return faults(refused(edit(w().carl, page, std::move(wanted))));
  };
  EXPECT_EQ(why(correct(3, 5, "")), "cells.month.3 reason_required");
  EXPECT_EQ(why(correct(3, 5, "  ")), "cells.month.3 reason_required");
  EXPECT_EQ(why(correct(3, -1, "x")), "cells.month.3 out_of_range");
  EXPECT_EQ(why(correct(3, 2.5, "x")), "cells.month.3 bad_format");
  EXPECT_EQ(why(correct(5, 50, "x")), "cells.month.5 read_only");
  EXPECT_EQ(why(correct(9, 50, "x")), "cells.month.9 not_found");
  EXPECT_EQ(w().line(w().carl, w().county, "month"), "2 0 2 1 50.0 0.00 0");

  page = must(edit(w().carl, page, correct(3, 2, "")));
  EXPECT_FALSE(page.cells["month"][3].corrected) << "equal to what is counted: no correction";
  page = must(edit(w().carl, page, correct(3, 4, "纸质台账两条未录入")));
  const CellView cell = page.cells["month"][3];
  EXPECT_TRUE(cell.corrected);
  EXPECT_EQ(cell.reason, "纸质台账两条未录入");
  EXPECT_EQ(cell.corrected_by, w().carl.account);
  EXPECT_EQ(number_of(*cell.now), 2);
  EXPECT_EQ(w().line(page.values().at("month")), "2 0 4 1 25.0 0.00 0") << "the share follows";
  EXPECT_EQ(w().line(page.values().at("cumulative")), "2 0 2 1 50.0 0.00 0");
  EXPECT_EQ(page.history.back().action, "correct");
  EXPECT_EQ(page.history.back().actor, "carl");
  EXPECT_EQ(page.history.back().column, 3);

  FilingEdit clear;
  clear.clear.push_back({"month", 3});
  page = must(edit(w().carl, page, clear));
  EXPECT_EQ(w().line(page.values().at("month")), "2 0 2 1 50.0 0.00 0");
  EXPECT_EQ(page.history.back().action, "clear");
}

TEST_P(FilingTest, AnIncompleteFooterIsNotFiled) {
  const FormPage page = open(w().carl, w().county);
  EXPECT_EQ(faults(refused(step(w().carl, page, FilingStep::file))), "compiler required, contact required");
  const FormPage half = must(edit(w().carl, page, {{}, "张三", "  ", {}, {}}));
  EXPECT_EQ(faults(refused(step(w().carl, half, FilingStep::file))), "contact required");
}

TEST_P(FilingTest, AMonthThatIsNotOverIsNotFiled) {
  now("2026-01-31T23:59:59.999+08:00");
  const FormPage page = with_footer(w().carl, w().county);
  EXPECT_EQ(list(page.can), "edit");
  EXPECT_EQ(refused(step(w().carl, page, FilingStep::file)).error.code, Errc::conflict);
  now("2026-02-01T00:00:00+08:00");
  EXPECT_EQ(must(step(w().carl, page, FilingStep::file)).filing->state, "filed");
}

TEST_P(FilingTest, AFiledFormKeepsItsFiguresAlthoughRecordsChange) {
  FormPage page = with_footer(w().carl, w().county);
  page = must(edit(w().carl, page, correct(2, 3, "补报")));
  page = must(step(w().carl, page, FilingStep::file));
  EXPECT_EQ(format_beijing(page.filing->filed_at->utc_ms), "2026-02-03 09:00:00");
  EXPECT_EQ(format_date(*page.filing->filed_on), "2026-02-03");
  EXPECT_FALSE(page.filing->late());
  w().hazard(w().mine_b, "2026-01-05T08:00:00+08:00");
  page = w().page(w().carl, w().county);
  EXPECT_EQ(w().line(page.values().at("month")), "2 3 2 1 50.0 0.00 0");
  const CellView found = page.cells["month"][3];
  EXPECT_EQ(number_of(*found.value), 2);
  EXPECT_EQ(number_of(*found.drawn), 2);
  EXPECT_EQ(number_of(*found.now), 3);
  const CellView corrected = page.cells["month"][2];
  EXPECT_TRUE(corrected.corrected);
  EXPECT_EQ(number_of(*corrected.drawn), 0);
  EXPECT_EQ(number_of(*corrected.value), 3);
  EXPECT_EQ(refused(edit(w().carl, page, correct(3, 9, "x"))).error.code, Errc::conflict);
}

TEST_P(FilingTest, ReturnedFiledAgainAcceptedFrozen) {
  FormPage page = filed(w().carl, w().county);
  EXPECT_EQ(list(page.can), "");
  EXPECT_EQ(refused(step(w().carl, page, FilingStep::accept)).error.code, Errc::forbidden);
  EXPECT_EQ(refused(step(w().nora, page, FilingStep::accept)).error.code, Errc::not_found);
  const Actor both = w().actor("bea", w().county, {"county_officer", "city_officer"});
  EXPECT_EQ(refused(step(both, page, FilingStep::accept)).error.code, Errc::forbidden)
      << "nobody accepts the form of his own office";
  EXPECT_EQ(list(w().page(w().cindy, w().county).can), "return accept");
  EXPECT_EQ(faults(refused(step(w().cindy, page, FilingStep::return_))), "reason required");
  page = must(step(w().cindy, page, FilingStep::return_, "与检查记录不符"));
  EXPECT_EQ(page.filing->state, "returned");

  w().hazard(w().mine_b, "2026-01-05T08:00:00+08:00");
  page = w().page(w().carl, w().county);
  EXPECT_EQ(page.filing->return_reason, "与检查记录不符");
  EXPECT_EQ(list(page.can), "edit file");
  EXPECT_EQ(w().line(page.values().at("month")), "2 0 3 1 33.3 0.00 0") << "counted anew";
  now("2026-02-09T09:00:00+08:00");
  page = must(step(w().carl, page, FilingStep::file));
  EXPECT_TRUE(page.filing->late()) << "filed again after it was due";
  page = must(step(w().cindy, page, FilingStep::accept));
  EXPECT_EQ(page.filing->state, "accepted");
  EXPECT_EQ(refused(step(w().cindy, page, FilingStep::freeze)).error.code, Errc::forbidden);
  EXPECT_EQ(list(w().page(w().paul, w().county).can), "return freeze");
  page = must(step(w().paul, page, FilingStep::freeze));
  EXPECT_EQ(list(page.can), "");

  for (const FilingStep each : {FilingStep::return_, FilingStep::accept, FilingStep::freeze})
    EXPECT_EQ(refused(step(w().paul, page, each, "x")).error.code, Errc::conflict) << name_of(each);
  EXPECT_EQ(refused(step(w().carl, page, FilingStep::file)).error.code, Errc::conflict);
  EXPECT_EQ(refused(edit(w().carl, page, correct(3, 9, "x"))).error.code, Errc::conflict);
  EXPECT_EQ(w().line(page.values().at("month")), "2 0 3 1 33.3 0.00 0");

  std::string story;
  for (const auto& event : page.history) story += event.actor + ":" + event.action + " ";
  EXPECT_EQ(story, "carl:open carl:edit carl:file cindy:return carl:file cindy:accept paul:freeze ");
  EXPECT_TRUE(must(w().store->verify()).ok);
}

TEST_P(FilingTest, WhoeverWasSlowerIsTold) {
  const FormPage draft = with_footer(w().carl, w().county);
  must(edit(w().carl, draft, correct(3, 4, "x")));  // only a figure changed
  EXPECT_EQ(refused(step(w().carl, draft, FilingStep::file)).error.code, Errc::conflict);
  const FormPage page = must(step(w().carl, w().page(w().carl, w().county), FilingStep::file));
  must(step(w().cindy, page, FilingStep::accept));
  const auto late = refused(step(w().paul, page, FilingStep::return_, "x"));
  EXPECT_EQ(late.error.code, Errc::conflict);
  ASSERT_TRUE(late.current);
  EXPECT_EQ(late.current->state, "accepted");
}

TEST_P(FilingTest, ACorrectionThatRecordsCaughtUpWithIsNoCorrection) {
  FormPage page = with_footer(w().carl, w().county);
  page = must(edit(w().carl, page, correct(3, 3, "一条未录入")));
  w().hazard(w().mine_b, "2026-01-05T08:00:00+08:00");
  page = must(step(w().carl, page, FilingStep::file));
  EXPECT_FALSE(page.cells["month"][3].corrected);
  EXPECT_EQ(number_of(*page.cells["month"][3].value), 3);
}

TEST_P(FilingTest, TheProvinceAddsUpWhatWasAccepted) {
  w().hazard(w().mine_x, "2026-01-05T08:00:00+08:00");
  w().penalty(w().county, w().mine_a, "2026-01-05", 12345678);
  w().penalty(w().neighbour, w().mine_x, "2026-01-05", 1);
  const auto sum = [&](const Actor& who, record::RecordId top) {
    return must(w().forms->summary(who, w().form(), top, {2026, 1}));
  };
  const FormSummary before = sum(w().paul, w().province);
  EXPECT_EQ(w().line(before.cells.at("month")), "0 0 0 0 - 0.00 0");
  EXPECT_EQ(before.units.size(), 3u);
  EXPECT_EQ(before.missing, 3);
  EXPECT_EQ(before.late, 0);

  const FormPage first = filed(w().carl, w().county);
  EXPECT_EQ(w().line(sum(w().paul, w().province).cells.at("month")), "0 0 0 0 - 0.00 0")
      << "filed, not accepted";
  must(step(w().cindy, first, FilingStep::accept));
  EXPECT_EQ(w().line(sum(w().paul, w().province).cells.at("month")), "2 0 2 1 50.0 12.35 0");
  now("2026-02-07T00:00:00+08:00");
  const FormPage second = filed(w().nora, w().neighbour);
  must(step(w().paul, must(step(w().cindy, second, FilingStep::accept)), FilingStep::freeze));
  const FormSummary after = sum(w().paul, w().province);
  EXPECT_EQ(w().line(after.cells.at("month")), "3 0 3 1 33.3 12.35 0") << "the share is that of the sums";
  EXPECT_EQ(number_of(*after.cells.at("month").at(6)), 12.345679);
  EXPECT_EQ(after.counted, 2);
  EXPECT_EQ(after.missing, 1);
  EXPECT_EQ(after.late, 2) << "the neighbour filed after the 6th, the city not at all";
  std::string late;
  for (const auto& unit : after.units) late += unit.unit.level + (unit.late ? " late," : " ok,");
  EXPECT_EQ(late, "city late,county ok,county late,");
  EXPECT_EQ(sum(w().carl, w().county).units.size(), 1u);

  const FormPage accepted = w().page(w().cindy, w().county);
  must(step(w().cindy, accepted, FilingStep::return_, "更正"));
  EXPECT_EQ(w().line(sum(w().paul, w().province).cells.at("month")), "1 0 1 0 0.0 0.00 0")
      << "returned: out again";
}

TEST_P(FilingTest, PrintsWhatWasFiled) {
  FormPage page = with_footer(w().carl, w().county);
  FilingEdit cases;
  cases.cases = "=1+1 是文字";
  page = must(edit(w().carl, page, cases));
  const Sheet sheet = sheet_of(page);
  EXPECT_EQ(
      form_csv(sheet),
      "\xEF\xBB\xBF单位,月份,行,1.煤矿（项）,2.检查煤矿（项）,3.一般隐患-排查（项）,4.一般隐患-已整改（项）,"
      "5.一般隐患-整改率（%）,6.罚款（万元）,7.组织检查人员（项）\r\n"
      "示例county,2026-01,当月,2,0,2,1,50.0,0.00,0\r\n"
      "示例county,2026-01,累计,2,0,2,1,50.0,0.00,0\r\n");
  const Json json = form_json(sheet);
  EXPECT_EQ(json["cells"]["month"].dump(), R"({"1":2,"2":0,"3":2,"4":1,"5":50,"6":0,"7":0})");
  EXPECT_EQ(json.text("title"), "2026年1月统计表");
  EXPECT_EQ(json.text("month"), "2026-01");
  EXPECT_EQ(must(form_xlsx(sheet)).substr(0, 2), "PK");
}

}  // namespace
}  // namespace mineward::report
