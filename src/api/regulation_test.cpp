// Duties, clauses and pack settings over HTTP. Numbers are worked by hand from the calendar and the packs:
//
// Mines a and b are entered on Monday 2026-01-12 08:00 and owe what yangcheng_2024 asks (self-check by the
// team each day, by the section each week, by the mine each month, by the group each quarter; no stay at the
// face over 8 h and none underground over 10 h in any of three shifts that begin at 00, 08 and 16). A period
// that began before a mine was entered is not owed; periods are made until 14 days ahead. On Friday the 16th
// at 10:00 that is until the 30th, so that each mine owes
//    18 days (13th to 30th), the weeks of the 19th and the 26th, and 2 x 56 shifts (2 on the 12th, 3 a day
//    after): 132. The month and the quarter begin too early or too late.
// A limit is due when a stay that begins last in the shift could be too long: 8 h or 10 h after its end. So
// by then the 11 shifts of each rule that ended by the midnight before the 16th are over.
#include <gmock/gmock.h>

#include <fmt/format.h>

#include <set>

#include "api/world_testing.h"
#include "base/text.h"

namespace mineward::api {
namespace {

using record::Actor;
using record::Fields;
using record::Record;
using record::RecordId;
using ::testing::AllOf;
using testing::Answer;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::Session;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::World;
using S = std::string;

std::int64_t at(std::string_view beijing) { return parse_beijing_time(beijing)->utc_ms; }
S ms(std::string_view beijing) { return std::to_string(at(beijing)); }
EventTime event(std::string_view beijing) { return *parse_beijing_time(beijing); }

/// "met 3, missed 1": counts that are not zero, in the order of the states.
S counts_text(const Json& counts) {
  std::vector<S> out;
  for (const char* state : {"upcoming", "met", "late", "missed", "met_late"}) {
    const auto* n = counts[state].integer();
    if (!n) return "no count of " + S(state);
    if (*n != 0) out.push_back(fmt::format("{} {}", state, *n));
  }
  return join(out, ", ");
}

/// "self-check-team 煤矿a met 1/1".
S line(const Json& duty) {
  return fmt::format("{} {} {} {}/{}", duty.text("rule"), duty.text("subject_name"), duty.text("state"),
                     *duty["progress"].integer(), *duty["needed"].integer());
}

const Json::Array& rows(const Json& answer, std::string_view name) {
  static const Json::Array none;
  const auto* found = answer[name].array();
  EXPECT_TRUE(found) << name << " of " << answer.dump().substr(0, 300);
  return found ? *found : none;
}

/// Of an answer that nobody keeps: a copy.
Json::Array rows(Json&& answer, std::string_view name) { return rows(std::as_const(answer), name); }

std::vector<S> texts(const Json& answer, std::string_view list, std::string_view member) {
  std::vector<S> out;
  for (const auto& row : rows(answer, list)) out.emplace_back(row.text(member));
  return out;
}

class RegulationApi : public ::testing::Test {
 protected:
  RegulationApi() {
    world.options.per_address = world.options.per_account = world.options.sign_in_per_address = {0, 0};
    world.restart();
    world.add_account("sec", world.province, {"security_admin"});
  }

