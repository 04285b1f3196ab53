#include "report/form.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/text.h"
#include "record/scope.h"
#include "report/filing.h"

namespace mineward::report {

using record::Fields;
using record::FieldValue;
using record::Refusal;
using record::Writer;

namespace {

constexpr std::array<std::string_view, 5> kLevels = {"mine", "county", "city", "province", "nation"};
constexpr std::string_view kRegulator = "regulator";

std::size_t rank_of(std::string_view level) {
  return static_cast<std::size_t>(std::find(kLevels.begin(), kLevels.end(), level) - kLevels.begin());
}

bool is_officer(const Actor& actor, std::string_view level) {
  return actor.roles.contains(std::string(level) + "_officer");
}

/// An officer of the unit itself.
bool works_for(const Actor& actor, const Unit& unit) {
  return actor.organisation == unit.id && is_officer(actor, unit.level);
}

/// An officer of a level above; that his scope covers the unit was checked when it was found.
bool stands_above(const Actor& actor, const Unit& unit) {
  if (actor.organisation == unit.id) return false;
  for (std::size_t i = rank_of(unit.level) + 1; i < kLevels.size(); ++i) {
    if (is_officer(actor, kLevels[i])) return true;
  }
  return false;
}

constexpr std::string_view kUnitColumns = "o.id, o.name, o.level, r.code";
constexpr std::string_view kUnitTables = "organisation o JOIN region r ON r.id = o.region";

Unit unit_at(const db::Rows& rows, std::size_t i) {
  return {RecordId{rows.integer(i, 0)}, rows.text(i, 1), rows.text(i, 2), rows.text(i, 3)};
}

Error no_unit(RecordId unit) { return not_found(fmt::format("no filing unit {}", unit.value)); }

Refusal refusal(Error error) { return {std::move(error), {}, std::nullopt}; }

/// All organisations that file the form below `top`; 0 = everywhere. From above, then by id.
Result<std::vector<Unit>> units_below(db::Connection& c, const pack::Form& form, RecordId top) {
  std::vector<db::Value> params{std::string(kRegulator)};
  std::string levels;
  for (const auto& level : form.filed_by) {
    params.emplace_back(level);
    levels += fmt::format("{}${}", levels.empty() ? "" : ", ", params.size());
  }
  std::string sql = fmt::format("SELECT {} FROM {} WHERE o.kind = $1 AND o.level IN ({})", kUnitColumns,
                                kUnitTables, levels);
  if (top) {
    params.emplace_back(top.value);
    sql += fmt::format(" AND {}", record::scope_condition("o.id", fmt::format("${}", params.size())));
  }
  MW_ASSIGN(const db::Rows rows, c.query(sql, params));
  std::vector<Unit> out;
  for (std::size_t i = 0; i < rows.size(); ++i) out.push_back(unit_at(rows, i));
  std::sort(out.begin(), out.end(), [](const Unit& a, const Unit& b) {
    const auto x = rank_of(a.level), y = rank_of(b.level);
    return x != y ? x > y : a.id < b.id;
  });
  return out;
}

Result<std::optional<Unit>> organisation(db::Connection& c, RecordId id) {
  MW_ASSIGN(const db::Rows rows,
            c.query(fmt::format("SELECT {}, o.kind FROM {} WHERE o.id = $1", kUnitColumns, kUnitTables),
                    {id.value}));
  if (rows.empty()) return std::optional<Unit>();
  return std::optional(unit_at(rows, 0));
}

Result<bool> is_regulator(db::Connection& c, RecordId id) {
  MW_ASSIGN(const db::Rows rows, c.query("SELECT kind FROM organisation WHERE id = $1", {id.value}));
  return !rows.empty() && rows.text(0, 0) == kRegulator;
}

/// Sums of what the accepted and frozen filings of these units say.
Result<Table> sums_of(db::Connection& c, const pack::Form& form, RecordId top, const Month& month) {
  Table out;
  for (const auto& row : form.rows) {
    for (const auto& column : form.columns) {
      if (column.indicator) out[row.name][column.number] = Figure{};
    }
  }
  MW_ASSIGN(
      const db::Rows rows,
      c.query(
          "SELECT g.\"row\", g.\"column\", CAST(SUM(CAST(ROUND(g.\"value\" * 1000000) AS BIGINT)) AS BIGINT) "
          "FROM form_figure g JOIN form_filing f ON f.id = g.filing JOIN org_scope s ON s.organisation = "
          "f.unit WHERE s.ancestor = $1 AND f.form = $2 AND f.month = $3 AND f.state IN ($4, $5) AND "
          "g.\"value\" IS NOT NULL GROUP BY g.\"row\", g.\"column\"",
          {top.value, form.name, std::int64_t{month.first().days}, std::string("accepted"),
           std::string("frozen")}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = out.find(rows.text(i, 0));
    const int column = static_cast<int>(rows.integer(i, 1));
    if (row != out.end() && row->second.contains(column)) row->second[column] = Figure{rows.integer(i, 2)};
  }
  for (auto& [name, row] : out) fill_shares(form, row);
  return out;
}

// ---- records behind a figure

struct Cursor {
  std::int64_t at = 0, id = 0;
};
Result<std::optional<Cursor>> parse_cursor(std::string_view text) {
  if (text.empty()) return std::optional<Cursor>();
  const auto dot = text.find('.');
  const auto at = dot == std::string_view::npos ? std::nullopt : parse_integer(text.substr(0, dot));
  const auto id = at ? parse_integer(text.substr(dot + 1)) : std::nullopt;
  if (!id) return bad_input("found a cursor that this list did not give", "after");
  return std::optional(Cursor{*at, *id});
}

Status list_records(db::Connection& c, const Actor& actor, const Basis& basis, const pack::FormColumn& column,
                    const Span& span, bool owned, int limit, const std::optional<Cursor>& after,
                    FigureRecords& out) {
  std::vector<db::Value> params;
  const std::string where = basis.where(span, params);
  // Records of others: counted for the unit, but of an organisation that the caller does not see.
  std::string seen = "TRUE";
  if (owned && !actor.scope.everything) {
    params.emplace_back(actor.scope.root.value);
    seen = record::scope_condition("t.owner", fmt::format("${}", params.size()));
  }
  MW_ASSIGN(
      const db::Rows sums,
      c.query(fmt::format("SELECT COUNT(*), CAST(COALESCE(SUM({}), 0) AS BIGINT), CAST(COALESCE(SUM(CASE "
                          "WHEN {} THEN 0 ELSE 1 END), 0) AS BIGINT) FROM {} WHERE {}",
                          basis.adds(), seen, basis.from(), where),
              params));
  out.total = sums.integer(0, 0);
  MW_ASSIGN(out.sum, figure_of_sum(basis, column, sums.integer(0, 1)));
  out.hidden = sums.integer(0, 2);
  std::string sql = fmt::format("SELECT t.id, t.owner, {0}, {1} FROM {2} WHERE {3} AND {4}", basis.at(),
                                basis.adds(), basis.from(), where, seen);
  if (after) {
    params.emplace_back(after->at);
    params.emplace_back(after->id);
    sql += fmt::format(" AND ({0} > ${1} OR ({0} = ${1} AND t.id > ${2}))", basis.at(), params.size() - 1,
                       params.size());
  }
  params.emplace_back(std::int64_t{limit} + 1);
  sql += fmt::format(" ORDER BY {}, t.id LIMIT ${}", basis.at(), params.size());
  MW_ASSIGN(const db::Rows rows, c.query(sql, params));
  for (std::size_t i = 0; i < rows.size() && i < static_cast<std::size_t>(limit); ++i) {
    FigureRecord record{RecordId{rows.integer(i, 0)}, RecordId{rows.integer(i, 1)}, {rows.integer(i, 2)}, {}};
    if (!column.indicator->adds.empty()) {
      MW_ASSIGN(record.adds, figure_of_sum(basis, column, rows.integer(i, 3)));
    }
    out.records.push_back(record);
  }
  if (rows.size() > static_cast<std::size_t>(limit))
    out.next = fmt::format("{}.{}", out.records.back().at.utc_ms, out.records.back().id.value);
  return {};
}

/// Runs a piece of work in one transaction; what it refuses rolls back.
Refused in_transaction(record::Store& store, const std::function<Refused(Writer&)>& work) {
  Refused refused;
  const Status done = store.write([&](Writer& writer) -> Status {
    refused = work(writer);
    if (refused) return refused->error;
    return {};
  });
  if (!refused && !done) refused = refusal(done.error());
  return refused;
}

}  // namespace

std::string_view name_of(FilingStep step) {
  switch (step) {
    case FilingStep::file: return "file";
    case FilingStep::return_: return "return";
    case FilingStep::accept: return "accept";
    case FilingStep::freeze: return "freeze";
  }
  return "";
}

Table FormPage::values() const {
  Table out;
  for (const auto& [row, line] : cells) {
    for (const auto& [column, cell] : line) out[row][column] = cell.value;
  }
  return out;
}

Forms::Forms(pack::CatalogPtr catalog, record::Store& store, Clock& clock)
    : catalog_(std::move(catalog)), store_(store), clock_(clock), calendar_(*catalog_) {}

Result<const pack::Form*> Forms::form(std::string_view name) const {
  const pack::Form* found = catalog_->form(name);
  if (!found) return not_found(fmt::format("there is no form '{}'", name.substr(0, 80)));
  return found;
}

bool Forms::files(const pack::Form& form, std::string_view level) {
  return std::find(form.filed_by.begin(), form.filed_by.end(), level) != form.filed_by.end();
}

Result<std::vector<Unit>> Forms::units(const Actor& actor, const pack::Form& form) {
  std::vector<Unit> out;
  if (!actor.scope.everything && !actor.scope.root) return out;
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(out, units_below(c, form, actor.scope.everything ? RecordId{} : actor.scope.root));
    return {};
  }));
  return out;
}

