#include "record/open_work.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "record/read.h"
#include "record/scope_where.h"

namespace mineward::record {
namespace {

constexpr int kMostShown = 100;

/// A step that moves a matter on. One that needs a reason is an exception: sending back, withdrawing.
bool moves_on(const pack::Transition& step) { return !step.reason_required; }

bool leaves(const pack::Transition& step, const std::string& state) {
  return moves_on(step) && std::find(step.from.begin(), step.from.end(), state) != step.from.end();
}

std::vector<std::string> states_of(const pack::Workflow& flow, const Actor& actor, const WorkQuery& query) {
  std::vector<std::string> out;
  for (const auto& state : flow.states) {
    bool open = false, movable = false;
    for (const auto& step : flow.transitions) {
      if (!leaves(step, state.name)) continue;
      open = true;
      movable = movable || has_role(actor, step.roles);
    }
    // What can only be sent back or withdrawn has come to its end, too.
    if ((state.final || !open) && !query.final_too) continue;
    if (!query.to_move || movable) out.push_back(state.name);
  }
  return out;
}

/// Clocks that somebody owes; the others only remind, and are forgotten once they have run out.
std::vector<std::string> binding_clocks(const pack::Workflow& flow) {
  std::vector<std::string> out;
  for (const auto& clock : flow.clocks) {
    if (!clock.reminder) out.push_back(clock.name);
  }
  return out;
}

/// Fields of a type that name a mine.
std::vector<std::string> mine_fields(const pack::RecordType& type) {
  std::vector<std::string> out;
  for (const auto& field : type.fields) {
    if (field.type == pack::FieldType::reference && field.target == "mine") out.push_back(field.name);
  }
  return out;
}

/// Reads the work of one type after the other.
class WorkReader {
 public:
  WorkReader(db::Connection& c, const Actor& actor, const WorkQuery& query, ScopeOwners owners,
             RecordId mine_owner, ArrivalTime now)
      : c_(c), actor_(actor), query_(query), owners_(std::move(owners)), mine_owner_(mine_owner), now_(now) {}

  Result<TypeWork> read(const pack::RecordType& type, const pack::Workflow& flow) {
    TypeWork work{type.name, {}, true};
    const auto states = states_of(flow, actor_, query_);
    if (states.empty()) return work;
    MW_TRY(count(type, states, work));
    for (auto& state : work.states) {
      if (state.count == 0) continue;
      if (!flow.clocks.empty()) MW_TRY(count_late(type, flow, state));
      if (query_.first > 0) MW_TRY(show(type, flow, state));
    }
    if (query_.types.empty())
      std::erase_if(work.states, [](const StateWork& state) { return state.count == 0; });
    return work;
  }

 private:
  Status count(const pack::RecordType& type, const std::vector<std::string>& states, TypeWork& work) {
    ScopeWhere where;
    const std::string seen = conditions(type, where);
    const std::string in_states = where.any_of("t.state", states);
    MW_ASSIGN(const db::Rows rows,
              c_.query(fmt::format("SELECT state, count(*) FROM (SELECT t.state FROM {} t WHERE {} AND {} "
                                   "LIMIT {}) AS few GROUP BY state",
                                   db::identifier(type.name), in_states, seen, kMostCounted + 1),
                       where.params));
    std::map<std::string, std::int64_t> counts;
    std::int64_t all = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) all += counts[rows.text(i, 0)] = rows.integer(i, 1);
    work.exact = all <= kMostCounted;
    for (const auto& state : states) work.states.push_back({state, counts[state], 0, {}});
    return {};
  }

  Status count_late(const pack::RecordType& type, const pack::Workflow& flow, StateWork& state) {
    ScopeWhere where({type.name, now_.utc_ms, state.state});
    const std::string seen = conditions(type, where);
    const std::string binding = where.any_of("c.clock", binding_clocks(flow));
    MW_ASSIGN(
        const db::Rows rows,
        c_.query(fmt::format("SELECT count(*) FROM (SELECT DISTINCT t.id FROM record_clock c JOIN {} t ON "
                             "t.id = c.id WHERE c.type = $1 AND c.state = 'running' AND c.due < $2 AND "
                             "t.state = $3 AND {} AND {} LIMIT {}) AS few",
                             db::identifier(type.name), binding, seen, kMostCounted),
                 where.params));
    state.late = rows.empty() ? 0 : std::min(rows.integer(0, 0), state.count);
    return {};
  }

