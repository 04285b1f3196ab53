// Duties over HTTP: the list, its filters, sums, calendar, matrix, evidence and export.
#include <algorithm>
#include <map>
#include <set>

#include "api/regulation_testing.h"

namespace mineward::api {
namespace {

using record::Fields;
using record::RecordId;
using ::testing::AllOf;
using testing::Answer;
using ::testing::AnyOf;
using ::testing::Contains;
using testing::counts_text;
using ::testing::ElementsAre;
using testing::event;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::line;
using testing::ms;
using ::testing::Not;
using testing::RegulationApi;
using testing::rows;
using testing::S;
using testing::Session;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::texts;

TEST_F(RegulationApi, TheListIsFiltered) {
  play_week();
  const Session pro = world.sign_in("pro");
  const S a = mine(world.here.mine), b = mine(world.there.mine);
  const struct {
    const char* why;
    S query;
    std::int64_t want;
  } cases[] = {
      {"all of both mines", "", 264},
      {"mine a", a, 132},
      {"days, 13th to 30th", a + "&rule=self-check-team", 18},
      {"weeks of the 19th and the 26th", a + "&rule=self-check-section", 2},
      {"the month begins too early or too late", a + "&rule=self-check-mine", 0},
      {"shifts: 2 on the 12th, 3 a day until the 30th", a + "&rule=hours-at-face", 56},
      {"both tiers carry the clause", a + "&clause=YC2024-3.2.3-02", 20},
      {"a clause that nothing carries", "&clause=YC2024-3.2.3-03", 0},
      {"the subject", "&subject=" + world.there.mine.text(), 132},
      {"a: 15 days, 2 weeks, 45 shifts of each limit", a + "&state=upcoming", 107},
      {"a: the 13th, 10 shifts at the face, 11 underground", a + "&state=met", 22},
      {"a: the 15th, entered but not confirmed", a + "&state=late", 1},
      {"a: the stay of 8.5 h", a + "&state=missed", 1},
      {"a: the 14th", a + "&state=met_late", 1},
      {"several states", a + "&state=late,missed,met_late", 3},
      {"b: the 13th and the 14th", b + "&state=missed", 2},
      {"b: the 15th", b + "&state=late", 1},
      {"climbed at least to the mine: the stay, b's 13th and 14th", "&level=mine", 3},
      {"climbed to the county: all of them after a day", "&level=county", 3},
      {"the 13th is not the city's until its third day is over", "&level=city", 0},
      {"due on the 13th: the day, 3 shifts at the face, 3 underground", a + "&from=2026-01-13&to=2026-01-14",
       7},
      {"until, not including: the team's day ends a millisecond before",
       a + "&rule=self-check-team&to=2026-01-14", 1},
      {"an instant in another notation", a + "&rule=self-check-team&from=2026-01-29T16:00:00Z", 1},
  };
  for (const auto& c : cases) EXPECT_EQ(total(pro, c.query), c.want) << c.why;
}

TEST_F(RegulationApi, EverybodySeesHisOwnScope) {
  play_week();
  EXPECT_EQ(total(world.sign_in("pro")), 264);
  EXPECT_EQ(total(world.sign_in("xiana")), 132);
  EXPECT_EQ(total(world.sign_in("aqyb")), 132);
  const Session neighbour = world.sign_in("aqyb");
  EXPECT_EQ(world.ask("GET", "/api/v1/duties?mine=" + world.here.mine.text(), neighbour).status, 404);
  EXPECT_EQ(total(neighbour, "&subject=" + world.here.mine.text()), 0);
}

TEST_F(RegulationApi, ABadFilterIsRefusedByName) {
  const Session pro = world.sign_in("pro");
  const struct {
    const char* path;
    const char* name;
  } cases[] = {
      {"/duties?state=overdue", "state"},
      {"/duties?state=met,x", "state"},
      {"/duties?level=world", "level"},
      {"/duties?from=yesterday", "from"},
      {"/duties?to=2026-02-30", "to"},
      {"/duties?subject=x", "subject"},
      {"/duties?limit=0", "limit"},
      {"/duties?limit=501", "limit"},
      {"/duties?sort=rule", "sort"},
      {"/duties?after=1.2.3", "after"},
      {"/duties/summary?state=x", "state"},
      {"/duties/calendar?month=2026-13", "month"},
      {"/duties/calendar?month=2026-1", "month"},
      {"/duties/matrix?from=x", "from"},
      {"/duties/export?level=x", "level"},
      {"/clauses?limit=501", "limit"},
      {"/clauses?offset=-1", "offset"},
      {"/clauses?carried=yes", "carried"},
  };
  for (const auto& c : cases) {
    const Answer answer = world.ask("GET", S("/api/v1") + c.path, pro);
    EXPECT_EQ(answer.status, 400) << c.path << " " << answer.body;
    EXPECT_EQ(parsed(answer)["error"].text("code"), "bad_input") << c.path;
    EXPECT_THAT(S(parsed(answer)["error"].text("message")), HasSubstr(c.name)) << c.path;
  }
  EXPECT_EQ(world.ask("GET", "/api/v1/duties?mine=x", pro).status, 400);
  EXPECT_EQ(world.ask("GET", "/api/v1/duties?mine=1", pro).status, 404);
}

TEST_F(RegulationApi, PagesFollowEachOther) {
  play_week();
  const Session pro = world.sign_in("pro");
  const auto key = [](const Json& duty) {
    return S(duty.text("due")) + " " + S(duty.text("rule")) + " " + S(duty.text("subject")) + " " +
           S(duty.text("period"));
  };
  std::vector<S> all, paged, down;
  const Json whole = get(pro, "/duties?limit=500");
  EXPECT_TRUE(whole["next"].is_null());
  EXPECT_EQ(whole.text("as_of"), "2026-01-16T10:00:00.000+08:00");
  for (const auto& duty : rows(whole, "duties")) all.push_back(key(duty));
  ASSERT_EQ(all.size(), 264u);
  EXPECT_EQ(std::set<S>(all.begin(), all.end()).size(), 264u);
  S after;
  int pages = 0;
  do {
    const Json page = get(pro, "/duties?limit=100" + after);
    EXPECT_EQ(page["total"], Json(264));
    for (const auto& duty : rows(page, "duties")) paged.push_back(key(duty));
    after = page["next"].is_null() ? "" : "&after=" + S(page.text("next"));
    ++pages;
  } while (!after.empty() && pages < 10);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(paged, all);
  for (const auto& duty : rows(get(pro, "/duties?limit=500&sort=-due"), "duties")) down.push_back(key(duty));
  std::reverse(down.begin(), down.end());
  EXPECT_EQ(down, all);
  // The first to fall due: the shift that began at 08:00 on the 12th ends at 16:00, its last stay may take 8
  // h.
  EXPECT_THAT(all.front(), StartsWith("2026-01-12T23:59:59.999+08:00 hours-at-face"));
}

TEST_F(RegulationApi, ADutySaysAllOfItself) {
  play_week();
  const Json answer = get(world.sign_in("aqya"),
                          "/duties?rule=self-check-team&state=met_late&mine=" + world.here.mine.text());
  ASSERT_THAT(rows(answer, "duties"), SizeIs(1));
  const Json& duty = rows(answer, "duties")[0];
  const struct {
    const char* member;
    Json want;
  } cases[] = {{"rule", "self-check-team"},
               {"clause", "YC2024-3.2.3-02"},
               {"subject_type", "mine"},
               {"subject", world.here.mine.text()},
               {"subject_name", "煤矿a"},
               {"owner", world.here.mine_organisation.text()},
               {"owner_name", "矿业a"},
               {"every", "day"},
               {"period", ms("2026-01-14 00:00:00")},
               {"period_start", "2026-01-14T00:00:00.000+08:00"},
               {"period_end", "2026-01-15T00:00:00.000+08:00"},
               {"due", "2026-01-14T23:59:59.999+08:00"},
               {"state", "met_late"},
               {"progress", 1},
               {"needed", 1},
               {"is_limit", false},
               {"unconfirmed", 0},
               {"met_at", "2026-01-15T10:00:00.000+08:00"},
               {"level", ""},
               {"overseen_by", "county"}};
  for (const auto& c : cases) EXPECT_EQ(duty[c.member], c.want) << c.member;
  EXPECT_EQ(duty["label"].text("zh"), "班组日查");
  EXPECT_EQ(duty["period_words"].text("zh"), "1月14日");
}

TEST_F(RegulationApi, TheSummaryEqualsTheLists) {
  play_week();
  const Session pro = world.sign_in("pro");
  const Json all = get(pro, "/duties/summary");
  EXPECT_EQ(counts_text(all["counts"]), "upcoming 214, met 44, late 2, missed 3, met_late 1");
  std::map<S, S> owners;
  for (const auto& row : rows(all, "by_owner"))
    owners[S(row.text("owner_name"))] = counts_text(row["counts"]);
  EXPECT_EQ(owners, (std::map<S, S>{{"矿业a", "upcoming 107, met 22, late 1, missed 1, met_late 1"},
                                    {"矿业b", "upcoming 107, met 22, late 1, missed 2"}}));
  ASSERT_THAT(rows(all, "climbed"), SizeIs(1));
  EXPECT_EQ(rows(all, "climbed")[0].text("level"), "county");
  EXPECT_EQ(rows(all, "climbed")[0]["count"], Json(3));
  for (const S& filter : {S(), mine(world.here.mine), S("&rule=hours-at-face"), S("&from=2026-01-14"),
                          S("&level=county"), S("&state=late,missed")}) {
    const Json summary = get(pro, "/duties/summary" + (filter.empty() ? S() : "?" + filter.substr(1)));
    std::int64_t sum = 0;
    for (const char* state : {"upcoming", "met", "late", "missed", "met_late"}) {
      const std::int64_t n = *summary["counts"][state].integer();
      sum += n;
      if (filter.find("state") == S::npos) {
        EXPECT_EQ(n, total(pro, filter + "&state=" + state)) << filter << " " << state;
      }
    }
    EXPECT_EQ(sum, total(pro, filter)) << filter;
  }
}

TEST_F(RegulationApi, TheCalendarCountsByDayOfDue) {
  play_week();
  const Session aqy = world.sign_in("aqya");
  const Json month = get(aqy, "/duties/calendar?month=2026-01");
  EXPECT_EQ(month.text("month"), "2026-01");
  std::map<S, S> days;
  std::map<S, bool> worked;
  for (const auto& row : rows(month, "days")) {
    days[S(row.text("date"))] = counts_text(row["counts"]);
    worked[S(row.text("date"))] = *row["working_day"].boolean();
  }
  EXPECT_EQ(days.size(), 20u) << "the 12th to the 31st: what began on the 30th at 16:00 is due on the 31st";
  EXPECT_EQ(days["2026-01-12"], "met 1") << "one shift at the face";
  EXPECT_EQ(days["2026-01-13"], "met 7") << "the day, 3 shifts at the face, 3 underground";
  EXPECT_EQ(days["2026-01-14"], "met 5, missed 1, met_late 1") << "the stay was in its first shift";
  EXPECT_EQ(days["2026-01-15"], "met 6, late 1");
  EXPECT_EQ(days["2026-01-17"], "upcoming 7");
  EXPECT_EQ(days["2026-01-25"], "upcoming 8") << "Sunday: the week too";
  EXPECT_EQ(days["2026-01-31"], "upcoming 3")
      << "the last shift at the face (due 07:59), the last two underground (01:59, 09:59)";
  EXPECT_TRUE(worked["2026-01-16"]);
  EXPECT_FALSE(worked["2026-01-17"]) << "a Saturday";
  // A day of the calendar opens into the same list.
  EXPECT_EQ(total(aqy, "&from=2026-01-14&to=2026-01-15"), 7);
  EXPECT_EQ(get(aqy, "/duties/calendar").text("month"), "2026-01") << "this month when none is given";
  EXPECT_THAT(rows(get(aqy, "/duties/calendar?month=2025-12"), "days"), IsEmpty());
  EXPECT_THAT(texts(get(aqy, "/duties/calendar?month=2026-01&rule=self-check-section"), "days", "date"),
              ElementsAre("2026-01-25"))
      << "the week of the 26th is due on 1 February";
}

TEST_F(RegulationApi, TheMatrixCrossesSubjectsAndRules) {
  play_week();
  const Session pro = world.sign_in("pro");
  const Json matrix = get(pro, "/duties/matrix?from=2026-01-14&to=2026-01-15");
  EXPECT_THAT(texts(matrix, "rules", "id"),
              ElementsAre("self-check-team", "hours-at-face", "hours-underground"));
  EXPECT_THAT(texts(matrix, "subjects", "name"), ElementsAre("煤矿a", "煤矿b"));
  std::vector<S> cells;
  for (const auto& row : rows(matrix, "cells")) {
    for (const auto& cell : *row.array())
      cells.push_back(counts_text(cell["counts"]) + " -> " + S(cell.text("worst")));
  }
  EXPECT_THAT(cells, ElementsAre("met_late 1 -> met_late", "met 2, missed 1 -> missed", "met 3 -> met",
                                 "missed 1 -> missed", "met 3 -> met", "met 3 -> met"));
  const Json& first = (*rows(matrix, "cells")[0].array())[0];
  EXPECT_EQ(first["progress"], Json(1));
  EXPECT_EQ(first["needed"], Json(1));
  EXPECT_EQ(first.text("period"), ms("2026-01-14 00:00:00"));

  const Json week = get(pro, "/duties/matrix?from=2026-01-25&to=2026-01-26&rule=self-check-section&mine=" +
                                 world.here.mine.text());
  EXPECT_THAT(texts(week, "subjects", "name"), ElementsAre("煤矿a"));
  const Json month = get(pro, "/duties/matrix");
  EXPECT_EQ(month.text("from"), "2026-01-01T00:00:00.000+08:00");
  EXPECT_EQ(month.text("to"), "2026-02-01T00:00:00.000+08:00");
}

TEST_F(RegulationApi, OneDutyShowsWhatCounted) {
  play_week();
  const Session aqy = world.sign_in("aqya");
  const auto one = [&](const char* day) {
    return get(aqy, "/duties/one?rule=self-check-team&subject=" + world.here.mine.text() +
                        "&period=" + ms(S(day) + " 00:00:00"));
  };
  const struct {
    const char* day;
    const char* state;
    RecordId record;
    const char* done;
    bool counted;
    const char* why;
  } cases[] = {
      {"2026-01-13", "met", first_check, "2026-01-13T12:00:00.000+08:00", true, "按期"},
      {"2026-01-14", "met_late", late_check, "2026-01-15T10:00:00.000+08:00", true, "到期后"},
      {"2026-01-15", "late", open_check, "2026-01-15T22:00:00.000+08:00", false, "不计入"},
  };
  for (const auto& c : cases) {
    const Json duty = one(c.day);
    EXPECT_EQ(duty.text("state"), c.state) << c.day;
    ASSERT_THAT(rows(duty, "evidence"), SizeIs(1)) << c.day;
    const Json& e = rows(duty, "evidence")[0];
    EXPECT_EQ(e.text("type"), "self_check");
    EXPECT_EQ(e.text("id"), c.record.text()) << c.day;
    EXPECT_EQ(e.text("title"), "班前检查");
    EXPECT_EQ(e.text("done"), c.done) << c.day;
    EXPECT_EQ(e["counted"], Json(c.counted)) << c.day;
    EXPECT_THAT(S(e["why"].text("zh")), HasSubstr(c.why)) << c.day;
    EXPECT_FALSE(e["why"].text("en").empty());
  }
  const Json duty = one("2026-01-13");
  EXPECT_EQ(duty["rule_detail"].text("id"), "self-check-team");
  EXPECT_EQ(duty["rule_detail"]["late_for_h"].number(), 24.0);
  EXPECT_EQ(duty["clause_detail"].text("id"), "YC2024-3.2.3-02");
  EXPECT_EQ(duty["clause_detail"]["text"].text("zh"), "集团季、矿月、队周、班日四级排查");
  EXPECT_THAT(rows(duty, "claims"), IsEmpty());
  EXPECT_THAT(rows(duty, "also_bound_by"), IsEmpty());
  // A limit shows what broke it, not the stay of exactly 8 h.
  const Json limit = get(aqy, "/duties/one?rule=hours-at-face&subject=" + world.here.mine.text() +
                                  "&period=" + ms("2026-01-14 00:00:00"));
  EXPECT_EQ(limit["is_limit"], Json(true));
  EXPECT_EQ(limit.text("level"), "county");
  ASSERT_THAT(rows(limit, "evidence"), SizeIs(1));
  EXPECT_EQ(rows(limit, "evidence")[0].text("at"), "2026-01-14T07:50:00.000+08:00");

  const S subject = "&subject=" + world.here.mine.text();
  for (const S& bad :
       {"rule=self-check-team" + subject + "&period=" + ms("2026-01-12 00:00:00"),
        "rule=none" + subject + "&period=" + ms("2026-01-13 00:00:00"),
        "rule=self-check-team&subject=" + world.there.mine.text() + "&period=" + ms("2026-01-13 00:00:00"),
        "rule=self-check-team" + subject, S("rule=self-check-team&subject=x&period=1")}) {
    EXPECT_EQ(world.ask("GET", "/api/v1/duties/one?" + bad, aqy).status, 404) << bad;
  }
}

// A director's trips in February: one by the readers, one in the log beside it, one in the log alone.
TEST_F(RegulationApi, AClaimThatPositionsDoNotConfirmIsShown) {
  switch_on("corps_coal_2014");
  const RecordId director = add("person", {{"organisation", world.here.mine_organisation},
                                           {"mine", world.here.mine},
                                           {"name", S("矿长甲")},
                                           {"post", S("矿长")}});
  now("2026-02-03 10:00:00");
  const Fields owner{
      {"organisation", world.here.mine_organisation}, {"mine", world.here.mine}, {"person", director}};
  Fields trip = owner;
  trip.merge(Fields{{"card", S("1001")},
                    {"entered_at", event("2026-02-02 08:00:00")},
                    {"left_at", event("2026-02-02 12:00:00")}});
  const RecordId counted = add("trip", trip);
  std::vector<RecordId> claims;
  for (const char* time : {"2026-02-02 08:30:00", "2026-02-03 07:00:00"}) {
    Fields visit = owner;
    visit.merge(Fields{{"entered_at", event(time)}});
    claims.push_back(add("leader_visit", visit));
  }
  const Json duty = get(world.sign_in("aqya"), "/duties/one?rule=trips-director&subject=" + director.text() +
                                                   "&period=" + ms("2026-02-01 00:00:00"));
  EXPECT_EQ(line(duty), "trips-director 矿长甲 upcoming 1/10");
  EXPECT_EQ(duty["unconfirmed"], Json(1));
  ASSERT_THAT(rows(duty, "evidence"), SizeIs(1));
  EXPECT_EQ(rows(duty, "evidence")[0].text("id"), counted.text());
  ASSERT_THAT(rows(duty, "claims"), SizeIs(2));
  EXPECT_EQ(rows(duty, "claims")[0].text("id"), claims[0].text());
  EXPECT_EQ(rows(duty, "claims")[0]["confirmed"], Json(true)) << "exactly 30 minutes after the reader";
  EXPECT_EQ(rows(duty, "claims")[1]["confirmed"], Json(false));
  EXPECT_EQ(total(world.sign_in("pro"), "&rule=trips-director" + mine(world.here.mine)), 1)
      << "what people of a mine owe is found by the mine";
}

TEST_F(RegulationApi, TheExportHasTheRowsOfTheList) {
  // A name that a spreadsheet would run.
  const RecordId third = add("organisation", {{"code", S("Mc")},
                                              {"name", S("矿业c")},
                                              {"kind", S("mine")},
                                              {"level", S("mine")},
                                              {"region", world.region},
                                              {"parent", world.there.organisation}});
  add("mine", {{"code", S("140100000009")},
               {"name", S("=1+\"1\"")},
               {"organisation", third},
               {"kind", S("coal")},
               {"status", S("producing")}});
  play_week();
  const Session pro = world.sign_in("pro");
  const S filter = "state=late,missed,met_late,met";
  const Answer answer = world.ask("GET", "/api/v1/duties/export?" + filter, pro);
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "text/csv; charset=utf-8");
  EXPECT_THAT(answer.header("content-disposition"), HasSubstr("duties.csv"));
  EXPECT_THAT(answer.body, StartsWith("\xEF\xBB\xBF条款,应办事项,责任主体,"));
  std::vector<S> lines;
  for (const auto text : split(answer.body, '\n')) {
    if (!trim(text).empty()) lines.emplace_back(trim(text));
  }
  lines.erase(lines.begin());
  const Json list = get(pro, "/duties?limit=500&" + filter);
  ASSERT_EQ(lines.size(), rows(list, "duties").size());
  ASSERT_EQ(static_cast<std::int64_t>(lines.size()), *list["total"].integer());
  ASSERT_EQ(lines.size(), 75u) << "25 of each of three mines are no longer upcoming";
  const std::map<S, S> words = {
      {"met", "已完成"}, {"late", "逾期"}, {"missed", "未完成"}, {"met_late", "逾期完成"}};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Json& duty = rows(list, "duties")[i];
    EXPECT_THAT(lines[i], AllOf(StartsWith(S(duty.text("clause")) + ","),
                                HasSubstr("," + words.at(S(duty.text("state"))) + ",")))
        << i;
    const S due = S(duty.text("due")).substr(0, 10) + " " + S(duty.text("due")).substr(11, 8);
    EXPECT_THAT(lines[i], HasSubstr("," + due + ",")) << i;
  }
  EXPECT_THAT(lines,
              Contains("YC2024-3.2.3-02,班组日查,煤矿a,矿业a,1月14日,2026-01-14 23:59:59,逾期完成,1,1,0,"));
  EXPECT_THAT(lines, Contains("YC2024-3.2.3-02,班组日查,\"'=1+\"\"1\"\"\",矿业c,1月13日,2026-01-13 "
                              "23:59:59,未完成,0,1,0,县"));
  EXPECT_THAT(answer.body, Not(AnyOf(HasSubstr(",=1"), HasSubstr("\"=1"))));
}

}  // namespace
}  // namespace mineward::api