Result<Unit> Forms::unit_of_region(const Actor& actor, std::string_view region) {
  std::optional<Unit> out;
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(const db::Rows rows,
              c.query(fmt::format("SELECT {} FROM {} WHERE r.code = $1 AND o.kind = $2 AND o.level = r.level "
                                  "ORDER BY o.id",
                                  kUnitColumns, kUnitTables),
                      {std::string(region), std::string(kRegulator)}));
    for (std::size_t i = 0; i < rows.size() && !out; ++i) {
      MW_ASSIGN(const bool covered, record::covers(c, actor.scope, RecordId{rows.integer(i, 0)}));
      if (covered) out = unit_at(rows, i);
    }
    return {};
  }));
  if (!out) return not_found(fmt::format("no regulator of region '{}'", region.substr(0, 80)));
  return *out;
}

Result<Unit> Forms::visible_unit(db::Connection& c, const Actor& actor, const pack::Form& form, RecordId id) {
  MW_ASSIGN(const bool covered, record::covers(c, actor.scope, id));
  if (!covered) return no_unit(id);
  MW_ASSIGN(const auto unit, organisation(c, id));
  MW_ASSIGN(const bool regulator, is_regulator(c, id));
  if (!unit || !regulator || !files(form, unit->level)) return no_unit(id);
  return *unit;
}