  /// Those whose clock runs out first; what is left of the page, by their last change.
  Status show(const pack::RecordType& type, const pack::Workflow& flow, StateWork& state) {
    std::set<RecordId> taken;
    const auto most = static_cast<std::size_t>(query_.first);
    if (!flow.clocks.empty()) {
      ScopeWhere where({type.name, state.state, now_.utc_ms});
      const std::string seen = conditions(type, where);
      const std::string binding = where.any_of("c.clock", binding_clocks(flow));
      MW_TRY(c_.each(
          fmt::format("SELECT c.id, t.owner, c.clock, c.due FROM record_clock c JOIN {} t ON t.id = c.id "
                      "WHERE c.type = $1 AND c.state = 'running' AND c.due IS NOT NULL AND t.state = "
                      "$2 AND (c.due >= $3 OR {}) AND {} ORDER BY c.due, c.id LIMIT {}",
                      db::identifier(type.name), binding, seen, most * (flow.clocks.size() + 1)),
          where.params, [&](std::span<const db::Value> row) {
            const RecordId id{std::get<std::int64_t>(row[0])};
            if (taken.insert(id).second)
              state.first.push_back({id, RecordId{std::get<std::int64_t>(row[1])},
                                     std::get<std::string>(row[2]), std::get<std::int64_t>(row[3])});
            return taken.size() < most;
          }));
    }
    if (taken.size() >= most) return {};
    ScopeWhere where({state.state});
    const std::string seen = conditions(type, where);
    return c_.each(
        fmt::format(
            "SELECT t.id, t.owner FROM {} t WHERE t.state = $1 AND {} ORDER BY t.updated_at DESC, t.id "
            "DESC LIMIT {}",
            db::identifier(type.name), seen, most + taken.size()),
        where.params, [&](std::span<const db::Value> row) {
          const RecordId id{std::get<std::int64_t>(row[0])};
          const RecordId owner{std::get<std::int64_t>(row[1])};
          if (taken.insert(id).second) state.first.push_back({id, owner, {}, {}});
          return taken.size() < most;
        });
  }

  /// The scope, and what the query narrows it to, over `t`.
  std::string conditions(const pack::RecordType& type, ScopeWhere& where) {
    std::vector<std::string> parts;
    const bool nobodys = type.owner_field == "none";
    if (!nobodys || query_.under) parts.push_back(where.within(owners_, "t.owner"));
    if (query_.mine) {
      std::vector<std::string> ways;
      for (const auto& field : mine_fields(type))
        ways.push_back(fmt::format("t.{} = {}", db::identifier(field), where.bind(query_.mine.value)));
      if (ways.empty()) ways.push_back("t.owner = " + where.bind(mine_owner_.value));
      parts.push_back("(" + join(ways, " OR ") + ")");
    }
    return parts.empty() ? std::string("TRUE") : join(parts, " AND ");
  }

  db::Connection& c_;
  const Actor& actor_;
  const WorkQuery& query_;
  const ScopeOwners owners_;
  const RecordId mine_owner_;
  const ArrivalTime now_;
};

}  // namespace

std::int64_t TypeWork::count() const {
  std::int64_t sum = 0;
  for (const auto& state : states) sum += state.count;
  return sum;
}
std::int64_t TypeWork::late() const {
  std::int64_t sum = 0;
  for (const auto& state : states) sum += state.late;
  return sum;
}

Result<std::vector<TypeWork>> open_work(Store& store, const Actor& actor, const WorkQuery& query,
                                        ArrivalTime now) {
  if (query.first < 0 || query.first > kMostShown)
    return bad_input(
        fmt::format("{} records of each state are asked for, 0 to {} expected", query.first, kMostShown));
  RecordId mine_owner;
  if (query.mine) {
    MW_ASSIGN(const Record mine, store.get(actor, "mine", query.mine));
    mine_owner = mine.owner;
  }
  if (query.under) {
    MW_TRY(store.get(actor, "organisation", query.under));
  }
  std::vector<TypeWork> out;
  MW_TRY(store.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(auto owners, ScopeOwners::read(c, query.under ? Scope{query.under, false} : actor.scope));
    WorkReader reader(c, actor, query, std::move(owners), mine_owner, now);
    for (const auto& type : store.catalog().record_types) {
      const bool named = std::find(query.types.begin(), query.types.end(), type.name) != query.types.end();
      const pack::Workflow* flow = store.catalog().workflow(type.workflow);
      const bool readable = reads_type(actor, type);
      if (!flow || !readable || (!query.types.empty() && !named)) continue;
      MW_ASSIGN(TypeWork work, reader.read(type, *flow));
      if (named || !work.states.empty()) out.push_back(std::move(work));
    }
    return {};
  }));
  return out;
}

}  // namespace mineward::record
