// What a figure counts. All figures are worked by hand from the records that the test makes.
#include "report/form_testing.h"

namespace mineward::report {
namespace {

using fixture::must;
using fixture::refused;
using fixture::ReportTest;
using fixture::World;

MW_ON_BOTH_ENGINES(ReportTest);

/// January 2026, with everything that must not slip into it or out of it.
void january(World& w) {
  w.hazard(w.mine_a, "2025-12-31T23:59:59.999+08:00",
           "2026-01-05T10:00:00+08:00");                // found before, fixed within
  w.hazard(w.mine_a, "2026-01-01T00:00:00.000+08:00");  // the first millisecond
  w.hazard(w.mine_b, "2026-01-31T23:59:59.999+08:00",
           "2026-02-01T00:00:00.000+08:00");            // the last; fixed after
  w.hazard(w.mine_a, "2026-02-01T00:00:00.000+08:00");  // the next month's first
  w.hazard(w.mine_a, "2026-01-15T08:00:00+08:00", "2026-01-20T08:00:00+08:00");
  w.hazard(w.mine_a, "2026-01-10T08:00:00+08:00", "", "major");  // another level
  w.hazard(w.mine_x, "2026-01-10T08:00:00+08:00");               // the neighbour county's
  w.hazard(w.mine_c, "2026-01-11T08:00:00+08:00");               // a mine under the city itself
  w.inspection(w.county, w.mine_a, "2026-01-01");
  w.inspection(w.county, w.mine_b, "2026-01-31");
  w.inspection(w.county, w.mine_b, "2025-12-31");
  w.inspection(w.county, w.mine_b, "2026-02-01");
  w.inspection(w.city, w.mine_a, "2026-01-12");  // the city's, though the mine is the county's
  w.inspection(w.neighbour, w.mine_x, "2026-01-12");
  w.penalty(w.county, w.mine_a, "2026-01-03", 12345678);
  w.penalty(w.county, w.mine_b, "2026-01-04", 1);
  w.penalty(w.county, w.mine_b, "2026-02-04", 50000);
  w.team(w.county, "2026-01-10", 5);
  w.team(w.county, "2026-01-31", 7);
}

TEST_P(ReportTest, CountsWhatBelongsToTheUnitAndTheMonth) {
  january(w());
  const struct {
    const char* why;
    const record::Actor& who;
    record::RecordId unit;
    Month month;
    const char* row;
    const char* want;  // mines, inspections, found, rectified, share, fines, inspectors
  } cases[] = {
      {"edges of the month", w().carl, w().county, {2026, 1}, "month", "2 2 3 2 66.7 12.35 12"},
      {"cumulative begins with the month",
       w().carl,
       w().county,
       {2026, 1},
       "cumulative",
       "2 2 3 2 66.7 12.35 12"},
      {"found in one month, fixed in the next",
       w().carl,
       w().county,
       {2026, 2},
       "month",
       "2 1 1 1 100.0 0.05 0"},
      {"fen are added before they are divided",
       w().carl,
       w().county,
       {2026, 2},
       "cumulative",
       "2 3 4 3 75.0 12.40 12"},
      {"the month before; no mine was there yet",
       w().carl,
       w().county,
       {2025, 12},
       "month",
       "0 1 1 0 0.0 0.00 0"},
      {"cumulative has not begun", w().carl, w().county, {2025, 12}, "cumulative", "0 0 0 0 - 0.00 0"},
      {"the city counts itself, not its counties",
       w().cindy,
       w().city,
       {2026, 1},
       "month",
       "1 1 1 0 0.0 0.00 0"},
      {"the neighbour", w().nora, w().neighbour, {2026, 1}, "month", "1 1 1 0 0.0 0.00 0"},
      {"a share of nothing is blank", w().nora, w().neighbour, {2025, 12}, "month", "0 0 0 0 - 0.00 0"},
      {"the city looks into its county", w().cindy, w().county, {2026, 1}, "month", "2 2 3 2 66.7 12.35 12"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(w().line(c.who, c.unit, c.row, c.month), c.want);
  }
}

TEST_P(ReportTest, AStockIsWhatIsThereAtTheEndOfTheMonth) {
  w().clock.set(ArrivalTime{parse_time("2026-02-28T23:59:59.999+08:00")->utc_ms});
  w().mine("990101000009", w().county);
  w().clock.advance(Millis(1));
  w().mine("990101000008", w().county);
  EXPECT_EQ(w().line(w().carl, w().county, "month", {2026, 1}).substr(0, 1), "2");
  EXPECT_EQ(w().line(w().carl, w().county, "month", {2026, 2}).substr(0, 1), "3");
  EXPECT_EQ(w().line(w().carl, w().county, "cumulative", {2026, 2}).substr(0, 1), "3");
  EXPECT_EQ(w().line(w().carl, w().county, "month", {2026, 3}).substr(0, 1), "4");
}

TEST_P(ReportTest, NobodySeesAUnitOutsideHisScope) {
  const auto code = [&](const record::Actor& who, record::RecordId unit) {
    const auto page = w().forms->page(who, w().form(), unit, {2026, 1});
    return page ? std::string("seen") : std::string(name_of(page.error().code));
  };
  EXPECT_EQ(code(w().nora, w().county), "not_found");
  EXPECT_EQ(code(w().carl, w().city), "not_found");
  EXPECT_EQ(code(w().carl, w().county), "seen");
  EXPECT_EQ(code(w().paul, w().county), "seen");
  EXPECT_EQ(code(w().paul, w().province), "not_found") << "the province files no form";
  EXPECT_EQ(code(w().paul, record::RecordId{12345}), "not_found");
  const auto rows = w().forms->records(w().nora, w().form(), w().county, {2026, 1}, {"month", 3}, 50, "");
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, Errc::not_found);
  const auto sum = w().forms->summary(w().nora, w().form(), w().county, {2026, 1});
  ASSERT_FALSE(sum.ok());
  EXPECT_EQ(sum.error().code, Errc::not_found);
}

TEST_P(ReportTest, TheRecordsBehindAFigureAddUpToIt) {
  january(w());
  const auto rows = [&](int column, int limit, const std::string& after = {}) {
    return must(
        w().forms->records(w().carl, w().form(), w().county, {2026, 1}, {"month", column}, limit, after));
  };
  const FigureRecords first = rows(3, 2);
  EXPECT_EQ(first.total, 3);
  EXPECT_EQ(number_of(first.sum), 3);
  ASSERT_EQ(first.records.size(), 2u);
  EXPECT_EQ(first.records[0].at.utc_ms, parse_time("2026-01-01T00:00:00+08:00")->utc_ms);
  const FigureRecords second = rows(3, 2, first.next);
  ASSERT_EQ(second.records.size(), 1u);
  EXPECT_EQ(second.records[0].at.utc_ms, parse_time("2026-01-31T23:59:59.999+08:00")->utc_ms);
  EXPECT_EQ(second.next, "");
  const FigureRecords fines = rows(6, 50);
  EXPECT_EQ(fines.total, 2);
  EXPECT_DOUBLE_EQ(number_of(fines.sum), 12.345679);
  EXPECT_DOUBLE_EQ(number_of(*fines.records[0].adds), 12.345678);
  const auto share = w().forms->records(w().carl, w().form(), w().county, {2026, 1}, {"month", 5}, 50, "");
  EXPECT_EQ(share.ok() ? "listed" : name_of(share.error().code), "bad_input");
}

TEST_P(ReportTest, ARecordOfSomebodyElseIsCountedButNotShown) {
  w().inspection(w().county, w().mine_a, "2026-01-10");
  w().inspection(w().county, w().mine_x, "2026-01-11");  // a crossed inspection in the neighbour county
  const auto rows =
      must(w().forms->records(w().carl, w().form(), w().county, {2026, 1}, {"month", 2}, 50, ""));
  EXPECT_EQ(rows.total, 2);
  EXPECT_EQ(rows.hidden, 1);
  EXPECT_EQ(rows.records.size(), 1u);
  EXPECT_EQ(
      must(w().forms->records(w().cindy, w().form(), w().county, {2026, 1}, {"month", 2}, 50, "")).hidden, 0);
}

TEST(Figure, IsPrintedWithTheDigitsOfItsColumn) {
  pack::FormColumn whole, two;
  two.decimals = 2;
  const struct {
    double number;
    const char *in_whole, *in_two;
  } cases[] = {{0, "0", "0.00"},     {3, "3", "3.00"},        {12.345678, "12", "12.35"},
               {0.005, "0", "0.01"}, {0.004999, "0", "0.00"}, {99.999, "100", "100.00"},
               {-0.001, "0", "0.00"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.number);
    EXPECT_EQ(text_of(whole, figure_of(c.number)), c.in_whole);
    EXPECT_EQ(text_of(two, figure_of(c.number)), c.in_two);
  }
  EXPECT_EQ(text_of(two, std::nullopt), "");
  EXPECT_FALSE(figure_of(1e300));
}

TEST(Month, IsReadStrictly) {
  EXPECT_EQ(parse_month("2026-01")->text(), "2026-01");
  for (const char* bad :
       {"", "2026", "2026-1", "2026-13", "2026-00", "2026-01-01", "1026-01", "2026/01", "+026-01"})
    EXPECT_FALSE(parse_month(bad).ok()) << bad;
}

}  // namespace
}  // namespace mineward::report