Result<std::optional<EventTime>> Forms::due_at(db::Connection& c, const pack::Form& form, const Unit& unit,
                                               const Month& month) const {
  MW_ASSIGN(auto settings, duty::read_settings(c, *catalog_));
  const duty::Regime regime(*catalog_, std::move(settings));
  const Span span = month.span();
  std::optional<EventTime> out;
  for (std::size_t i = 0; i < catalog_->duties.size(); ++i) {
    const auto& rule = catalog_->duties[i];
    if (rule.id != form.duty || !regime.days(i, unit.region).contains(duty::last_day(span))) continue;
    const EventTime due{duty::due_of(rule, span, calendar_)};
    if (!out || due < *out) out = due;
  }
  return out;
}

std::vector<std::string> Forms::possible(const Actor& actor, const Unit& unit, const Month& month,
                                         const std::optional<Filing>& filing) {
  std::vector<std::string> out;
  const std::int64_t now = clock_.now().utc_ms;
  const Span span = month.span();
  if (works_for(actor, unit)) {
    if (!filing && now >= span.from) out.emplace_back("open");
    if (filing && filing->may_change()) {
      out.emplace_back("edit");
      if (now >= span.to) out.emplace_back("file");
    }
  }
  if (filing && stands_above(actor, unit)) {
    if (filing->state == "filed" || filing->state == "accepted") out.emplace_back("return");
    if (filing->state == "filed") out.emplace_back("accept");
    if (filing->state == "accepted" && is_officer(actor, "province")) out.emplace_back("freeze");
  }
  return out;
}

