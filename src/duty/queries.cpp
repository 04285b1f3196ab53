#include "duty/queries.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "record/scope.h"

namespace mineward::duty {
namespace {

/// Few organisations are named one by one, so that the index by owner serves; many are tested row by row (as
/// in record/list.cpp).
constexpr int kFewOwners = 48;
constexpr int kMostEvidence = 500;

/// WHERE of a filter within a scope.
class Where {
 public:
  Status make(db::Connection& c, const pack::Catalog& catalog, const Actor& actor, const Filter& filter) {
    MW_TRY(scope(c, actor));
    if (!filter.states.empty()) {
      std::vector<db::Value> values;
      for (const State state : filter.states) values.emplace_back(static_cast<std::int64_t>(state));
      any_of("d.state", values);
    }
    if (!filter.rule.empty() || !filter.clause.empty()) {
      std::vector<db::Value> values;
      for (std::size_t i = 0; i < catalog.duties.size(); ++i) {
        const auto& rule = catalog.duties[i];
        if ((filter.rule.empty() || rule.id == filter.rule) &&
            (filter.clause.empty() || rule.clause == filter.clause))
          values.emplace_back(static_cast<std::int64_t>(i));
      }
      any_of("d.rule", values);
    }
    if (filter.subject) parts_.push_back("d.subject = " + bind(filter.subject->value));
    if (filter.owner) parts_.push_back("d.owner = " + bind(filter.owner->value));
    if (filter.level) parts_.push_back("d.level >= " + bind(static_cast<std::int64_t>(*filter.level)));
    if (filter.from) parts_.push_back("d.due >= " + bind(*filter.from));
    if (filter.to) parts_.push_back("d.due < " + bind(*filter.to));
    return {};
  }

  std::string bind(db::Value value) {
    params.push_back(std::move(value));
    return fmt::format("${}", params.size());
  }
  void add(std::string part) { parts_.push_back(std::move(part)); }
  std::string text() const { return parts_.empty() ? "" : " WHERE " + join(parts_, " AND "); }

  std::vector<db::Value> params;

 private:
  void any_of(const std::string& column, const std::vector<db::Value>& values) {
    if (values.empty()) return parts_.push_back("FALSE");
    std::vector<std::string> marks;
    for (const auto& value : values) marks.push_back(bind(value));
    parts_.push_back(fmt::format("{} IN ({})", column, join(marks, ", ")));
  }

  Status scope(db::Connection& c, const Actor& actor) {
    if (actor.scope.everything) return {};
    MW_ASSIGN(const auto owners, record::organisations_in(c, actor.scope, kFewOwners + 1));
    if (owners.size() > kFewOwners) {
      parts_.push_back(record::scope_condition("d.owner", bind(actor.scope.root.value)));
      return {};
    }
    std::vector<db::Value> values;
    for (const RecordId owner : owners) values.emplace_back(owner.value);
    any_of("d.owner", values);
    return {};
  }

  std::vector<std::string> parts_;
};

/// "due.rule.subject.period" of the last row of a page.
std::string write_cursor(const pack::Catalog& catalog, const Duty& d) {
  return fmt::format("{}.{}.{}.{}", d.due, d.rule - catalog.duties.data(), d.subject.value, d.period.from);
}

Result<std::array<std::int64_t, 4>> read_cursor(const std::string& text) {
  const auto parts = split(text, '.');
  std::array<std::int64_t, 4> out{};
  const Error bad = bad_input("the paging cursor is damaged or belongs to another list", "after");
  if (parts.size() != out.size()) return bad;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto number = parse_integer(parts[i]);
    if (!number) return bad;
    out[i] = *number;
  }
  return out;
}

pack::Label why_counted(const pack::DutyRule& rule, std::int64_t due, std::int64_t done, bool counts) {
  if (!counts)
    return {"不计入：不符合本条的计入条件（状态、类别等）",
            "does not count: not as the rule asks (state, kind ...)"};
  if (rule.is_limit()) return {"计入：持续时间超过限值", "counts: it lasted longer than the limit"};
  if (done <= due) return {"计入：按期完成", "counts: done in time"};
  if (done <= due + rule.late_for.count()) return {"计入：到期后才完成", "counts: done after it was due"};
  return {"判为未完成之后才完成，不再改变结论", "done after it was missed: changes nothing any more"};
}

}  // namespace

