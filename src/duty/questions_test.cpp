// What is asked of duties, against the whole list of them worked through by hand in the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "duty/region_testing.h"

namespace mineward::duty {
namespace {

using fixture::at;
using fixture::packs;
using fixture::Region;
using record::Record;
using record::fixture::must;
using testing::HasSubstr;

constexpr std::int64_t kDayMs = 86'400'000;

class QuestionsTest : public db::OnBothEngines {
 protected:
  void SetUp() override {
    OnBothEngines::SetUp();
    if (IsSkipped()) return;
    region = std::make_unique<Region>(GetParam());
    // Some of everything: reports in time, late and never; a stay too long; trips and claims.
    for (int day = 1; day <= 9; ++day) report(0, "2026-09-0" + std::to_string(day), "12:00:00");
    report(1, "2026-09-02", "30:00:00");
    report(1, "2026-09-03", "80:00:00");
    trip(0, "2026-09-02 08:00:00", "2026-09-02 19:00:00");
    trip(0, "2026-09-04 08:00:00", "2026-09-04 12:00:00");
    r().clock.set({at("2026-09-12 12:00:00")});
    for (const char* when : {"2026-09-04 08:20:00", "2026-09-06 08:00:00"})
      r().add("leader_visit", {{"organisation", r().mine_organisations[0]},
                               {"mine", r().mines[0]},
                               {"person", r().directors[0]},
                               {"entered_at", EventTime{at(when)}}});
  }

  /// A hazard report of `day`, confirmed so long after the day began ("30:00:00" = 06:00 of the next day).
  RecordId report(std::size_t mine, const std::string& day, const std::string& after) {
    const std::int64_t begin = at((day + " 00:00:00").c_str());
    r().clock.set({begin + std::stoi(after.substr(0, 2)) * std::int64_t{3'600'000}});
    const RecordId id = r().add("hazard_report", {{"organisation", r().mine_organisations[mine]},
                                                  {"mine", r().mines[mine]},
                                                  {"reported_on", *parse_date(day)},
                                                  {"found", std::int64_t{0}},
                                                  {"rectified", std::int64_t{0}},
                                                  {"open", std::int64_t{0}}});
    EXPECT_TRUE(r().step("hazard_report", id, "confirm"));
    return id;
  }
  void trip(std::size_t mine, const char* entered, const char* left) {
    r().add("trip", {{"organisation", r().mine_organisations[mine]},
                     {"mine", r().mines[mine]},
                     {"person", r().directors[mine]},
                     {"card", "00"},
                     {"entered_at", EventTime{at(entered)}},
                     {"left_at", EventTime{at(left)}}});
  }

  Region& r() { return *region; }
  Duties& duties() { return *region->duties; }
  std::vector<Duty> all(const Filter& filter = {}, bool descending = false) {
    std::vector<Duty> out;
    std::string after;
    do {
      Page page = must(duties().list(r().root, filter, 500, after, descending));
      out.insert(out.end(), page.duties.begin(), page.duties.end());
      after = page.next;
    } while (!after.empty());
    return out;
  }
  template <class T>
  static Status status(const Result<T>& answer) {
    return answer ? Status() : Status(answer.error());
  }
  static std::string evidence(const Detail& detail) {
    std::string out;
    for (const auto& e : detail.evidence) out += e.why.en + "; ";
    return out;
  }