Status Forms::add_history(const Actor& actor, FormPage& page) {
  MW_ASSIGN(const auto changes, store_.history(actor, "form_filing", page.filing->id));
  for (const auto& change : changes) {
    std::string action = change.action == "create"   ? "open"
                         : change.action == "update" ? "edit"
                                                     : change.action;
    if (action.starts_with("step:")) action.erase(0, 5);
    if (action == "return" && page.filing->state == "returned") page.filing->return_reason = change.reason;
    page.history.push_back({change.at, change.actor, std::move(action), change.reason, {}, 0});
  }
  StoredFigures figures;
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(figures, figures_of(c, page.filing->id));
    return {};
  }));
  for (const auto& [key, figure] : figures) {
    if (figure.version == 1 && !figure.corrected) continue;
    MW_ASSIGN(const auto lines, store_.history(actor, "form_figure", figure.id));
    for (const auto& change : lines) {
      if (!change.diff.has("reason") && !(change.diff.has("value") && !change.reason.empty())) continue;
      page.history.push_back({change.at, change.actor, change.reason.empty() ? "clear" : "correct",
                              change.reason, figure.row, figure.column});
    }
  }
  std::stable_sort(page.history.begin(), page.history.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return {};
}

Result<FormPage> Forms::page(const Actor& actor, const pack::Form& form, RecordId unit, const Month& month) {
  FormPage page;
  page.form = &form;
  page.month = month;
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(page.unit, visible_unit(c, actor, form, unit));
    MW_ASSIGN(page.filing, filing_of(c, form.name, unit, month));
    StoredFigures figures;
    if (page.filing) {
      MW_ASSIGN(figures, figures_of(c, page.filing->id));
    }
    MW_ASSIGN(const Table now, draw(c, *catalog_, form, unit, month));
    page.cells = cell_table(form, page.filing, figures, now);
    MW_ASSIGN(page.due_at, due_at(c, form, page.unit, month));
    return {};
  }));
  page.can = possible(actor, page.unit, month, page.filing);
  if (page.filing) MW_TRY(add_history(actor, page));
  return page;
}

Outcome<FormPage> Forms::page_of(const Actor& actor, RecordId filing) {
  std::optional<Filing> found;
  const Status done = store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(found, filing_by_id(c, filing));
    return {};
  });
  if (!done) return refusal(done.error());
  if (!found) return refusal(not_found("no such filing"));
  const auto its_form = form(found->form);
  if (!its_form) return refusal(its_form.error());
  auto shown = page(actor, **its_form, found->unit, found->month);
  if (!shown) return refusal(shown.error());
  return *std::move(shown);
}

Result<FormSummary> Forms::summary(const Actor& actor, const pack::Form& form, RecordId top,
                                   const Month& month) {
  FormSummary out;
  out.form = &form;
  out.month = month;
  const EventTime now{clock_.now().utc_ms};
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(const bool covered, record::covers(c, actor.scope, top));
    MW_ASSIGN(const auto unit, organisation(c, top));
    if (!covered || !unit) return no_unit(top);
    out.unit = *unit;
    MW_ASSIGN(out.cells, sums_of(c, form, top, month));
    MW_ASSIGN(const auto units, units_below(c, form, top));
    for (const auto& each : units) {
      MW_ASSIGN(const auto due, due_at(c, form, each, month));
      UnitState state{each, std::nullopt, due, false};
      MW_ASSIGN(state.filing, filing_of(c, form.name, each.id, month));
      const bool filed = state.filing && state.filing->filed();
      state.late = filed ? state.filing->late() : state.due_at && now > *state.due_at;
      out.counted += filed && state.filing->counts();
      out.late += state.late;
      out.units.push_back(std::move(state));
    }
    out.missing = static_cast<int>(out.units.size()) - out.counted;
    return {};
  }));
  return out;
}

Result<FigureRecords> Forms::records(const Actor& actor, const pack::Form& form, RecordId unit,
                                     const Month& month, const CellRef& cell, int limit,
                                     std::string_view after) {
  const auto row =
      std::find_if(form.rows.begin(), form.rows.end(), [&](const auto& r) { return r.name == cell.row; });
  const pack::FormColumn* column = form.column(cell.column);
  FigureRecords out;
  out.column = column;
  MW_TRY(store_.database().read([&](db::Connection& c) -> Status {
    MW_ASSIGN(const Unit known, visible_unit(c, actor, form, unit));
    if (row == form.rows.end() || !column)
      return bad_input(fmt::format("the form has no row '{}' with a column {}", cell.row, cell.column),
                       "row");
    if (!column->indicator)
      return bad_input("a share has no records of its own: look at its columns", "column");
    MW_ASSIGN(const auto cursor, parse_cursor(after));
    MW_ASSIGN(const Basis basis, Basis::make(*catalog_, form, *column->indicator, known.id));
    const pack::RecordType* type = catalog_->record_type(column->indicator->counts);
    const bool owned = type->owner_field != "none";
    return list_records(c, actor, basis, *column, span_of(*row, month), owned, limit, cursor, out);
  }));
  return out;
}

