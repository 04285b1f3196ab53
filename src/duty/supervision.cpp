#include "duty/supervision.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"
#include "record/scope_where.h"

namespace mineward::duty {
namespace {

using record::ScopeWhere;

constexpr std::int64_t kDay = 86'400'000;
constexpr std::string_view kMatters = "supervision_matter";

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (const auto& word : split(text, ' ')) {
    if (!word.empty()) out.emplace_back(word);
  }
  return out;
}
std::string extra(const pack::DictionaryEntry& entry, const char* column) {
  const auto found = entry.extra.find(column);
  return found == entry.extra.end() ? "" : found->second;
}

/// A clock of a record type.
struct Kind {
  const pack::RecordType* type = nullptr;
  const pack::ClockRule* clock = nullptr;
  bool regulators_only = true;  ///< false: mines owe it too; then only a regulator's own records count
};

/// Gathers the lapses of one matter after the other.
class Gathering {
 public:
  Gathering(db::Connection& c, const pack::Catalog& catalog, const Actor& actor,
            const SupervisionQuery& query, const Regulators& regulators, record::ScopeOwners owners,
            std::int64_t now)
      : c_(c),
        catalog_(catalog),
        actor_(actor),
        query_(query),
        regulators_(regulators),
        owners_(std::move(owners)),
        now_(now) {
    for (const auto& regulator : regulators.seen()) visible_.insert(regulator.id);
  }

  /// False: the actor may read nothing of it.
  Result<bool> matter(const pack::Dictionary& matters, const pack::DictionaryEntry& entry) {
    code_ = entry.code;
    taken_ = 0;
    const std::string clocks = extra(entry, "clocks");
    if (clocks.empty()) return waiting(entry);
    const auto kinds = clocks == "*" ? other_clocks(matters) : named_clocks(clocks);
    for (const Kind& kind : kinds) MW_TRY(run_out(kind));
    return !kinds.empty();
  }
  bool cut_short() const { return taken_ > kMostLapses; }
  std::vector<Lapse> take() { return std::move(lapses_); }

 private:
  bool readable(const pack::RecordType& type) const { return record::reads_type(actor_, type); }

  std::vector<Kind> named_clocks(std::string_view names) const {
    std::vector<Kind> out;
    for (const auto& name : words(names)) {
      const auto dot = name.find('.');
      const auto* type = catalog_.record_type(name.substr(0, dot));
      const auto* flow = type ? catalog_.workflow(type->workflow) : nullptr;
      if (!flow || !readable(*type)) continue;
      for (const auto& clock : flow->clocks) {
        if (dot != std::string::npos && clock.name == name.substr(dot + 1))
          out.push_back({type, &clock, true});
      }
    }
    return out;
  }

  /// Clocks that no other matter names and that officials owe.
  std::vector<Kind> other_clocks(const pack::Dictionary& matters) const {
    std::set<std::string> named;
    for (const auto& entry : matters.entries) {
      for (auto& name : words(extra(entry, "clocks"))) named.insert(std::move(name));
    }
    std::vector<Kind> out;
    for (const auto& type : catalog_.record_types) {
      const auto* flow = catalog_.workflow(type.workflow);
      if (!flow || !readable(type)) continue;
      for (const auto& clock : flow->clocks) {
        const auto is_mines = [&](const std::string& name) {
          const auto* role = catalog_.role(name);
          return role && role->level == "mine";
        };
        const auto& owed = clock.owed_by;
        const bool officials =
            std::any_of(owed.begin(), owed.end(), [&](const auto& r) { return !is_mines(r); });
        if (clock.reminder || !officials || named.contains(type.name + "." + clock.name)) continue;
        out.push_back({&type, &clock, std::none_of(owed.begin(), owed.end(), is_mines)});
      }
    }
    return out;
  }

  static std::string authority_of(const pack::RecordType& type) {
    return type.field("authority") ? "t.authority" : "CAST(NULL AS BIGINT)";
  }

  Status run_out(const Kind& kind) {
    ScopeWhere where({kind.type->name, kind.clock->name, now_});
    const std::string seen = where.within(owners_, "t.owner");
    return c_.each(
        fmt::format(
            "SELECT t.id, c.due, t.owner, {}, t.updated_by FROM record_clock c JOIN {} t ON t.id = c.id "
            "WHERE "
            "c.type = $1 AND c.clock = $2 AND c.state = 'running' AND c.due < $3 AND {} ORDER BY c.due, t.id "
            "LIMIT {}",
            authority_of(*kind.type), db::identifier(kind.type->name), seen, kMostLapses + 1),
        where.params, [&](std::span<const db::Value> row) {
          return add(*kind.type, kind.clock->name, kind.regulators_only, row);
        });
  }

  /// Records that wait in a state.
  Result<bool> waiting(const pack::DictionaryEntry& entry) {
    bool any = false;
    for (const auto& name : words(extra(entry, "records"))) {
      const auto* type = catalog_.record_type(name);
      const auto* flow = type ? catalog_.workflow(type->workflow) : nullptr;
      if (!flow || !readable(*type)) continue;
      any = true;
      MW_TRY(waiting_of(entry, *type, *flow));
    }
    return any;
  }