  Record made(record::Outcome<Record> outcome) {
    if (const auto* refusal = std::get_if<record::Refusal>(&outcome)) {
      ADD_FAILURE() << refusal->error.text();
      return {};
    }
    return std::get<Record>(std::move(outcome));
  }
  RecordId add(const char* type, const Fields& fields) {
    return made(world.store->create(maker, type, fields)).id;
  }
  void step(const char* type, RecordId id, const char* name) {
    made(world.store->step(maker, type, id, 0, name, {}));
  }
  void now(std::string_view beijing) { world.clock.set(ArrivalTime{at(beijing)}); }
  void switch_on(const char* pack) {
    const RecordId id = add("pack_setting", {{"pack", S(pack)},
                                             {"action", S("switch_on")},
                                             {"region", world.region},
                                             {"first_day", *parse_date("2026-01-01")},
                                             {"reason", S("试")}});
    step("pack_setting", id, "put_in_force");
  }
  RecordId team_check(std::string_view checked_at) {
    return add("self_check", {{"organisation", world.here.mine_organisation},
                              {"mine", world.here.mine},
                              {"tier", S("team")},
                              {"title", S("班前检查")},
                              {"checked_at", event(checked_at)}});
  }
  void stay(const char* card, std::string_view entered, std::string_view left) {
    add("area_stay", {{"organisation", world.here.mine_organisation},
                      {"mine", world.here.mine},
                      {"card", S(card)},
                      {"area_kind", S("key")},
                      {"entered_at", event(entered)},
                      {"left_at", event(left)}});
  }

  /// Mine a: checked in time on the 13th; the check of the 14th entered and confirmed on the 15th; that of
  /// the 15th entered and not confirmed; on the 14th somebody stayed at the face for 8.5 h from 07:50. Mine
  /// b does nothing. It is Friday the 16th, 10:00.
  void play_week() {
    switch_on("yangcheng_2024");
    now("2026-01-13 09:00:00");
    first_check = team_check("2026-01-13 08:30:00");
    now("2026-01-13 12:00:00");
    step("self_check", first_check, "confirm");
    now("2026-01-14 17:00:00");
    stay("1001", "2026-01-14 07:50:00", "2026-01-14 16:20:00");
    stay("1002", "2026-01-14 08:00:00", "2026-01-14 16:00:00");  // exactly 8 h is allowed
    now("2026-01-15 09:00:00");
    late_check = team_check("2026-01-14 20:00:00");
    now("2026-01-15 10:00:00");
    step("self_check", late_check, "confirm");
    now("2026-01-15 22:00:00");
    open_check = team_check("2026-01-15 21:00:00");
    now("2026-01-16 10:00:00");
  }
  Json get(const Session& who, const S& path) { return world.json("GET", "/api/v1" + path, who); }
  std::int64_t total(const Session& who, const S& query = {}) {
    const Json answer = get(who, "/duties?limit=1" + query);
    const auto* n = answer["total"].integer();
    return n ? *n : -1;
  }
  Answer post(const Session& who, const S& path, const Json& body) {
    return world.ask("POST", "/api/v1" + path, who, body.dump());
  }
  static Json parsed(const Answer& answer) {
    auto json = parse_json(answer.body);
    return json ? *json : Json(answer.body);
  }
  static S mine(RecordId id) { return "&mine=" + id.text(); }

