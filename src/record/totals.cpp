#include "record/totals.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/log.h"
#include "record/meta.h"
#include "record/read.h"
#include "record/selection.h"
#include "record/values.h"

namespace mineward::record {
namespace {

// The bounds of an open side, in UTC ms: years 1 and 9999.
constexpr std::int64_t kFirst = -62'135'596'800'000, kLast = 253'402'300'799'000;
constexpr std::int64_t kDayMillis = 86'400'000;

/// First instant of the time that a record counts in, and the first after it.
std::pair<std::int64_t, std::int64_t> time_of(const pack::Compute& total, const Record& record) {
  std::pair<std::int64_t, std::int64_t> out{kFirst, kLast};
  if (const auto since = moment_of(record.value(total.since))) out.first = *since;
  const FieldValue& until = record.value(total.until);
  if (const auto last = moment_of(until))
    out.second = *last + (std::holds_alternative<Date>(until) ? kDayMillis : 1);
  return out;
}

/// Whether a write moves what a total counts or adds.
bool touches(const pack::Compute& total, const Draft& draft) {
  const auto changed = [&](const std::string& field) { return draft.changed.contains(field); };
  return !draft.before || draft.before->state != draft.after.state || changed(total.add) ||
         changed(total.at) || changed(std::string(pack::kWithdrawn)) ||
         std::any_of(total.match.begin(), total.match.end(),
                     [&](const auto& m) { return changed(m.first); }) ||
         std::any_of(total.when.begin(), total.when.end(), [&](const auto& c) { return changed(c.field); });
}

}  // namespace

Result<std::optional<double>> total_of(db::Connection& c, const pack::Catalog& catalog,
                                       const pack::Compute& total, const Record& record) {
  MW_ASSIGN(const Selection counted, Selection::make(catalog, total.record, total.when));
  std::vector<db::Value> params;
  std::string where = counted.where(params);
  for (const auto& [there, here] : total.match) {
    const FieldValue value = here == "id" ? FieldValue(record.id) : record.value(here);
    if (!is_set(value)) return std::optional<double>();
    MW_ASSIGN(const std::string column, counted.column(there));
    params.push_back(to_db(value));
    where += fmt::format(" AND {} = ${}", column, params.size());
  }
  if (!total.at.empty()) {
    const auto [from, to] = time_of(total, record);
    MW_ASSIGN(const std::string in_time, counted.within(total.at, from, to, params));
    where += " AND " + in_time;
  }
  std::string sum = "count(*)";
  if (!total.add.empty()) {
    MW_ASSIGN(const std::string added, counted.column(total.add));
    sum = fmt::format("COALESCE(SUM({}), 0)", added);
  }
  MW_ASSIGN(const db::Rows rows,
            c.query(fmt::format("SELECT {} FROM {} WHERE {}", sum, counted.from(), where), params));
  const auto* whole = std::get_if<std::int64_t>(&rows.rows[0][0]);
  const double value = whole ? static_cast<double>(*whole) : rows.number(0, 0);
  return std::optional(value * total.times);
}

Result<std::vector<RecordId>> fed_by(db::Connection& c, const TypeModel& fed, const Feed& feed,
                                     const Draft& draft) {
  std::vector<RecordId> out;
  if (!touches(*feed.total, draft)) return out;
  for (const Record* side : {draft.before ? &*draft.before : nullptr, &draft.after}) {
    if (!side) continue;
    std::vector<db::Value> params;
    std::string where;
    bool known = true;
    for (const auto& [there, here] : feed.total->match) {
      const FieldValue value = there == "id" ? FieldValue(side->id) : side->value(there);
      known = known && is_set(value);
      params.push_back(to_db(value));
      where += fmt::format("{}{} = ${}", where.empty() ? "" : " AND ", db::identifier(here), params.size());
    }
    if (!known) continue;
    MW_ASSIGN(const db::Rows rows,
              c.query(fmt::format("SELECT id FROM {} WHERE {} ORDER BY id", fed.table, where), params));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const RecordId id{rows.integer(i, 0)};
      if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
    }
  }
  return out;
}

/// One record of each feed's type after the other. The form of the child shows the field that names it.
Result<std::optional<Refusal>> WriterImpl::keep_totals(const Draft& child) {
  for (const Feed& feed : child.type.feeds) {
    const TypeModel* fed = context_.model.find(feed.type);
    if (!fed) continue;
    MW_ASSIGN(const auto ids, fed_by(connection_, *fed, feed, child));
    for (const RecordId id : ids) {
      MW_ASSIGN(std::optional<Refusal> refusal, reckon(*fed, id, child.actor, "total:" + child.type.name()));
      if (!refusal) continue;
      for (auto& fault : refusal->faults) fault.field = feed.total->match.begin()->first;
      return refusal;
    }
  }
  return std::optional<Refusal>();
}

Result<std::optional<Refusal>> WriterImpl::reckon(const TypeModel& type, RecordId id, const Actor& actor,
                                                  std::string_view action) {
  MW_ASSIGN(const std::optional<Record> before, load_record(connection_, type, id));
  if (!before) return std::optional<Refusal>();
  Actor hand = actor;  // who writes the one may not write the other: the pack says what is summed
  hand.is_system = true;
  hand.scope = {{}, true};
  Draft draft{type, hand, *before, *before, context_.clock.now(), {}, false, {}};
  MW_TRY(work_out(connection_, context_, draft));
  if (draft.changed.empty()) return std::optional<Refusal>();
  MW_ASSIGN(Outcome<Record> stored, store(draft, action, {}));
  if (auto* refusal = std::get_if<Refusal>(&stored)) return std::optional(std::move(*refusal));
  return std::optional<Refusal>();
}

namespace {

/// What the packs sum, as one text: equal text = nothing to do.
std::string totals_text(const Model& model) {
  std::string out;
  for (const auto& [name, type] : model.types()) {
    for (const auto& c : type.type->computes) {
      if (c.rule != pack::Compute::Rule::total) continue;
      out += fmt::format("{}.{}={}.{} {} {} {} {};", name, c.into, c.record, c.add, c.at, c.since, c.until,
                         c.times);
      for (const auto& [there, here] : c.match) out += fmt::format("{}={},", there, here);
      for (const auto& condition : c.when)
        out += fmt::format("{} {} {},", condition.field, static_cast<int>(condition.op),
                           fmt::join(condition.values, "|"));
    }
  }
  return sha256_hex(out);
}

}  // namespace

Status bring_totals(db::Connection& c, const Context& context) {
  constexpr const char* kKey = "totals";
  const std::string wanted = totals_text(context.model);
  MW_ASSIGN(const auto stored, read_meta(c, kKey));
  if (stored == wanted) return {};
  const Actor program = Actor::system("system:packs");
  WriterImpl writer(context, c);
  for (const auto& [name, type] : context.model.types()) {
    const auto& computes = type.type->computes;
    const bool sums = std::any_of(computes.begin(), computes.end(),
                                  [](const auto& each) { return each.rule == pack::Compute::Rule::total; });
    if (!sums) continue;
    MW_ASSIGN(const db::Rows rows, c.query(fmt::format("SELECT id FROM {} ORDER BY id", type.table)));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      MW_ASSIGN(const auto refusal,
                writer.reckon(type, RecordId{rows.integer(i, 0)}, program, "total:packs"));
      if (refusal)
        log_warning(
            "total_refused",
            {{"type", name}, {"id", std::to_string(rows.integer(i, 0))}, {"error", refusal->error.text()}});
    }
  }
  MW_TRY(writer.finish());
  return write_meta(c, kKey, wanted);
}

}  // namespace mineward::record