Result<Page> list_duties(db::Connection& c, const pack::Catalog& catalog, const Actor& actor,
                         const Filter& filter, int limit, const std::string& after, bool descending) {
  if (limit < 1 || limit > 500)
    return bad_input(fmt::format("limit is {}, 1 to 500 expected", limit), "limit");
  Where where;
  MW_TRY(where.make(c, catalog, actor, filter));
  Page page;
  MW_ASSIGN(const db::Rows counted, c.query("SELECT count(*) FROM duty d" + where.text(), where.params));
  page.total = counted.integer(0, 0);
  if (!after.empty()) {
    MW_ASSIGN(const auto cursor, read_cursor(after));
    std::vector<std::string> marks;
    for (const std::int64_t value : cursor) marks.push_back(where.bind(value));
    where.add(fmt::format("(d.due, d.rule, d.subject, d.period) {} ({})", descending ? "<" : ">",
                          join(marks, ", ")));
  }
  const std::string_view way = descending ? "DESC" : "ASC";
  MW_ASSIGN(
      const db::Rows rows,
      c.query(fmt::format("SELECT {} FROM duty d{} ORDER BY d.due {}, d.rule {}, d.subject {}, d.period {} "
                          "LIMIT {}",
                          kDutyColumns, where.text(), way, way, way, way, limit + 1),
              where.params));
  for (const auto& row : rows.rows) {
    if (auto duty = duty_from_row(catalog, row)) page.duties.push_back(*std::move(duty));
  }
  if (page.duties.size() > static_cast<std::size_t>(limit)) {
    page.duties.resize(static_cast<std::size_t>(limit));
    page.next = write_cursor(catalog, page.duties.back());
  }
  return page;
}

Status each_duty(db::Connection& c, const pack::Catalog& catalog, const Actor& actor, const Filter& filter,
                 const std::function<bool(const Duty&)>& take) {
  Where where;
  MW_TRY(where.make(c, catalog, actor, filter));
  return c.each(fmt::format("SELECT {} FROM duty d{} ORDER BY d.due, d.rule, d.subject, d.period",
                            kDutyColumns, where.text()),
                where.params, [&](std::span<const db::Value> row) {
                  const auto duty = duty_from_row(catalog, row);
                  return !duty || take(*duty);
                });
}

Result<Duties::Summary> summarise(db::Connection& c, const pack::Catalog& catalog, const Actor& actor,
                                  const Filter& filter) {
  Where where;
  MW_TRY(where.make(c, catalog, actor, filter));
  MW_ASSIGN(const db::Rows rows, c.query("SELECT d.owner, d.state, d.level, count(*) FROM duty d" +
                                             where.text() + " GROUP BY d.owner, d.state, d.level",
                                         where.params));
  Duties::Summary out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const State state = kStates[static_cast<std::size_t>(rows.integer(i, 1)) % std::size(kStates)];
    const std::int64_t count = rows.integer(i, 3);
    out.counts[state] += count;
    out.by_owner[RecordId{rows.integer(i, 0)}][state] += count;
    if (rows.integer(i, 2) > 0) out.climbed[static_cast<Level>(rows.integer(i, 2))] += count;
  }
  return out;
}

Result<std::map<Date, Counts>> count_by_day(db::Connection& c, const pack::Catalog& catalog,
                                            const Actor& actor, const Filter& filter) {
  Where where;
  MW_TRY(where.make(c, catalog, actor, filter));
  MW_ASSIGN(const db::Rows rows,
            c.query("SELECT (d.due + 28800000) / 86400000, d.state, count(*) FROM duty d" + where.text() +
                        " GROUP BY 1, 2",
                    where.params));
  std::map<Date, Counts> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out[Date{static_cast<std::int32_t>(rows.integer(i, 0))}]
       [kStates[static_cast<std::size_t>(rows.integer(i, 1)) % std::size(kStates)]] += rows.integer(i, 2);
  }
  return out;
}

