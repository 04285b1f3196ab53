#include "record/reminders.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "record/clocks.h"
#include "record/read.h"
#include "record/scope_where.h"

namespace mineward::record {
namespace {

constexpr std::int64_t kKeptShown = std::int64_t{60} * 24 * 3'600'000;  // ms
constexpr const char* kReminderColumns = "r.seq, r.type, r.id, r.owner, r.clock, r.stage, r.due, r.at";

/// A clock that has come to a stage of which nobody was told yet.
struct Passed {
  std::string type, clock;
  RecordId id, owner;
  std::int64_t due = 0;
  std::optional<std::int64_t> half, fifths;
};

std::int64_t number_in(std::span<const db::Value> row, std::size_t i) {
  const auto* v = std::get_if<std::int64_t>(&row[i]);
  return v ? *v : 0;
}
std::string text_in(std::span<const db::Value> row, std::size_t i) {
  const auto* v = std::get_if<std::string>(&row[i]);
  return v ? *v : std::string();
}

Reminder reminder_of(std::span<const db::Value> row) {
  return {number_in(row, 0),           text_in(row, 1),  RecordId{number_in(row, 2)},
          RecordId{number_in(row, 3)}, text_in(row, 4),  static_cast<int>(number_in(row, 5)),
          number_in(row, 6),           number_in(row, 7)};
}

Result<std::vector<Passed>> passed(db::Connection& c, std::int64_t now, int limit) {
  std::vector<Passed> out;
  MW_TRY(c.each(
      "SELECT type, clock, id, owner, due, half, fifths FROM record_clock WHERE remind <= $1 ORDER BY "
      "remind, type, id, clock LIMIT $2",
      std::vector<db::Value>{now, static_cast<std::int64_t>(limit)}, [&](std::span<const db::Value> row) {
        const auto maybe = [&](std::size_t i) {
          return db::is_null(row[i]) ? std::nullopt : std::optional(number_in(row, i));
        };
        out.push_back({text_in(row, 0), text_in(row, 1), RecordId{number_in(row, 2)},
                       RecordId{number_in(row, 3)}, number_in(row, 4), maybe(5), maybe(6)});
        return true;
      }));
  return out;
}

/// How far it has come.
int stage_of(const Passed& clock, std::int64_t now) {
  if (now >= clock.due) return 3;
  return clock.fifths && now >= *clock.fifths ? 2 : 1;
}

Status take_one(Writer& w, const Passed& clock, std::int64_t now) {
  db::Connection& c = w.connection();
  const int stage = stage_of(clock, now);
  const auto next = next_reminder(clock.half, clock.fifths, clock.due, now);
  MW_TRY(
      c.execute("UPDATE record_clock SET remind = $4 WHERE type = $1 AND id = $2 AND clock = $3",
                {clock.type, clock.id.value, clock.clock, next ? db::Value(*next) : db::Value(db::Null{})}));
  // A clock that was put off and taken back comes to the same stage of the same day again.
  MW_ASSIGN(const db::Rows told,
            c.query("SELECT 1 FROM record_reminder WHERE type = $1 AND id = $2 AND clock = $3 "
                    "AND due = $4 AND stage = $5",
                    {clock.type, clock.id.value, clock.clock, clock.due, static_cast<std::int64_t>(stage)}));
  if (!told.empty()) return {};
  MW_ASSIGN(const std::int64_t seq, w.next_number("record_reminder"));
  MW_TRY(c.execute(
      "INSERT INTO record_reminder (seq, type, id, clock, due, stage, owner, at) VALUES ($1, $2, $3, $4, "
      "$5, $6, $7, $8)",
      {seq, clock.type, clock.id.value, clock.clock, clock.due, static_cast<std::int64_t>(stage),
       clock.owner.value, now}));
  Actor program = Actor::system("system:clocks");
  program.organisation = clock.owner;
  return w.note(program, fmt::format("remind:{}", name_of_stage(stage)), clock.type, clock.id,
                Json(Json::Object{{"#clock", Json(Json::Array{Json(), Json(clock.clock)})}}));
}

/// Every clock that the actor's roles owe.
std::set<std::pair<std::string, std::string>> owed(const pack::Catalog& catalog, const Actor& actor) {
  std::set<std::pair<std::string, std::string>> out;
  for (const auto& type : catalog.record_types) {
    const pack::Workflow* flow = catalog.workflow(type.workflow);
    if (!flow || !reads_type(actor, type)) continue;
    for (const auto& clock : flow->clocks) {
      if (has_role(actor, clock.owed_by)) out.emplace(type.name, clock.name);
    }
  }
  return out;
}

/// Calls `take` with each reminder that the actor has not seen, newest first, until it returns false.
Status each_unseen(db::Connection& c, const pack::Catalog& catalog, const Actor& actor, std::int64_t since,
                   const std::function<bool(const Reminder&)>& take) {
  const auto kinds = owed(catalog, actor);
  if (kinds.empty()) return {};
  MW_ASSIGN(const auto owners, ScopeOwners::read(c, actor.scope));
  ScopeWhere where;
  const std::string seen_by = where.bind(actor.account.value);
  const std::string in_scope = where.within(owners, "r.owner");
  const std::string sql = fmt::format(
      "SELECT {} FROM record_reminder r JOIN record_clock c ON c.type = r.type AND c.id = r.id AND c.clock = "
      "r.clock "
      "AND c.due = r.due WHERE c.state = 'running' AND (r.owner = 0 OR {}) AND NOT EXISTS (SELECT 1 FROM "
      "record_reminder_seen s WHERE s.account = {} AND s.seq = r.seq) ORDER BY r.seq DESC",
      kReminderColumns, in_scope, seen_by);
  std::set<std::tuple<std::string, RecordId, std::string>> told;
  return c.each(sql, where.params, [&](std::span<const db::Value> row) {
    const Reminder reminder = reminder_of(row);
    if (reminder.at < since) return false;
    if (!kinds.contains({reminder.type, reminder.clock})) return true;
    if (!told.emplace(reminder.type, reminder.id, reminder.clock).second) return true;
    return take(reminder);
  });
}

}  // namespace

std::string_view name_of_stage(int stage) { return stage >= 3 ? "due" : stage == 2 ? "fifths" : "half"; }

std::vector<std::string> owed_by(const pack::Catalog& catalog, const std::string& type,
                                 const std::string& clock) {
  const pack::RecordType* of = catalog.record_type(type);
  const pack::Workflow* flow = of ? catalog.workflow(of->workflow) : nullptr;
  if (!flow) return {};
  const auto rule =
      std::find_if(flow->clocks.begin(), flow->clocks.end(), [&](const auto& c) { return c.name == clock; });
  return rule == flow->clocks.end() ? std::vector<std::string>() : rule->owed_by;
}

Result<int> take_reminders(Store& store, ArrivalTime now, int limit) {
  std::vector<Passed> found;
  MW_TRY(store.database().read(
      [&](db::Connection& c) -> Status {  // nearly always nothing: the writer is not waited for
        MW_ASSIGN(found, passed(c, now.utc_ms, 1));
        return {};
      }));
  if (found.empty()) return 0;
  MW_TRY(store.write([&](Writer& w) -> Status {
    MW_ASSIGN(found, passed(w.connection(), now.utc_ms, limit));  // another node may have been quicker
    for (const Passed& clock : found) MW_TRY(take_one(w, clock, now.utc_ms));
    return {};
  }));
  return static_cast<int>(found.size());
}

Result<std::vector<Reminder>> reminders_after(Store& store, std::int64_t seq, int limit) {
  std::vector<Reminder> out;
  MW_TRY(store.database().read([&](db::Connection& c) -> Status {
    return c.each(fmt::format("SELECT {} FROM record_reminder r WHERE r.seq > $1 ORDER BY r.seq LIMIT $2",
                              kReminderColumns),
                  std::vector<db::Value>{seq, static_cast<std::int64_t>(limit)},
                  [&](std::span<const db::Value> row) {
                    out.push_back(reminder_of(row));
                    return true;
                  });
  }));
  return out;
}

Result<std::int64_t> newest_reminder(Store& store) {
  std::int64_t seq = 0;
  MW_TRY(store.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(const db::Rows rows, c.query("SELECT seq FROM record_reminder ORDER BY seq DESC LIMIT 1"));
    if (!rows.empty()) seq = rows.integer(0, 0);
    return {};
  }));
  return seq;
}

