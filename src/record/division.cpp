#include "record/division.h"

#include <fmt/format.h>

#include <algorithm>

namespace mineward::record {
namespace {

/// A chain of successors or of parents longer than this is a ring.
constexpr int kLongestChain = 20;

struct Row {
  Division division;
  RecordId parent, replaced_by;
  std::optional<Date> from, to;

  bool in_use(Date on) const { return (!from || *from <= on) && (!to || on <= *to); }
};

class Register {
 public:
  Register(db::Connection& c, const pack::Catalog& catalog) : c_(c) {
    const pack::RecordType* type = catalog.record_type("region");
    there_ = type && type->field("code") && type->field("name");
    const bool dated =
        there_ && type->field("valid_from") && type->field("valid_to") && type->field("replaced_by");
    columns_ = "id, code, name";
    columns_ += dated ? ", valid_from, valid_to, replaced_by" : ", NULL, NULL, NULL";
    columns_ += there_ && type->field("parent") ? ", parent" : ", NULL";
    dated_ = dated;
  }

  bool there() const { return there_; }
  bool dated() const { return dated_; }

  Result<std::vector<Row>> where(std::string_view condition, const db::Value& value) {
    std::vector<Row> out;
    MW_ASSIGN(
        const db::Rows rows,
        c_.query(fmt::format("SELECT {} FROM region WHERE {} ORDER BY id", columns_, condition), {value}));
    for (std::size_t i = 0; i < rows.size(); ++i) out.push_back(row_of(rows, i));
    return out;
  }
  Result<std::optional<Row>> one(RecordId id) {
    MW_ASSIGN(std::vector<Row> rows, where("id = $1", id.value));
    if (rows.empty()) return std::optional<Row>();
    return std::optional(std::move(rows.front()));
  }

 private:
  static std::optional<Date> day(const db::Rows& rows, std::size_t i, std::size_t column) {
    if (db::is_null(rows.rows[i][column])) return std::nullopt;
    return Date{static_cast<decltype(Date::days)>(rows.integer(i, column))};
  }
  static RecordId reference(const db::Rows& rows, std::size_t i, std::size_t column) {
    return db::is_null(rows.rows[i][column]) ? RecordId{} : RecordId{rows.integer(i, column)};
  }
  static Row row_of(const db::Rows& rows, std::size_t i) {
    return {{RecordId{rows.integer(i, 0)}, rows.text(i, 1), rows.text(i, 2)},
            reference(rows, i, 6),
            reference(rows, i, 5),
            day(rows, i, 3),
            day(rows, i, 4)};
  }

  db::Connection& c_;
  std::string columns_;
  bool there_ = false, dated_ = false;
};

struct Found {
  Row row;
  bool certain = true;
};

/// Forward over successors.
Result<Found> later(Register& regions, Row row, Date on) {
  for (int i = 0; i < kLongestChain && row.to && *row.to < on; ++i) {
    if (!row.replaced_by) return Found{std::move(row), false};
    MW_ASSIGN(std::optional<Row> next, regions.one(row.replaced_by));
    if (!next) return Found{std::move(row), false};
    row = *std::move(next);
  }
  return Found{std::move(row), true};
}

/// Back over predecessors, as long as each step leads to one only.
Result<Found> earlier(Register& regions, Row row, Date on) {
  for (int i = 0; i < kLongestChain && row.from && on < *row.from; ++i) {
    MW_ASSIGN(std::vector<Row> before, regions.where("replaced_by = $1", row.division.id.value));
    std::erase_if(before, [&](const Row& r) { return r.from && row.from && *row.from <= *r.from; });
    if (before.size() != 1) return Found{std::move(row), false};
    row = std::move(before.front());
  }
  return Found{std::move(row), true};
}

Result<Found> as_of(Register& regions, Row row, Date on) {
  if (!regions.dated() || row.in_use(on)) return Found{std::move(row), true};
  if (row.to && *row.to < on) return later(regions, std::move(row), on);
  return earlier(regions, std::move(row), on);
}

Result<std::vector<Division>> above_of(Register& regions, const Row& row, Date on) {
  std::vector<Division> out;
  RecordId parent = row.parent;
  for (int i = 0; i < kLongestChain && parent; ++i) {
    MW_ASSIGN(std::optional<Row> next, regions.one(parent));
    if (!next) break;
    MW_ASSIGN(const Found found, as_of(regions, *std::move(next), on));
    out.insert(out.begin(), found.row.division);
    parent = found.row.parent;
  }
  return out;
}

}  // namespace

Result<DivisionAnswer> division_on(db::Connection& c, const pack::Catalog& catalog, RecordId region,
                                   Date on) {
  Register regions(c, catalog);
  if (!regions.there()) return not_found("there is no register of regions");
  MW_ASSIGN(std::optional<Row> row, regions.one(region));
  if (!row) return not_found(fmt::format("no region {}", region.value));
  MW_ASSIGN(Found found, as_of(regions, *std::move(row), on));
  MW_ASSIGN(std::vector<Division> above, above_of(regions, found.row, on));
  return DivisionAnswer{std::move(found.row.division), std::move(above), found.certain};
}

Result<std::optional<RecordId>> region_of_code(db::Connection& c, const pack::Catalog& catalog,
                                               std::string_view code) {
  Register regions(c, catalog);
  if (!regions.there()) return std::optional<RecordId>();
  MW_ASSIGN(const std::vector<Row> rows, regions.where("code = $1", std::string(code)));
  if (rows.empty()) return std::optional<RecordId>();
  return std::optional(rows.front().division.id);
}

}  // namespace mineward::record