  World world;
  const Actor maker = Actor::system("system:test");
  RecordId first_check, late_check, open_check;
};

// ---- duties

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

// ---- clauses

TEST_F(RegulationApi, ClausesAreFoundByWords) {
  const Session aqy = world.sign_in("aqya");
  const struct {
    const char* why;
    const char* query;
    std::vector<S> want;
  } cases[] = {
      {"Chinese: 四级排查", "words=%E5%9B%9B%E7%BA%A7%E6%8E%92%E6%9F%A5", {"YC2024-3.2.3-02"}},
      {"English, any case", "words=FOUR+tiers+section+each+week", {"YC2024-3.2.3-02"}},
      {"both, and a wide blank: 四级排查　班日",
       "words=%E5%9B%9B%E7%BA%A7%E6%8E%92%E6%9F%A5%E3%80%80Hazard",
       {"YC2024-3.2.3-02"}},
      {"an id", "words=gz2020-5.1.4-03", {"GZ2020-5.1.4-03"}},
      {"in the document that has it", "words=GZ2020-5.1.4-03&document=GZ2020", {"GZ2020-5.1.4-03"}},
      {"in another", "words=GZ2020-5.1.4-03&document=YC2024", {}},
      {"its system", "words=GZ2020-5.1.4-03&system=HAZ", {"GZ2020-5.1.4-03"}},
      {"a system that it touches", "words=GZ2020-5.1.4-03&system=RPT", {"GZ2020-5.1.4-03"}},
      {"another system", "words=GZ2020-5.1.4-03&system=LDR", {}},
      {"its kind", "words=GZ2020-5.1.4-03&kind=obligation-periodic", {"GZ2020-5.1.4-03"}},
      {"another kind", "words=GZ2020-5.1.4-03&kind=workflow", {}},
      {"carried", "words=GZ2020-5.1.4-03&carried=1", {"GZ2020-5.1.4-03"}},
      {"not carried", "words=GZ2020-5.1.4-03&carried=0", {}},
      {"no clause speaks of it", "words=submarine", {}},
  };
  for (const auto& c : cases)
    EXPECT_EQ(texts(get(aqy, S("/clauses?") + c.query), "clauses", "id"), c.want) << c.why;
}

TEST_F(RegulationApi, ClausesAreCountedByDocumentAndSystem) {
  const Session aqy = world.sign_in("aqya");
  const Json all = get(aqy, "/clauses?limit=5");
  EXPECT_EQ(all["total"], Json(772)) << "the catalogue of requirements";
  EXPECT_THAT(rows(all, "clauses"), SizeIs(5));
  std::map<S, std::int64_t> documents;
  std::int64_t carried = 0;
  for (const auto& row : rows(all, "documents")) {
    documents[S(row.text("id"))] = *row["clauses"].integer();
    carried += *row["carried"].integer();
  }
  // Counted in the catalogue by `grep -c`.
  EXPECT_EQ(documents, (std::map<S, std::int64_t>{{"BT2014A", 44},
                                                  {"BT2014C", 101},
                                                  {"BT2014L", 38},
                                                  {"GZ2020", 231},
                                                  {"HN2017", 70},
                                                  {"NAT2007", 34},
                                                  {"SN2014", 46},
                                                  {"SX2014", 34},
                                                  {"XJ2014", 7},
                                                  {"YC2024", 66},
                                                  {"YN2014", 46},
                                                  {"ZJ2014", 55}}));
  std::int64_t of_systems = 0;
  for (const auto& row : rows(all, "systems")) of_systems += *row["clauses"].integer();
  EXPECT_EQ(of_systems, 772);
  EXPECT_EQ(get(aqy, "/clauses?carried=1")["total"], Json(carried));
  EXPECT_EQ(get(aqy, "/clauses?carried=0")["total"], Json(772 - carried));
  const auto ids = texts(get(aqy, "/clauses?carried=1&limit=500"), "clauses", "id");
  for (const char* named : {"YC2024-3.2.3-02", "GZ2020-5.1.4-03", "BT2014C-13-11", "BT2014C-13-12",
                            "YC2024-3.3.3-01", "YC2024-3.3.3-02", "SX2014-2.2-01", "GZ2020-10.6-02"})
    EXPECT_THAT(ids, Contains(named));
  EXPECT_THAT(ids, Not(Contains("YC2024-3.2.3-03")));
  // Paging by offset goes over all of them, once each.
  std::set<S> seen;
  for (const char* offset : {"0", "300", "600"}) {
    for (const auto& id : texts(get(aqy, S("/clauses?limit=300&offset=") + offset), "clauses", "id"))
      EXPECT_TRUE(seen.insert(id).second) << id;
  }
  EXPECT_EQ(seen.size(), 772u);
}

TEST_F(RegulationApi, AClausePageTellsRulesAndStanding) {
  play_week();
  const Json clause = get(world.sign_in("pro"), "/clauses/YC2024-3.2.3-02");
  EXPECT_EQ(clause.text("article"), "三（二）3");
  EXPECT_EQ(clause["text"].text("en"),
            "Hazard checks run on four tiers: group each quarter, mine each month, section each week, team "
            "each day.");
  EXPECT_THAT(S(clause.text("original")), HasSubstr("集团公司季查、企业月查、科队周查、班组日查"));
  EXPECT_EQ(clause.text("jurisdiction"), "140522");
  EXPECT_EQ(clause.text("valid_from"), "2024-10-28");
  EXPECT_EQ(clause.text("valid_to"), "2025-01-28");
  EXPECT_EQ(clause["carried"], Json(true));
  EXPECT_THAT(rows(clause, "binds"), SizeIs(4));
  std::set<S> duties;
  for (const auto& carrier : rows(clause, "carried_by")) {
    if (carrier.text("what") == "duty") duties.emplace(carrier.text("name"));
  }
  const std::set<S> tiers = {"self-check-team", "self-check-section", "self-check-mine", "self-check-group"};
  EXPECT_EQ(duties, tiers);
  std::map<S, Json> rules;
  for (const auto& rule : rows(clause, "rules")) rules[S(rule.text("id"))] = rule;
  ASSERT_EQ(rules.size(), 4u);
  const Json& sentence = rules["self-check-team"]["sentence"];
  for (const char* part : {"矿山", "每天", "不少于 1 条自查", "班组", "已审核", "逾期 1 天", "县级"})
    EXPECT_THAT(S(sentence.text("zh")), HasSubstr(part));
  for (const char* part : {"every day", "at least 1", "late for", "the county"})
    EXPECT_THAT(S(sentence.text("en")), HasSubstr(part));
  EXPECT_EQ(rules["self-check-team"]["at_least"], Json(1));
  EXPECT_TRUE(rules["self-check-team"]["at_most"].is_null());
  EXPECT_EQ(rules["self-check-section"].text("every"), "week");

  std::map<S, S> standing;
  for (const auto& row : rows(clause, "standing"))
    standing[S(row.text("name"))] = counts_text(row["counts"]) + "; " + line(row["last"]);
  // The newest that has begun is the day of the 16th.
  EXPECT_EQ(
      standing,
      (std::map<S, S>{{"煤矿a", "upcoming 17, met 1, late 1, met_late 1; self-check-team 煤矿a upcoming 0/1"},
                      {"煤矿b", "upcoming 17, late 1, missed 2; self-check-team 煤矿b upcoming 0/1"}}));
  // Of one family: the daily report of another province, and others; never itself.
  const auto siblings = texts(clause, "siblings", "id");
  EXPECT_THAT(siblings, Contains("GZ2020-5.1.4-03"));
  EXPECT_THAT(siblings, Not(Contains("YC2024-3.2.3-02")));

  const Json own = get(world.sign_in("aqyb"), "/clauses/YC2024-3.2.3-02");
  EXPECT_THAT(texts(own, "standing", "name"), ElementsAre("煤矿b")) << "nobody outside the scope";
  const Json idle = get(world.sign_in("pro"), "/clauses/YC2024-3.2.3-03");
  EXPECT_EQ(idle["carried"], Json(false));
  EXPECT_THAT(rows(idle, "rules"), IsEmpty());
  EXPECT_THAT(rows(idle, "standing"), IsEmpty());
  EXPECT_EQ(world.ask("GET", "/api/v1/clauses/YC2024-9", world.sign_in("pro")).status, 404);
}

// ---- pack settings

Json wanted(const char* pack, const char* action, const char* first) {
  Json body;
  body.set("pack", pack).set("action", action).set("region", "140000").set("first_day", first);
  return body.set("reason", "省安委会决定");
}

/// Duties per rule of a part of a preview.
std::map<S, std::int64_t> by_rule(const Json& part) {
  std::map<S, std::int64_t> out;
  for (const auto& row : rows(part, "by_rule")) out[S(row.text("rule"))] = *row["count"].integer();
  return out;
}

// Monday the 12th, 08:00: 14 days until the 26th. Each mine: 14 days from the 13th, the weeks of the 19th and
// the 26th, shifts 2 + 3 x 14 for each limit.
TEST_F(RegulationApi, APreviewTellsWhatThenHappens) {
  const Session sec = world.sign_in("sec"), pro = world.sign_in("pro");
  Json body = wanted("yangcheng_2024", "switch_on", "2026-01-12");
  body.set("until", "2026-01-26");
  const Answer previewed = post(sec, "/packs/preview", body);
  ASSERT_EQ(previewed.status, 200) << previewed.body;
  const Json preview = parsed(previewed);
  const std::map<S, std::int64_t> expected = {
      {"self-check-team", 28}, {"self-check-section", 4}, {"hours-at-face", 88}, {"hours-underground", 88}};
  EXPECT_EQ(by_rule(preview["appear"]), expected);
  EXPECT_EQ(preview["appear"]["count"], Json(208));
  EXPECT_THAT(rows(preview["appear"], "sample"), SizeIs(50));
  EXPECT_TRUE(rows(preview["appear"], "sample")[0]["was"].is_null());
  EXPECT_EQ(preview["vanish"]["count"], Json(0));
  EXPECT_EQ(preview["turn"]["count"], Json(0));
  EXPECT_EQ(preview["unchanged"], Json(0));
  EXPECT_EQ(preview.text("until"), "2026-01-26");
  EXPECT_THAT(rows(preview, "rules"), SizeIs(6));
  std::vector<S> warnings;
  for (const auto& warning : rows(preview, "warnings")) warnings.emplace_back(warning.text("zh"));
  EXPECT_THAT(warnings, ElementsAre(AllOf(HasSubstr("工作面作业不超过 8 小时"), HasSubstr("可信度 U"))));
  EXPECT_EQ(total(pro), 0) << "a preview changes nothing";

  const Answer prepared = post(sec, "/packs/settings", body);
  ASSERT_EQ(prepared.status, 201) << prepared.body;
  const Json setting = parsed(prepared);
  EXPECT_EQ(setting.text("state"), "prepared");
  EXPECT_EQ(setting.text("region"), "140000");
  EXPECT_EQ(setting.text("region_name"), "示例省");
  EXPECT_EQ(setting.text("first_day"), "2026-01-12");
  EXPECT_TRUE(setting["last_day"].is_null());
  EXPECT_TRUE(setting["put_in_force_at"].is_null());
  EXPECT_THAT(setting.dump(), HasSubstr("put_in_force\""));
  EXPECT_EQ(total(pro), 0) << "nothing is in force yet";

  const S path = "/packs/settings/" + S(setting.text("id"));
  Json step;
  step.set("version", *setting["version"].integer());
  const Answer forced = post(sec, path + "/put_in_force", step);
  ASSERT_EQ(forced.status, 200) << forced.body;
  EXPECT_EQ(parsed(forced).text("state"), "in_force");
  EXPECT_EQ(parsed(forced).text("put_in_force_at"), "2026-01-12T08:00:00.000+08:00");
  for (const auto& [rule, count] : expected) EXPECT_EQ(total(pro, "&rule=" + rule), count) << rule;
  EXPECT_EQ(total(pro), 208);
  EXPECT_EQ(texts(get(pro, "/packs/settings"), "settings", "state"), (std::vector<S>{"in_force"}));
  // The log names the person, not the program.
  const auto record = world.store->get(maker, "pack_setting", *parse_record_id(setting.text("id")));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->updated_by, "sec");