Result<std::vector<Reminder>> unseen_reminders(Store& store, const Actor& actor, int limit, ArrivalTime now) {
  if (limit < 1 || limit > 200) return bad_input(fmt::format("limit is {}, 1 to 200 expected", limit));
  std::vector<Reminder> out;
  MW_TRY(store.database().read([&](db::Connection& c) -> Status {
    return each_unseen(c, store.catalog(), actor, now.utc_ms - kKeptShown, [&](const Reminder& reminder) {
      out.push_back(reminder);
      return static_cast<int>(out.size()) < limit;
    });
  }));
  return out;
}

Status see_reminders(Store& store, const Actor& actor, const std::vector<std::int64_t>& seqs,
                     ArrivalTime now) {
  return store.write([&](Writer& w) -> Status {
    db::Connection& c = w.connection();
    std::map<std::int64_t, Reminder> wanted;
    MW_TRY(each_unseen(c, store.catalog(), actor, 0, [&](const Reminder& reminder) {
      if (std::find(seqs.begin(), seqs.end(), reminder.seq) != seqs.end())
        wanted.emplace(reminder.seq, reminder);
      return wanted.size() < seqs.size();
    }));
    for (const auto& [seq, reminder] : wanted) {
      MW_TRY(c.execute(
          "INSERT INTO record_reminder_seen (account, seq, at) SELECT $1, r.seq, $2 FROM record_reminder r "
          "WHERE "
          "r.type = $3 AND r.id = $4 AND r.clock = $5 AND r.due = $6 AND r.seq <= $7 ON CONFLICT DO NOTHING",
          {actor.account.value, now.utc_ms, reminder.type, reminder.id.value, reminder.clock, reminder.due,
           seq}));
      MW_TRY(w.note(actor, fmt::format("remind_seen:{}", name_of_stage(reminder.stage)), reminder.type,
                    reminder.id,
                    Json(Json::Object{{"#clock", Json(Json::Array{Json(), Json(reminder.clock)})}})));
    }
    return {};
  });
}

}  // namespace mineward::record