  std::unique_ptr<Region> region;
};

std::string name_of(const Duty& d) {
  return d.rule->id + "/" + d.subject.text() + "/" + format_beijing(d.period.from);
}
std::vector<std::string> names(const std::vector<Duty>& duties) {
  std::vector<std::string> out;
  for (const Duty& d : duties) out.push_back(name_of(d));
  return out;
}

TEST_P(QuestionsTest, EveryFilterTakesWhatItSays) {
  const std::vector<Duty> everything = all();
  ASSERT_GT(everything.size(), 200u);
  const RecordId mine = r().mines[1], owner = r().mine_organisations[2];
  // Both are the last moments of a day, when duties are due: the first counts, the second does not.
  const std::int64_t from = at("2026-09-03 00:00:00") - 1, to = at("2026-09-06 00:00:00") - 1;
  const auto filter = [](auto set) {
    Filter f;
    set(f);
    return f;
  };
  const struct {
    const char* what;
    Filter filter;
    std::function<bool(const Duty&)> takes;
  } cases[] = {
      {"states", filter([](Filter& f) {
         f.states = {State::missed, State::met_late};
       }),
       [](const Duty& d) { return d.verdict.state == State::missed || d.verdict.state == State::met_late; }},
      {"rule", filter([](Filter& f) { f.rule = "hazard-report-daily"; }),
       [](const Duty& d) { return d.rule->id == "hazard-report-daily"; }},
      {"clause", filter([](Filter& f) { f.clause = "YC2024-3.2.3-02"; }),
       [](const Duty& d) { return d.rule->clause == "YC2024-3.2.3-02"; }},
      {"rule and clause that do not meet", filter([](Filter& f) {
         f.rule = "hazard-report-daily";
         f.clause = "YC2024-3.2.3-02";
       }),
       [](const Duty&) { return false; }},
      {"subject", filter([&](Filter& f) { f.subject = mine; }),
       [&](const Duty& d) { return d.subject == mine; }},
      {"owner", filter([&](Filter& f) { f.owner = owner; }), [&](const Duty& d) { return d.owner == owner; }},
      {"level", filter([](Filter& f) { f.level = Level::county; }),
       [](const Duty& d) { return d.verdict.level >= Level::county; }},
      {"due from and to", filter([&](Filter& f) {
         f.from = from;
         f.to = to;
       }),
       [&](const Duty& d) { return d.due >= from && d.due < to; }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    std::vector<Duty> want;
    std::copy_if(everything.begin(), everything.end(), std::back_inserter(want), c.takes);
    EXPECT_EQ(want.empty(), std::string_view(c.what).starts_with("rule and")) << "the example has none";
    EXPECT_LT(want.size(), everything.size()) << "the example has nothing else";
    EXPECT_EQ(names(all(c.filter)), names(want));
    std::reverse(want.begin(), want.end());
    EXPECT_EQ(names(all(c.filter, true)), names(want));
    EXPECT_EQ(must(duties().list(r().root, c.filter, 1, "", false)).total,
              static_cast<std::int64_t>(want.size()));
  }
}

TEST_P(QuestionsTest, SumsAreThoseOfTheList) {
  Duties::Summary want;
  std::map<Date, Counts> days;
  std::map<std::pair<RecordId, std::string>, std::int64_t> missed;  // (subject, rule)
  for (const Duty& d : all()) {
    ++want.counts[d.verdict.state];
    ++want.by_owner[d.owner][d.verdict.state];
    if (d.verdict.level != Level::none) ++want.climbed[d.verdict.level];
    ++days[china_date(d.due)][d.verdict.state];
    missed[{d.subject, d.rule->id}] += d.verdict.state == State::missed ? 1 : 0;
  }
  const auto summary = must(duties().summary(r().root, {}));
  for (const State state : kStates) EXPECT_EQ(summary.counts[state], want.counts[state]) << name_of(state);
  EXPECT_EQ(summary.climbed, want.climbed);
  ASSERT_EQ(summary.by_owner.size(), want.by_owner.size());
  for (const auto& [owner, counts] : want.by_owner) {
    for (const State state : kStates) EXPECT_EQ(summary.by_owner.at(owner)[state], counts[state]);
  }
  const auto by_day = must(duties().by_day(r().root, {}));
  ASSERT_EQ(by_day.size(), days.size());
  for (const auto& [day, counts] : days) {
    for (const State state : kStates) EXPECT_EQ(by_day.at(day)[state], counts[state]) << format_date(day);
  }
  const Matrix matrix = must(duties().matrix(r().root, {}));
  std::size_t cells = 0;
  for (const auto& row : matrix.rows) {
    ASSERT_EQ(row.cells.size(), matrix.rules.size());
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (!row.cells[i]) continue;
      ++cells;
      EXPECT_EQ(row.cells[i]->counts[State::missed], missed.at({row.subject, matrix.rules[i]->id}));
      EXPECT_EQ(row.cells[i]->latest->subject, row.subject);
    }
  }
  EXPECT_EQ(cells, missed.size());
}

TEST_P(QuestionsTest, ADetailShowsWhatCountedAndWhyTheRestDidNot) {
  const auto detail = [&](const char* rule, RecordId subject, const char* period) {
    return must(duties().detail(r().root, rule, subject, at(period)));
  };
  const char* daily = "hazard-report-daily";
  EXPECT_EQ(evidence(detail(daily, r().mines[0], "2026-09-05 00:00:00")), "counts: done in time; ");
  EXPECT_EQ(evidence(detail(daily, r().mines[1], "2026-09-02 00:00:00")), "counts: done after it was due; ");
  EXPECT_EQ(evidence(detail(daily, r().mines[1], "2026-09-03 00:00:00")),
            "done after it was missed: changes nothing any more; ");
  EXPECT_EQ(evidence(detail(daily, r().mines[1], "2026-09-05 00:00:00")), "");

  const RecordId entered = r().add("hazard_report", {{"organisation", r().mine_organisations[1]},
                                                     {"mine", r().mines[1]},
                                                     {"reported_on", *parse_date("2026-09-06")},
                                                     {"found", std::int64_t{0}},
                                                     {"rectified", std::int64_t{0}},
                                                     {"open", std::int64_t{0}}});
  const Detail open = detail(daily, r().mines[1], "2026-09-06 00:00:00");
  EXPECT_EQ(evidence(open), "does not count: not as the rule asks (state, kind ...); ");
  EXPECT_EQ(open.evidence.at(0).id, entered);
  EXPECT_FALSE(open.evidence.at(0).counted);

  const Detail stay = detail("hours-underground", r().mines[0], "2026-09-02 08:00:00");
  EXPECT_EQ(evidence(stay), "counts: it lasted longer than the limit; ");
  EXPECT_EQ(stay.evidence.at(0).done, at("2026-09-02 18:00:00") + 1);  // the first moment over ten hours
  EXPECT_EQ(evidence(detail("hours-underground", r().mines[0], "2026-09-04 08:00:00")), "")
      << "a stay within the limit is no evidence";

  const Detail trips = detail("trips-director", r().directors[0], "2026-09-01 00:00:00");
  EXPECT_EQ(trips.evidence.size(), 2u);
  ASSERT_EQ(trips.claims.size(), 2u);
  EXPECT_TRUE(trips.claims[0].confirmed);  // 20 minutes from a trip
  EXPECT_FALSE(trips.claims[1].confirmed);
  EXPECT_EQ(trips.duty.unconfirmed, 1);

  const auto none = duties().detail(r().root, daily, r().mines[0], at("2026-09-05 00:00:00") + 1);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, Errc::not_found);
}

TEST_P(QuestionsTest, AClauseIsAnsweredForEverySubjectWithItsNewestPeriod) {
  const auto standing = must(duties().standing(r().root, "GZ2020-5.1.4-03"));
  ASSERT_EQ(standing.size(), 3u);
  std::map<RecordId, std::int64_t> newest;  // due, of those that have begun
  for (const Duty& d : all()) {
    if (d.rule->clause == "GZ2020-5.1.4-03" && d.period.from <= at("2026-09-12 12:00:00"))
      newest[d.subject] = std::max(newest[d.subject], d.due);
  }
  std::map<RecordId, std::string> found;
  for (const Standing& s : standing) {
    EXPECT_EQ(s.type, "mine");
    ASSERT_TRUE(s.last);
    EXPECT_EQ(s.last->due, newest[s.subject]);
    found[s.subject] = std::to_string(s.counts[State::met]) + " " + std::to_string(s.counts[State::met_late]);
  }
  EXPECT_EQ(found[r().mines[0]], "9 0");
  EXPECT_EQ(found[r().mines[1]], "0 1");  // the one of the 3rd came after it was missed
  EXPECT_EQ(found[r().mines[2]], "0 0");
  EXPECT_TRUE(must(duties().standing(r().root, "NO-SUCH-CLAUSE")).empty());
}

TEST_P(QuestionsTest, SaysWhenADutyIsDueAndThatItIsNotOwed) {
  const auto due = [&](const char* rule, RecordId subject, const char* when) {
    return must(duties().due(rule, subject, at(when)));
  };
  EXPECT_EQ(due("hazard-report-daily", r().mines[0], "2026-09-05 13:00:00"), at("2026-09-06 00:00:00") - 1);
  EXPECT_EQ(due("trips-director", r().directors[0], "2026-09-05 13:00:00"), at("2026-10-01 00:00:00") - 1);
  EXPECT_EQ(due("trips-director", r().directors[2], "2026-09-05 13:00:00"), std::nullopt) << "no director";
  EXPECT_EQ(due("hazard-report-daily", r().mines[0], "2019-01-01 00:00:00"), std::nullopt) << "not in force";
}

TEST_P(QuestionsTest, RefusesLimitsAndCursorsThatItDidNotGive) {
  for (const int limit : {0, -1, 501, 1 << 30})
    EXPECT_EQ(duties().list(r().root, {}, limit, "", false).error().where, "limit") << limit;
  const std::string good = must(duties().list(r().root, {}, 1, "", false)).next;
  for (const std::string& bad :
       {std::string("x"), std::string("1.2.3"), good + ".1", good + "x", std::string("1.2.3."),
        std::string("1.2.3.99999999999999999999"), std::string("1;DROP TABLE duty.2.3.4")}) {
    const auto page = duties().list(r().root, {}, 1, bad, false);
    ASSERT_FALSE(page.ok()) << bad;
    EXPECT_EQ(page.error().code, Errc::bad_input);
    EXPECT_EQ(page.error().where, "after");
  }
  EXPECT_TRUE(duties().list(r().root, {}, 1, good, false).ok());
}

TEST_P(QuestionsTest, RefusesAPreviewOfWhatCannotBeSwitched) {
  const Date first = *parse_date("2026-09-10");
  const auto last = parse_date("2026-09-09");
  const struct {
    const char* why;
    Setting setting;
    const char* where;
  } cases[] = {
      {"no such pack", {{}, "nowhere_2020", "switch_off", "", "520523", first, {}}, "pack"},
      {"always in force", {{}, "national", "switch_off", "", "520523", first, {}}, "pack"},
      {"replaced by no pack", {{}, "yangcheng_2024", "replace", "nowhere", "520523", first, {}}, "pack"},
      {"replace without what", {{}, "yangcheng_2024", "replace", "", "520523", first, {}}, "replaced_by"},
      {"switch off with a successor",
       {{}, "yangcheng_2024", "switch_off", "guizhou_2020", "520523", first, {}},
       "replaced_by"},
      {"by itself", {{}, "yangcheng_2024", "replace", "yangcheng_2024", "520523", first, {}}, "replaced_by"},
      {"ends before it begins", {{}, "yangcheng_2024", "switch_off", "", "520523", first, *last}, "last_day"},
  };
  for (const auto& c : cases) {
    const auto preview = duties().preview(c.setting, *parse_date("2026-10-01"));
    ASSERT_FALSE(preview.ok()) << c.why;
    EXPECT_EQ(preview.error().code, Errc::bad_input) << c.why;
    EXPECT_EQ(preview.error().where, c.where) << c.why;
  }
}

TEST_P(QuestionsTest, APreviewWarnsOfThePastAndOfUncheckedNumbers) {
  const Date first = *parse_date("2026-09-05");
  const RecordId off = r().add("pack_setting", {{"pack", "yangcheng_2024"},
                                                {"action", "switch_off"},
                                                {"region", r().region},
                                                {"first_day", first},
                                                {"reason", "试"}});
  EXPECT_TRUE(r().step("pack_setting", off, "put_in_force"));
  const Setting on{{}, "yangcheng_2024", "switch_on", "", "520523", first, {}};
  const Preview preview = must(duties().preview(on, *parse_date("2026-09-20")));
  std::string warnings;
  for (const auto& w : preview.warnings) warnings += w.en + "\n";
  EXPECT_THAT(warnings, HasSubstr("It begins in the past"));
  EXPECT_GT(preview.appear.count, 50) << "three mines, fifteen days, several duties a day";
  EXPECT_EQ(preview.vanish.count, 0);
  EXPECT_LE(preview.appear.sample.size(), Preview::kSample);
  EXPECT_TRUE(std::is_sorted(preview.appear.sample.begin(), preview.appear.sample.end(),
                             [](const auto& a, const auto& b) { return a.duty.due < b.duty.due; }));
  std::int64_t sum = 0;
  for (const auto& [rule, count] : preview.appear.by_rule) sum += count;
  EXPECT_EQ(sum, preview.appear.count);
  EXPECT_EQ(preview.appear.by_rule.at("self-check-team"), 3 * 16);  // each mine, 5 to 20 September
}

/// Whichever statement of a round fails, the next round makes it good: the state is that of a recomputation.
TEST_P(QuestionsTest, AFailedRoundIsMadeGoodByTheNext) {
  must(duties().catch_up());
  int round = 0;
  const int failed = db::fail_each_statement(
      r().faulty,
      [&]() -> Status {
        // A change and a turn of the clock in every round; the change itself does not fail.
        const auto hook = std::exchange(r().faulty.hook, nullptr);
        r().clock.advance(Millis(kDayMs / 4));
        r().add("self_check", {{"organisation", r().mine_organisations[0]},
                               {"mine", r().mines[0]},
                               {"tier", "team"},
                               {"title", "查" + std::to_string(round++)},
                               {"checked_at", EventTime{r().clock.now().utc_ms - 1}},
                               {"findings", std::int64_t{0}}});
        r().faulty.hook = hook;
        return duties().catch_up();
      },
      [&](const std::string&) {
        must(duties().catch_up());
        const std::string incremental = must(duties().dump());
        must(duties().recompute());
        EXPECT_EQ(must(duties().dump()), incremental);
      });
  EXPECT_GT(failed, 5);
}

TEST_P(QuestionsTest, AFailedQuestionIsToldAsSuch) {
  must(duties().catch_up());
  const struct {
    const char* what;
    std::function<Status()> ask;
  } questions[] = {
      {"list", [&] { return status(duties().list(r().root, {}, 10, "", false)); }},
      {"summary", [&] { return status(duties().summary(r().root, {})); }},
      {"by day", [&] { return status(duties().by_day(r().root, {})); }},
      {"matrix", [&] { return status(duties().matrix(r().root, {})); }},
      {"standing", [&] { return status(duties().standing(r().root, "GZ2020-5.1.4-03")); }},
      {"detail",
       [&] {
         return status(
             duties().detail(r().root, "trips-director", r().directors[0], at("2026-09-01 00:00:00")));
       }},
  };
  for (const auto& q : questions) {
    SCOPED_TRACE(q.what);
    EXPECT_GT(db::fail_each_statement(r().faulty, q.ask, [](const std::string&) {}), 0);
  }
}

TEST(Names, OfStatesAndLevelsAreReadBack) {
  for (const State state : kStates) EXPECT_EQ(parse_state(name_of(state)), state);
  EXPECT_EQ(parse_state("MET"), std::nullopt);
  EXPECT_EQ(parse_state(""), std::nullopt);
  for (const Level level : {Level::mine, Level::county, Level::city, Level::province})
    EXPECT_EQ(parse_level(name_of(level)), level);
  EXPECT_EQ(parse_level("state"), std::nullopt);
}

MW_ON_BOTH_ENGINES(QuestionsTest);

}  // namespace
}  // namespace mineward::duty