  step.set("version", *parsed(forced)["version"].integer());
  EXPECT_EQ(post(sec, path + "/withdraw", step).status, 400) << "a reason is needed";
  EXPECT_EQ(total(pro), 208);
  step.set("reason", "提前结束");
  const Answer withdrawn = post(sec, path + "/withdraw", step);
  ASSERT_EQ(withdrawn.status, 200) << withdrawn.body;
  EXPECT_EQ(parsed(withdrawn).text("state"), "withdrawn");
  EXPECT_THAT(rows(parsed(withdrawn), "steps"), IsEmpty());
  EXPECT_EQ(total(pro), 0);
}

// From Tuesday the 20th on: the days 20th to 26th, their shifts, and both weeks, whose last days come after.
TEST_F(RegulationApi, SwitchingOffTakesWhatEndsAfterwards) {
  switch_on("yangcheng_2024");
  const Session sec = world.sign_in("sec"), pro = world.sign_in("pro");
  ASSERT_EQ(total(pro), 208);
  Json body = wanted("yangcheng_2024", "switch_off", "2026-01-20");
  body.set("until", "2026-01-26");
  const Json preview = parsed(post(sec, "/packs/preview", body));
  EXPECT_EQ(by_rule(preview["vanish"]), (std::map<S, std::int64_t>{{"self-check-team", 14},
                                                                   {"self-check-section", 4},
                                                                   {"hours-at-face", 42},
                                                                   {"hours-underground", 42}}));
  EXPECT_EQ(preview["vanish"]["count"], Json(102));
  EXPECT_EQ(preview["appear"]["count"], Json(0));
  const Json setting = parsed(post(sec, "/packs/settings", body));
  Json step;
  step.set("version", *setting["version"].integer());
  ASSERT_EQ(post(sec, "/packs/settings/" + S(setting.text("id")) + "/put_in_force", step).status, 200);
  EXPECT_EQ(total(pro), 106);
  EXPECT_EQ(total(pro, "&rule=self-check-section"), 0);
}

TEST_F(RegulationApi, ReplacingBringsTheOtherPack) {
  const Session sec = world.sign_in("sec");
  Json body = wanted("guizhou_2020", "replace", "2026-01-12");
  body.set("replaced_by", "yangcheng_2024").set("until", "2026-01-26");
  EXPECT_EQ(parsed(post(sec, "/packs/preview", body))["appear"]["count"], Json(208));
  const Json setting = parsed(post(sec, "/packs/settings", body));
  EXPECT_EQ(setting.text("replaced_by"), "yangcheng_2024");
}

TEST_F(RegulationApi, WhatCannotBeSwitchedIsRefused) {
  const Session sec = world.sign_in("sec");
  const struct {
    const char* why;
    const char* member;
    Json value;
    const char* named;
  } cases[] = {
      {"always in force", "pack", "national", "cannot be switched"},
      {"unknown pack", "pack", "mars_2030", "mars_2030"},
      {"no pack", "pack", Json(), "pack"},
      {"unknown action", "action", "explode", "action"},
      {"unknown region", "region", "999999", "region"},
      {"no first day", "first_day", Json(), "first_day"},
      {"no date", "first_day", "2026-02-30", "first_day"},
      {"ends before it begins", "last_day", "2026-01-11", "last_day"},
      {"replaced_by without replace", "replaced_by", "guizhou_2020", "replaced_by"},
      {"replace without replaced_by", "action", "replace", "replaced_by"},
  };
  for (const auto& c : cases) {
    Json body = wanted("yangcheng_2024", "switch_on", "2026-01-12");
    body.set(c.member, c.value);
    for (const char* path : {"/packs/preview", "/packs/settings"}) {
      const Answer answer = post(sec, path, body);
      EXPECT_EQ(answer.status, 400) << c.why << " " << path << " " << answer.body;
      EXPECT_THAT(S(parsed(answer)["error"].text("message")) + answer.body, HasSubstr(c.named)) << c.why;
    }
  }
  Json body = wanted("yangcheng_2024", "replace", "2026-01-12");
  EXPECT_EQ(post(sec, "/packs/preview", Json(body).set("replaced_by", "yangcheng_2024")).status, 400)
      << "by itself";
  body = wanted("yangcheng_2024", "switch_on", "2026-01-12");
  EXPECT_EQ(post(sec, "/packs/settings", Json(body).set("reason", "")).status, 400) << "without a reason";
  EXPECT_EQ(post(sec, "/packs/preview", Json(body).set("until", "tomorrow")).status, 400);
  EXPECT_EQ(post(sec, "/packs/preview", Json(body).set("until", "9999-12-31")).status, 400);
  EXPECT_EQ(post(sec, "/packs/preview", Json(body).set("until", "2027-01-13")).status, 200) << "366 days";
  EXPECT_EQ(post(sec, "/packs/preview", Json(body).set("until", "2027-01-14")).status, 400);
  EXPECT_THAT(rows(get(sec, "/packs/settings"), "settings"), IsEmpty());
}

TEST_F(RegulationApi, OnlyTheSecurityAdministratorSwitchesAndOnlyHere) {
  const Session sec = world.sign_in("sec"), pro = world.sign_in("pro");
  const Json body = wanted("yangcheng_2024", "switch_on", "2026-01-12");
  for (const char* name : {"pro", "xiana", "aqya", "admina", "audita"}) {
    const Session other = world.sign_in(name);
    EXPECT_EQ(post(other, "/packs/preview", body).status, 403) << name;
    EXPECT_EQ(post(other, "/packs/settings", body).status, 403) << name;
  }
  const Json setting = parsed(post(sec, "/packs/settings", body));
  const S id(setting.text("id")), path = "/packs/settings/" + id;
  const std::int64_t version = *setting["version"].integer();
  Json step, stale;
  step.set("version", version).set("reason", "试");
  stale.set("version", version + 1).set("reason", "试");
  EXPECT_EQ(post(pro, path + "/put_in_force", step).status, 403);
  EXPECT_EQ(post(pro, path + "/withdraw", step).status, 403);
  EXPECT_EQ(post(sec, path + "/put_in_force", Json(Json::Object{})).status, 400) << "no version";
  const Answer conflict = post(sec, path + "/put_in_force", stale);
  EXPECT_EQ(conflict.status, 409) << conflict.body;
  EXPECT_EQ(parsed(conflict)["error"]["current"].text("state"), "prepared");
  EXPECT_EQ(post(sec, "/packs/settings/1/put_in_force", step).status, 404);

  // Not by the routes of all records: neither the step, nor a change of what is in force.
  const S generic = "/records/pack_setting/" + id;
  for (const Session* who : {&sec, &pro})
    EXPECT_EQ(post(*who, generic + "/steps/put_in_force", step).status, 403);
  EXPECT_EQ(get(sec, generic)["state"], Json("prepared"));
  const Answer forced = post(sec, path + "/put_in_force", step);
  ASSERT_EQ(forced.status, 200) << forced.body;
  step.set("version", *parsed(forced)["version"].integer());
  EXPECT_EQ(post(sec, path + "/put_in_force", step).status, 409) << "twice";
  Json change = step, fields;
  change.set("fields", fields.set("first_day", "2026-01-20"));
  EXPECT_EQ(world.ask("PATCH", "/api/v1" + generic, sec, change.dump()).status, 403);
  EXPECT_EQ(total(pro), 208);
}

// A setting entered as a plain record went past the checks of the preview; it meets them before it binds.
TEST_F(RegulationApi, APlainRecordIsCheckedBeforeItBinds) {
  const Session sec = world.sign_in("sec");
  for (const auto& [pack, last] : {std::pair{"national", "2026-02-01"}, std::pair{"mars_2030", "2026-02-01"},
                                   std::pair{"yangcheng_2024", "2026-01-01"}}) {
    Json fields, body, step;
    fields.set("pack", pack).set("action", "switch_off").set("region", world.region.text());
    fields.set("first_day", "2026-01-12").set("last_day", last).set("reason", "试");
    const Answer created = post(sec, "/records/pack_setting", body.set("fields", fields));
    ASSERT_EQ(created.status, 201) << created.body;
    step.set("version", *parsed(created)["version"].integer());
    const S path = "/packs/settings/" + S(parsed(created).text("id")) + "/put_in_force";
    EXPECT_EQ(post(sec, path, step).status, 400) << pack;
  }
}

}  // namespace
}  // namespace mineward::api