// ---- writes
// -----------------------------------------------------------------------------------------------------

Outcome<FormPage> Forms::open(const Actor& actor, const pack::Form& form, RecordId unit, const Month& month) {
  RecordId made;
  const Refused refused = in_transaction(store_, [&](Writer& writer) -> Refused {
    const auto found = visible_unit(writer.connection(), actor, form, unit);
    if (!found) return refusal(found.error());
    if (!works_for(actor, *found)) return refusal(forbidden("a form is opened by an officer of its unit"));
    if (clock_.now().utc_ms < month.span().from)
      return refusal(bad_input(fmt::format("{} has not begun", month.text()), "month"));
    const auto there = filing_of(writer.connection(), form.name, unit, month);
    if (!there) return refusal(there.error());
    if (*there) return refusal(conflict(fmt::format("the form of {} is open already", month.text())));
    Actor program = actor;
    program.is_system = true;
    auto outcome = writer.create(program, "form_filing",
                                 {{"form", form.name}, {"unit", unit}, {"month", month.first()}});
    if (auto* no = std::get_if<Refusal>(&outcome)) return std::move(*no);
    made = std::get<record::Record>(outcome).id;
    return std::nullopt;
  });
  if (refused) return *refused;
  return page_of(actor, made);
}

namespace {

/// What a change of a filing begins with: it is there for the actor, has the version he saw, and one of the
/// states.
struct Opened {
  Filing filing;
  const pack::Form* form = nullptr;
  record::Record record;
};
std::variant<Opened, Refusal> open_filing(Writer& writer, const Actor& actor, const pack::Catalog& catalog,
                                          RecordId id) {
  auto record = writer.get(actor, "form_filing", id);
  if (!record) return refusal(record.error());
  const auto filing = filing_by_id(writer.connection(), id);
  if (!filing) return refusal(filing.error());
  const pack::Form* form = *filing ? catalog.form((*filing)->form) : nullptr;
  if (!form) return refusal(not_found(fmt::format("no filing {}", id.value)));
  return Opened{**filing, form, *std::move(record)};
}

Refused check_version(const Opened& opened, std::int64_t version) {
  if (opened.filing.version == version) return std::nullopt;
  Refusal stale = refusal(conflict(
      fmt::format("the filing is at version {} now, you saw version {}", opened.filing.version, version)));
  stale.current = opened.record;
  stale.current->version = opened.filing.version;
  return stale;
}

Refused wrong_state(const Opened& opened, std::string_view action) {
  Refusal out = refusal(conflict(fmt::format("cannot {}: the filing is {}", action, opened.record.state)));
  out.current = opened.record;
  out.current->version = opened.filing.version;
  return out;
}

/// The footer of what is filed must be complete.
Refused check_footer(const Filing& filing) {
  Refusal out = refusal(bad_input("the footer is incomplete"));
  if (filing.compiler.empty()) out.faults.push_back({"compiler", "required", "compiler must be set"});
  if (filing.contact.empty()) out.faults.push_back({"contact", "required", "contact must be set"});
  if (out.faults.empty()) return std::nullopt;
  return out;
}

bool step_fits(FilingStep step, const Filing& filing) {
  switch (step) {
    case FilingStep::file: return filing.may_change();
    case FilingStep::return_: return filing.state == "filed" || filing.state == "accepted";
    case FilingStep::accept: return filing.state == "filed";
    case FilingStep::freeze: return filing.state == "accepted";
  }
  return false;
}

bool may_step(FilingStep step, const Actor& actor, const Unit& unit) {
  switch (step) {
    case FilingStep::file: return works_for(actor, unit);
    case FilingStep::return_:
    case FilingStep::accept: return stands_above(actor, unit);
    case FilingStep::freeze: return stands_above(actor, unit) && is_officer(actor, "province");
  }
  return false;
}

FieldValue account_of(const Actor& actor) { return actor.account ? FieldValue(actor.account) : FieldValue(); }

Actor program_for(const Actor& actor) {
  Actor out = actor;
  out.is_system = true;
  return out;
}

/// Counts the form and reads its figures inside the transaction.
std::variant<Desk, Refusal> make_desk(Writer& writer, const Actor& actor, const pack::Catalog& catalog,
                                      const Opened& opened) {
  auto& c = writer.connection();
  auto figures = figures_of(c, opened.filing.id);
  if (!figures) return refusal(figures.error());
  auto now = draw(c, catalog, *opened.form, opened.filing.unit, opened.filing.month);
  if (!now) return refusal(now.error());
  return Desk{writer,         actor, program_for(actor), *opened.form, opened.filing, *std::move(figures),
              *std::move(now)};
}

}  // namespace