Status read_evidence(db::Connection& c, const CompiledRule& compiled, std::int64_t now, Detail& detail) {
  const pack::DutyRule& rule = *compiled.rule;
  const auto& counted = compiled.counted;
  std::vector<db::Value> params;
  std::string counts = counted.where(params);
  MW_ASSIGN(const std::string at, counted.instant(rule.at));
  std::string done;
  if (rule.is_limit()) {
    MW_ASSIGN(const std::string from, counted.instant(rule.from));
    MW_ASSIGN(const std::string to, counted.instant(rule.to));
    params.emplace_back(rule.longer_than->count());
    params.emplace_back(now);
    counts += fmt::format(" AND COALESCE({}, ${}) - {} > ${}", to, params.size(), from, params.size() - 1);
    done = fmt::format("{} + ${} + 1", from, params.size() - 1);
  } else {
    MW_ASSIGN(const std::string by, counted.instant(rule.done));
    done = fmt::format("COALESCE({}, t.created_at)", by);
  }
  MW_ASSIGN(const std::string within,
            counted.within(rule.at, detail.duty.period.from, detail.duty.period.to, params));
  params.emplace_back(detail.duty.subject.value);
  std::string where = fmt::format("{} = ${} AND {}", compiled.link, params.size(), within);
  // Of a limit only what broke it is evidence: a mine's shift has hundreds of stays within it.
  if (rule.is_limit()) where += " AND " + counts;
  MW_ASSIGN(
      const db::Rows rows,
      c.query(
          fmt::format(
              "SELECT t.id, {}, {}, CASE WHEN {} THEN 1 ELSE 0 END FROM {} WHERE {} ORDER BY 2, 1 LIMIT {}",
              at, done, counts, counted.from(), where, kMostEvidence),
          params));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Evidence evidence{rule.counts,        RecordId{rows.integer(i, 0)}, rows.integer(i, 1),
                      rows.integer(i, 2), rows.integer(i, 3) != 0,      {}};
    evidence.why = why_counted(rule, detail.duty.due, evidence.done, evidence.counted);
    detail.evidence.push_back(std::move(evidence));
  }
  if (!compiled.claimed) return {};
  std::vector<db::Value> claim_params;
  const auto& claimed = *compiled.claimed;
  MW_ASSIGN(const std::string link, claimed.column(rule.claims.of));
  MW_ASSIGN(const std::string claim_at, claimed.instant(rule.claims.at));
  MW_ASSIGN(const std::string claim_within,
            claimed.within(rule.claims.at, detail.duty.period.from, detail.duty.period.to, claim_params));
  claim_params.emplace_back(detail.duty.subject.value);
  MW_ASSIGN(
      const db::Rows claims,
      c.query(fmt::format("SELECT t.id, {} FROM {} WHERE {} = ${} AND {} ORDER BY 2, 1 LIMIT {}", claim_at,
                          claimed.from(), link, claim_params.size(), claim_within, kMostEvidence),
              claim_params));
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const std::int64_t moment = claims.integer(i, 1);
    std::vector<db::Value> near_params;
    std::string near = counted.where(near_params);
    MW_ASSIGN(const std::string near_within,
              counted.within(rule.at, moment - rule.claims.within.count(),
                             moment + rule.claims.within.count() + 1, near_params));
    near_params.emplace_back(detail.duty.subject.value);
    MW_ASSIGN(const db::Rows found,
              c.query(fmt::format("SELECT 1 FROM {} WHERE {} AND {} AND {} = ${} LIMIT 1", counted.from(),
                                  near, near_within, compiled.link, near_params.size()),
                      near_params));
    detail.claims.push_back({rule.claims.record, RecordId{claims.integer(i, 0)}, moment, !found.empty()});
  }
  return {};
}

}  // namespace mineward::duty