  Status waiting_of(const pack::DictionaryEntry& entry, const pack::RecordType& type,
                    const pack::Workflow& flow) {
    std::vector<std::string> states = words(extra(entry, "states"));
    if (states.empty()) {
      for (const auto& state : flow.states) {
        if (!state.final) states.push_back(state.name);
      }
    }
    const pack::Field* from = type.field(extra(entry, "since"));
    const bool moment = from && from->type == pack::FieldType::instant;
    const std::string since = "t." + (moment ? db::identifier(from->name) : std::string("updated_at"));
    const pack::Field* set = type.field(extra(entry, "set"));
    const std::int64_t days = parse_integer(extra(entry, "days")).value_or(0);
    ScopeWhere where({now_ - days * kDay});
    const std::string in_states = where.any_of("t.state", states);
    const std::string seen = where.within(owners_, "t.owner");
    return c_.each(
        fmt::format(
            "SELECT t.id, {0}, t.owner, {1}, t.updated_by FROM {2} t WHERE {3} AND {0} <= $1 AND {4} AND {5} "
            "ORDER BY {0}, t.id LIMIT {6}",
            since, authority_of(type), db::identifier(type.name), in_states,
            set ? "t." + db::identifier(set->name) + " IS NOT NULL" : std::string("TRUE"), seen,
            kMostLapses + 1),
        where.params, [&](std::span<const db::Value> row) { return add(type, "", true, row); });
  }

  /// (id, since, owner, authority, last changed by)
  bool add(const pack::RecordType& type, const std::string& clock, bool regulators_only,
           std::span<const db::Value> row) {
    const auto id = [&](std::size_t i) {
      const auto* v = std::get_if<std::int64_t>(&row[i]);
      return RecordId{v ? *v : 0};
    };
    const RecordId owner = id(2), authority = id(3);
    if (!regulators_only && !regulators_.is_regulator(owner)) return true;
    const RecordId regulator = regulators_.regulator_of(authority ? authority : owner);
    const bool wanted = !query_.regulator || query_.regulator == regulator;
    if (!visible_.contains(regulator) || !wanted) return true;
    if (++taken_ > kMostLapses) return false;
    const auto* by = std::get_if<std::string>(&row[4]);
    lapses_.push_back({code_, type.name, id(0), regulator, by ? *by : "", clock, id(1).value});
    return true;
  }

  db::Connection& c_;
  const pack::Catalog& catalog_;
  const Actor& actor_;
  const SupervisionQuery& query_;
  const Regulators& regulators_;
  const record::ScopeOwners owners_;
  const std::int64_t now_;
  std::set<RecordId> visible_;
  std::string code_;
  int taken_ = 0;
  std::vector<Lapse> lapses_;
};

/// An officer is one of the regulator's own accounts; what somebody else changed last lies with nobody in
/// particular.
Status keep_officers(db::Connection& c, std::vector<Lapse>& lapses) {
  std::map<std::string, RecordId> office;
  for (auto& lapse : lapses) {
    if (lapse.officer.empty()) continue;
    const auto [slot, is_new] = office.try_emplace(lapse.officer);
    if (is_new) {
      MW_ASSIGN(const db::Rows rows,
                c.query("SELECT organisation FROM account WHERE name = $1", {lapse.officer}));
      if (!rows.empty()) slot->second = RecordId{rows.integer(0, 0)};
    }
    if (slot->second != lapse.regulator) lapse.officer.clear();
  }
  return {};
}

}  // namespace

Result<Supervision> supervise(record::Store& store, const Actor& actor, const SupervisionQuery& query,
                              ArrivalTime now) {
  Supervision out;
  const pack::Dictionary* matters = store.catalog().dictionary(kMatters);
  if (!matters) return out;
  if (query.under) MW_TRY(store.get(actor, "organisation", query.under));
  if (!query.matter.empty() && !matters->entry(query.matter))
    return bad_input(fmt::format("there is no matter '{}'", query.matter), "matter");
  MW_TRY(store.database().read([&](db::Connection& c) -> Status {
    const record::Scope scope = query.under ? record::Scope{query.under, false} : actor.scope;
    MW_ASSIGN(const Regulators regulators, Regulators::read(c, scope));
    MW_ASSIGN(auto owners, record::ScopeOwners::read(c, scope));
    Gathering gathering(c, store.catalog(), actor, query, regulators, std::move(owners), now.utc_ms);
    for (const auto& entry : matters->entries) {
      if (!query.matter.empty() && entry.code != query.matter) continue;
      MW_ASSIGN(const bool readable, gathering.matter(*matters, entry));
      if (readable) out.matters.push_back(entry.code);
      if (gathering.cut_short()) out.cut_short.push_back(entry.code);
    }
    out.regulators = regulators.seen();
    out.lapses = gathering.take();
    return keep_officers(c, out.lapses);
  }));
  if (!query.officer.empty()) {
    const std::string wanted = query.officer == kNobody ? "" : query.officer;
    std::erase_if(out.lapses, [&](const Lapse& lapse) { return lapse.officer != wanted; });
  }
  std::sort(out.lapses.begin(), out.lapses.end(), [](const Lapse& a, const Lapse& b) {
    return std::tie(a.since, a.type, a.id, a.clock) < std::tie(b.since, b.type, b.id, b.clock);
  });
  return out;
}

}  // namespace mineward::duty