Outcome<FormPage> Forms::edit(const Actor& actor, RecordId filing, std::int64_t version,
                              const FilingEdit& edit) {
  const Refused refused = in_transaction(store_, [&](Writer& writer) -> Refused {
    auto found = open_filing(writer, actor, *catalog_, filing);
    if (auto* no = std::get_if<Refusal>(&found)) return std::move(*no);
    const Opened& opened = std::get<Opened>(found);
    const auto unit = visible_unit(writer.connection(), actor, *opened.form, opened.filing.unit);
    if (!unit) return refusal(unit.error());
    if (!works_for(actor, *unit)) return refusal(forbidden("a form is edited by an officer of its unit"));
    if (auto stale = check_version(opened, version)) return stale;
    if (!opened.filing.may_change()) return wrong_state(opened, "edit");
    auto desk = make_desk(writer, actor, *catalog_, opened);
    if (auto* no = std::get_if<Refusal>(&desk)) return std::move(*no);
    return write_edit(std::get<Desk>(desk), edit);
  });
  if (refused) return *refused;
  return page_of(actor, filing);
}

Outcome<FormPage> Forms::step(const Actor& actor, RecordId filing, std::int64_t version, FilingStep step,
                              std::string_view reason) {
  const Refused refused = in_transaction(store_, [&](Writer& writer) -> Refused {
    auto found = open_filing(writer, actor, *catalog_, filing);
    if (auto* no = std::get_if<Refusal>(&found)) return std::move(*no);
    const Opened& opened = std::get<Opened>(found);
    const auto unit = visible_unit(writer.connection(), actor, *opened.form, opened.filing.unit);
    if (!unit) return refusal(unit.error());
    if (!may_step(step, actor, *unit))
      return refusal(forbidden(fmt::format("you may not {} the form of this unit", name_of(step))));
    if (auto stale = check_version(opened, version)) return stale;
    if (!step_fits(step, opened.filing)) return wrong_state(opened, name_of(step));
    const EventTime now{clock_.now().utc_ms};
    Fields fields;
    if (step == FilingStep::file) {
      const Month& month = opened.filing.month;
      if (now.utc_ms < month.span().to)
        return refusal(conflict(fmt::format("{} is not over: it cannot be filed yet", month.text())));
      if (auto incomplete = check_footer(opened.filing)) return incomplete;
      auto desk = make_desk(writer, actor, *catalog_, opened);
      if (auto* no = std::get_if<Refusal>(&desk)) return std::move(*no);
      if (auto no = write_figures(std::get<Desk>(desk))) return no;
      const auto found_due = due_at(writer.connection(), *opened.form, *unit, month);
      if (!found_due) return refusal(found_due.error());
      const auto& due = *found_due;
      fields = {{"filed_at", now},
                {"filed_on", china_date(now.utc_ms)},
                {"filed_by", account_of(actor)},
                {"due_at", due ? FieldValue(*due) : FieldValue()}};
    } else if (step == FilingStep::accept) {
      fields = {{"accepted_at", now}, {"accepted_by", account_of(actor)}};
    } else if (step == FilingStep::return_) {
      fields = {{"accepted_at", FieldValue()}, {"accepted_by", FieldValue()}};
    }
    auto outcome = writer.step(program_for(actor), "form_filing", filing, 0, name_of(step), fields, reason);
    if (auto* no = std::get_if<Refusal>(&outcome)) return std::move(*no);
    return std::nullopt;
  });
  if (refused) return *refused;
  return page_of(actor, filing);
}

}  // namespace mineward::report
