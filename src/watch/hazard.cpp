/// A hazard out of an alarm, linked both ways.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "watch/alarm_writer.h"
#include "watch/watch.h"
#include "watch/wording.h"

namespace mineward::watch {
namespace {

using record::Fields;
using record::Outcome;
using record::Record;
using record::Refusal;

bool may_make(const record::Actor& actor) {
  constexpr std::array<std::string_view, 4> kRoles = {"dispatcher", "safety_officer", "mine_manager",
                                                      "county_officer"};
  return std::any_of(kRoles.begin(), kRoles.end(),
                     [&](auto role) { return actor.roles.contains(std::string(role)); });
}

Fields hazard_fields(const Record& alarm, const record::Actor& actor, const Fields& more) {
  Fields f;
  f["organisation"] = alarm.reference("organisation");
  f["mine"] = alarm.reference("mine");
  f["title"] = clipped(alarm.text("title"), 200);
  std::string what = alarm.text("evidence");
  if (const auto peak = alarm.number("peak"))
    what = wording::peak_and_limit(*peak, alarm.text("unit"), alarm.text("limit_text")).text() + "\n" + what;
  if (!what.empty()) f["description"] = clipped(what, 4000);
  if (!alarm.text("place").empty()) f["place"] = alarm.text("place");
  if (!alarm.text("clause").empty()) f["criterion"] = clipped(alarm.text("clause"), 300);
  f["origin"] = std::string("alarm");
  f["alarm"] = alarm.id;
  if (actor.account) f["found_by"] = actor.account;
  if (const auto begin = alarm.time("begin_at")) f["found_at"] = *begin;
  for (const auto& [name, value] : more) f[name] = value;
  return f;
}

}  // namespace

Outcome<Record> hazard_from_alarm(record::Store& store, const record::Actor& actor, RecordId alarm_id,
                                  const Fields& more) {
  if (!may_make(actor))
    return Refusal{
        forbidden(
            "a hazard is made of an alarm by dispatcher, safety_officer, mine_manager or county_officer"),
        {},
        {}};
  std::optional<Outcome<Record>> outcome;
  const Status done = store.write([&](record::Writer& writer) -> Status {
    outcome.reset();
    auto alarm = writer.get(actor, "alarm", alarm_id);
    if (!alarm) {
      outcome = Refusal{alarm.error(), {}, {}};
      return alarm.error();
    }
    if (alarm->reference("hazard")) {
      outcome = Refusal{conflict(fmt::format("alarm {} has hazard {} already", alarm->text("number"),
                                             alarm->reference("hazard").text())),
                        {},
                        *alarm};
      return std::get<Refusal>(*outcome).error;
    }
    outcome = writer.create(actor, "hazard", hazard_fields(*alarm, actor, more),
                            wording::made_of_alarm(alarm->text("number")).text());
    const Record* hazard = std::get_if<Record>(&*outcome);
    if (!hazard) return std::get<Refusal>(*outcome).error;
    auto linked = writer.update(watch_actor(), "alarm", alarm_id, 0, {{"hazard", hazard->id}},
                                wording::hazard_made_by(actor.name).text());
    if (auto* refused = std::get_if<Refusal>(&linked)) {
      Error error = refused->error;
      outcome = std::move(*refused);
      return error;
    }
    return {};
  });
  if (!done && !(outcome && std::holds_alternative<Refusal>(*outcome))) return Refusal{done.error(), {}, {}};
  return *std::move(outcome);
}

}  // namespace mineward::watch
