#include "record/clocks.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"
#include "record/clock.h"
#include "record/meta.h"
#include "record/read.h"
#include "record/scope.h"
#include "record/selection.h"
#include "record/values.h"

namespace mineward::record {
namespace {

using State = ClockReading::State;

constexpr const char* kClockColumns = "type, id, owner, clock, state, started, due, half, fifths, ended";

std::optional<std::int64_t> moment(const Record& record, const std::string& field) {
  if (field == "created_at") return record.created_at.utc_ms;
  const auto found = record.fields.find(field);
  return found == record.fields.end() ? std::nullopt : moment_of(found->second);
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// When the record was in which state, by entry times: (from, state), rising.
Result<std::vector<std::pair<std::int64_t, std::string>>> states_of(db::Connection& c, const Record& record) {
  std::vector<std::pair<std::int64_t, std::string>> out;
  MW_ASSIGN(
      const db::Rows rows,
      c.query("SELECT at, diff FROM change_log WHERE type = $1 AND id = $2 AND version > 0 ORDER BY seq",
              {record.type, record.id.value}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto diff = parse_json(rows.text(i, 1));
    const Json* pair = diff && diff->has("state") ? &(*diff)["state"] : nullptr;
    if (pair && pair->array() && pair->array()->size() == 2 && (*pair->array())[1].string())
      out.emplace_back(rows.integer(i, 0), *(*pair->array())[1].string());
  }
  return out;
}

std::vector<Pause> pauses_of(const pack::ClockRule& rule,
                             const std::vector<std::pair<std::int64_t, std::string>>& states) {
  std::vector<Pause> out;
  for (const auto& [at, state] : states) {
    const bool still = contains(rule.pauses_in, state);
    const bool open = !out.empty() && !out.back().to;
    if (still && !open) out.push_back({at, std::nullopt});
    if (!still && open) out.back().to = at;
  }
  return out;
}

ClockFacts facts_of(const pack::ClockRule& rule, const Record& record,
                    const std::vector<std::pair<std::int64_t, std::string>>& states) {
  ClockFacts facts;
  facts.started = moment(record, rule.starts);
  if (!rule.ends.empty()) facts.ended = moment(record, rule.ends);
  facts.over = contains(rule.ends_in, record.state);
  if (!rule.extended_by.empty())
    facts.extended = static_cast<int>(record.number(rule.extended_by).value_or(0));
  if (!rule.pauses_in.empty()) facts.pauses = pauses_of(rule, states);
  return facts;
}

ClockView view_of(std::span<const db::Value> row, std::int64_t now) {
  const auto number = [&](std::size_t i) -> std::optional<std::int64_t> {
    const auto* v = std::get_if<std::int64_t>(&row[i]);
    return v ? std::optional(*v) : std::nullopt;
  };
  const auto text = [&](std::size_t i) {
    const auto* v = std::get_if<std::string>(&row[i]);
    return v ? *v : std::string();
  };
  ClockView view{text(0),
                 RecordId{number(1).value_or(0)},
                 RecordId{number(2).value_or(0)},
                 text(3),
                 text(4),
                 number(5),
                 number(6),
                 number(7),
                 number(8),
                 number(9)};
  if (view.state == name_of(State::running) && view.due && now > *view.due)
    view.state = name_of(State::overdue);
  return view;
}

/// Few organisations are walked one by one, each along its own index; many are tested row by row.
constexpr int kFewOwners = 48;

/// (record type, clock) of every clock that the query asks for and the actor may see; whether it only
/// reminds.
using Kinds = std::map<std::pair<std::string, std::string>, bool>;
Kinds kinds_of(const Context& context, const Actor& actor, const ClockQuery& query) {
  Kinds out;
  for (const auto& [name, type] : context.model.types()) {
    const bool asked = query.type.empty() || query.type == name;
    if (!asked || !type.workflow || !may_read(actor, type)) continue;
    for (const auto& rule : type.workflow->clocks) {
      if (!query.mine || has_role(actor, rule.owed_by))
        out.emplace(std::pair(name, rule.name), rule.reminder);
    }
  }
  return out;
}

/// The soonest clocks of several walks, each of which is in that order.
class Soonest {
 public:
  Soonest(db::Connection& c, const Kinds& kinds, const ClockQuery& query, std::int64_t now)
      : c_(c),
        kinds_(kinds),
        most_(static_cast<std::size_t>(query.limit)),
        before_(query.before),
        now_(now) {}

  /// `where` narrows the walk; `params` are its values, to which the bound is added.
  Status walk(std::string_view where, std::vector<db::Value> params) {
    params.emplace_back(before_);
    const std::string sql = fmt::format(
        "SELECT {} FROM record_clock r WHERE state = 'running' AND {} AND due < ${} ORDER BY due, type, id, "
        "clock",
        kClockColumns, where, params.size());
    std::size_t taken = 0;
    MW_TRY(c_.each(sql, params, [&](std::span<const db::Value> row) {
      ClockView view = view_of(row, now_);
      const auto kind = kinds_.find(std::pair(view.type, view.clock));
      const bool forgotten = kind != kinds_.end() && kind->second && view.state == name_of(State::overdue);
      if (kind != kinds_.end() && !forgotten) {
        found_.push_back(std::move(view));
        ++taken;
      }
      return taken < most_;
    }));
    keep_the_soonest();
    return {};
  }
  std::vector<ClockView> take() { return std::move(found_); }

 private:
  /// What comes later than the page is full with need not be looked at by the walks that follow.
  void keep_the_soonest() {
    const auto key = [](const ClockView& v) { return std::tie(v.due, v.type, v.id, v.clock); };
    std::sort(found_.begin(), found_.end(),
              [&](const ClockView& a, const ClockView& b) { return key(a) < key(b); });
    if (found_.size() < most_) return;
    found_.resize(most_);
    before_ = std::min(before_, *found_.back().due + 1);
  }

  db::Connection& c_;
  const Kinds& kinds_;
  const std::size_t most_;
  std::int64_t before_;
  const std::int64_t now_;
  std::vector<ClockView> found_;
};

}  // namespace

Result<std::vector<ClockView>> compute_clocks(db::Connection& c, const pack::Calendar& calendar,
                                              const TypeModel& type, const Record& record, std::int64_t now) {
  std::vector<ClockView> out;
  std::vector<std::pair<std::int64_t, std::string>> states;
  const auto& clocks = type.workflow->clocks;
  if (std::any_of(clocks.begin(), clocks.end(), [](const auto& rule) { return !rule.pauses_in.empty(); })) {
    MW_ASSIGN(states, states_of(c, record));
  }
  for (const auto& rule : clocks) {
    if (!fits(*type.type, rule.when, record)) continue;
    const ClockFacts facts = facts_of(rule, record, states);
    const ClockReading reading = read_clock(rule, calendar, facts, now);
    if (!facts.started) continue;  // it has not begun, whatever became of the matter
    out.push_back({type.name(), record.id, record.owner, rule.name, std::string(name_of(reading.state)),
                   facts.started, reading.due, reading.half, reading.fifths, facts.ended});
  }
  return out;
}

std::optional<std::int64_t> next_reminder(std::optional<std::int64_t> half,
                                          std::optional<std::int64_t> fifths, std::int64_t due,
                                          std::int64_t now) {
  for (const auto& stage : {half, fifths, std::optional(due)}) {
    if (stage && *stage > now) return stage;
  }
  return std::nullopt;
}

Status keep_clocks(db::Connection& c, const pack::Calendar& calendar, const TypeModel& type,
                   const Record& record, std::int64_t now) {
  MW_ASSIGN(const db::Rows old,
            c.query("DELETE FROM record_clock WHERE type = $1 AND id = $2 RETURNING clock, due, remind",
                    {type.name(), record.id.value}));
  // A stage that has passed and was not told yet is told although the record is written in between.
  const auto untold = [&](const ClockView& v) {
    for (std::size_t i = 0; i < old.size(); ++i) {
      const bool same = old.text(i, 0) == v.clock && old.integer(i, 1, INT64_MIN) == *v.due;
      if (same && !db::is_null(old.rows[i][2]) && old.integer(i, 2) <= now)
        return std::optional(old.integer(i, 2));
    }
    return std::optional<std::int64_t>();
  };
  // Whether it is overdue is told when it is read: the row says running.
  MW_ASSIGN(const auto views, compute_clocks(c, calendar, type, record, INT64_MIN));
  const auto cell = [](const std::optional<std::int64_t>& v) {
    return v ? db::Value(*v) : db::Value(db::Null{});
  };
  for (const auto& v : views) {
    std::optional<std::int64_t> remind;
    if (v.state == name_of(State::running) && v.due) {
      remind = untold(v);
      if (!remind) remind = next_reminder(v.half, v.fifths, *v.due, now);
    }
    MW_TRY(c.execute(
        fmt::format("INSERT INTO record_clock ({}, remind) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)",
                    kClockColumns),
        {v.type, v.id.value, v.owner.value, v.clock, v.state, cell(v.started), cell(v.due), cell(v.half),
         cell(v.fifths), cell(v.ended), cell(remind)}));
  }
  return {};
}

Result<std::vector<ClockView>> clocks_of(db::Connection& c, const TypeModel& type, RecordId id,
                                         std::int64_t now) {
  std::vector<ClockView> out;
  MW_ASSIGN(const db::Rows rows,
            c.query(fmt::format("SELECT {} FROM record_clock WHERE type = $1 AND id = $2 ORDER BY due, clock",
                                kClockColumns),
                    {type.name(), id.value}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ClockView view = view_of(rows.rows[i], now);
    const auto& rules = type.workflow->clocks;
    const auto rule =
        std::find_if(rules.begin(), rules.end(), [&](const auto& r) { return r.name == view.clock; });
    const bool reminder = rule != rules.end() && rule->reminder;
    if (reminder && view.state == name_of(State::overdue)) view.state = name_of(State::over);
    out.push_back(std::move(view));
  }
  return out;
}

Result<bool> clocks_fit(db::Connection& c, const pack::Calendar& calendar, const TypeModel& type,
                        const Record& record) {
  MW_ASSIGN(auto given, compute_clocks(c, calendar, type, record, INT64_MIN));
  MW_ASSIGN(const db::Rows rows,
            c.query(fmt::format("SELECT {} FROM record_clock WHERE type = $1 AND id = $2 ORDER BY clock",
                                kClockColumns),
                    {type.name(), record.id.value}));
  if (rows.size() != given.size()) return false;
  std::sort(given.begin(), given.end(), [](auto& a, auto& b) { return a.clock < b.clock; });
  const auto facts = [](const ClockView& v) {
    return std::tie(v.clock, v.owner, v.state, v.started, v.due, v.half, v.fifths, v.ended);
  };
  for (std::size_t i = 0; i < given.size(); ++i) {
    const ClockView stored = view_of(rows.rows[i], INT64_MIN);
    if (facts(stored) != facts(given[i])) return false;
  }
  return true;
}

Status each_unfinished(db::Connection& c, const TypeModel& type,
                       const std::function<Result<bool>(const Record&)>& take) {
  if (!type.workflow || type.workflow->clocks.empty()) return {};
  constexpr std::size_t kPage = 500;
  std::vector<db::Value> params = {INT64_MIN};
  std::vector<std::string> marks;
  for (const pack::State& state : type.workflow->states) {
    if (state.final) continue;
    params.emplace_back(state.name);
    marks.push_back(fmt::format("${}", params.size()));
  }
  if (marks.empty()) return {};
  const std::string sql =
      fmt::format("SELECT {} FROM {} WHERE id > $1 AND state IN ({}) ORDER BY id LIMIT {}", type.columns,
                  type.table, join(marks, ", "), kPage);
  while (true) {
    MW_ASSIGN(const db::Rows rows, c.query(sql, params));
    for (const auto& row : rows.rows) {
      MW_ASSIGN(const bool on, take(record_from_row(type, row)));
      if (!on) return {};
    }
    if (rows.size() < kPage) return {};
    params[0] = rows.integer(rows.size() - 1, 0);
  }
}

namespace {

std::string days_of(const std::vector<pack::CalendarYear>& calendar) {
  std::string out;
  for (const pack::CalendarYear& year : calendar) {
    out += fmt::format("\n{}", year.year);
    for (const Date day : year.off) out += fmt::format(" -{}", day.days);
    for (const Date day : year.worked) out += fmt::format(" +{}", day.days);
  }
  return out;
}

/// Everything that the clocks of a workflow follow from, besides the records.
std::string rules_of(const pack::Workflow& workflow, const std::string& days) {
  std::string out = "1";  // raised when read_clock() changes
  for (const pack::ClockRule& rule : workflow.clocks) {
    out += fmt::format("\n{} {} {} {} {} [{}] [{}] {} {} {}", rule.name, rule.starts, text_of(rule.limit),
                       rule.before, rule.ends, join(rule.ends_in, " "), join(rule.pauses_in, " "),
                       rule.extended_by, rule.last_day_moves, rule.reminder);
    for (const pack::Condition& condition : rule.when)
      out += fmt::format(" {} {} [{}]", condition.field, static_cast<int>(condition.op),
                         join(condition.values, " "));
  }
  return sha256_hex(out + days);
}

}  // namespace

Status refresh_clocks(db::Connection& c, const Context& context) {
  const std::int64_t now = context.clock.now().utc_ms;
  const std::string days = days_of(context.model.catalog().calendar);
  for (const auto& [name, type] : context.model.types()) {
    if (!type.workflow || type.workflow->clocks.empty()) continue;
    const std::string key = "clocks:" + name, rules = rules_of(*type.workflow, days);
    MW_ASSIGN(const std::optional<std::string> known, read_meta(c, key));
    if (known == rules) continue;
    int seen = 0, changed = 0;
    MW_TRY(each_unfinished(c, type, [&](const Record& record) -> Result<bool> {
      ++seen;
      MW_ASSIGN(const bool fit, clocks_fit(c, context.calendar, type, record));
      if (fit) return true;
      ++changed;
      MW_TRY(keep_clocks(c, context.calendar, type, record, now));
      return true;
    }));
    if (changed > 0)
      log_info("clocks.refreshed",
               {{"type", name}, {"records", std::to_string(seen)}, {"changed", std::to_string(changed)}});
    MW_TRY(write_meta(c, key, rules));
  }
  return {};
}

Result<std::vector<ClockView>> list_clocks(db::Connection& c, const Context& context, const Actor& actor,
                                           const ClockQuery& query, std::int64_t now) {
  constexpr int kMost = 500;
  if (query.limit < 1 || query.limit > kMost)
    return bad_input(fmt::format("limit is {}, 1 to {} expected", query.limit, kMost));
  const Kinds kinds = kinds_of(context, actor, query);
  Soonest soonest(c, kinds, query, now);
  std::vector<RecordId> owners;
  if (!actor.scope.everything) {
    MW_ASSIGN(owners, organisations_in(c, actor.scope, kFewOwners + 1));
  }
  if (!actor.scope.everything && owners.size() <= kFewOwners) {
    owners.emplace_back();  // what belongs to nobody is everybody's
    for (const RecordId owner : owners) MW_TRY(soonest.walk("owner = $1", {owner.value}));
    return soonest.take();
  }
  std::set<std::string> types;
  for (const auto& [kind, reminder] : kinds) types.insert(kind.first);
  for (const auto& type : types) {
    std::string where = "type = $1";
    std::vector<db::Value> params = {type};
    if (!actor.scope.everything) {
      params.emplace_back(actor.scope.root.value);
      where += fmt::format(" AND (owner = 0 OR {})", scope_condition("r.owner", "$2"));
    }
    MW_TRY(soonest.walk(where, std::move(params)));
  }
  return soonest.take();
}

}  // namespace mineward::record
