/// For the tests of duties, clauses and pack settings over HTTP: a week in which two mines owe something, and
/// what reads the answers.
///
/// Numbers are worked by hand from the calendar and the packs:
///
/// Mines a and b are entered on Monday 2026-01-12 08:00 and owe what yangcheng_2024 asks (self-check by the
/// team each day, by the section each week, by the mine each month, by the group each quarter; no stay at the
/// face over 8 h and none underground over 10 h in any of three shifts that begin at 00, 08 and 16). A period
/// that began before a mine was entered is not owed; periods are made until 14 days ahead. On Friday the 16th
/// at 10:00 that is until the 30th, so that each mine owes
///    18 days (13th to 30th), the weeks of the 19th and the 26th, and 2 x 56 shifts (2 on the 12th, 3 a day
///    after): 132. The month and the quarter begin too early or too late.
/// A limit is due when a stay that begins last in the shift could be too long: 8 h or 10 h after its end. So
/// by then the 11 shifts of each rule that ended by the midnight before the 16th are over.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "api/world_testing.h"
#include "base/text.h"

namespace mineward::api::testing {

using record::Fields;
using record::Record;
using record::RecordId;
using S = std::string;

inline std::int64_t at(std::string_view beijing) { return parse_beijing_time(beijing)->utc_ms; }
inline S ms(std::string_view beijing) { return std::to_string(at(beijing)); }
inline EventTime event(std::string_view beijing) { return *parse_beijing_time(beijing); }

/// "met 3, missed 1": counts that are not zero, in the order of the states.
inline S counts_text(const Json& counts) {
  std::vector<S> out;
  for (const char* state : {"upcoming", "met", "late", "missed", "met_late"}) {
    const auto* n = counts[state].integer();
    if (!n) return "no count of " + S(state);
    if (*n != 0) out.push_back(fmt::format("{} {}", state, *n));
  }
  return join(out, ", ");
}

/// "self-check-team 煤矿a met 1/1".
inline S line(const Json& duty) {
  return fmt::format("{} {} {} {}/{}", duty.text("rule"), duty.text("subject_name"), duty.text("state"),
                     *duty["progress"].integer(), *duty["needed"].integer());
}

inline const Json::Array& rows(const Json& answer, std::string_view name) {
  static const Json::Array none;
  const auto* found = answer[name].array();
  EXPECT_TRUE(found) << name << " of " << answer.dump().substr(0, 300);
  return found ? *found : none;
}

/// Of an answer that nobody keeps: a copy.
inline Json::Array rows(Json&& answer, std::string_view name) { return rows(std::as_const(answer), name); }

inline std::vector<S> texts(const Json& answer, std::string_view list, std::string_view member) {
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
                              {"findings", std::int64_t{1}},
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
  const record::Actor maker = record::Actor::system("system:test");
  RecordId first_check, late_check, open_check;
};

}  // namespace mineward::api::testing
