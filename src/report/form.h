/// The life of a filing: drafted, corrected, filed, returned, accepted, frozen, added up.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "record/store.h"
#include "report/indicator.h"

namespace mineward::report {

using record::Actor;
using record::Outcome;

/// A regulator that files a form.
struct Unit {
  RecordId id;
  std::string name, level, region;  ///< region code
};

/// One figure as people see it.
struct CellView {
  std::optional<Figure> value;  ///< filed or corrected; else counted now
  std::optional<Figure> drawn;  ///< counted when it was filed; counted now before
  std::optional<Figure> now;    ///< what is counted now
  bool corrected = false;
  std::string reason;
  RecordId corrected_by;
};
using CellTable = std::map<std::string, std::map<int, CellView>, std::less<>>;

struct Filing {
  RecordId id;
  std::int64_t version = 0;  ///< grows with every change of the filing or of one of its figures
  RecordId unit;
  std::string form, state, cases, compiler, contact;
  Month month;
  std::optional<Date> filed_on;
  std::optional<EventTime> filed_at, due_at, accepted_at;
  std::string return_reason;  ///< while it is returned

  bool may_change() const { return state == "draft" || state == "returned"; }
  bool filed() const { return state == "filed" || counts(); }
  /// Accepted and frozen filings enter the sum of the level above.
  bool counts() const { return state == "accepted" || state == "frozen"; }
  /// Of the latest filing: one that had to be done again is on time only if the new one is.
  bool late() const { return filed_at && due_at && *filed_at > *due_at; }
};

/// One line of what happened to a filing.
struct FilingEvent {
  ArrivalTime at{};
  std::string actor, action, reason;  ///< open, edit, file, return, accept, freeze, correct, clear
  std::string row;                    ///< of a correction
  int column = 0;
};

struct FormPage {
  const pack::Form* form = nullptr;  ///< borrowed from the catalog
  Unit unit;
  Month month;
  std::optional<EventTime> due_at;
  std::optional<Filing> filing;
  CellTable cells;
  std::vector<std::string> can;  ///< what this actor may do now: open, edit, file, return, accept, freeze
  std::vector<FilingEvent> history;
  /// The figures alone.
  Table values() const;
};

struct UnitState {
  Unit unit;
  std::optional<Filing> filing;
  std::optional<EventTime> due_at;
  bool late = false;  ///< filed too late, or due and still not filed
};
/// The filings of all units under one organisation, added up.
struct FormSummary {
  const pack::Form* form = nullptr;
  Unit unit;  ///< the organisation at the top; need not file itself
  Month month;
  Table cells;  ///< sums over accepted and frozen filings; shares from the sums
  std::vector<UnitState> units;
  int counted = 0, missing = 0, late = 0;  ///< missing: not (yet) in the sums
};

struct FigureRecord {
  RecordId id, owner;
  EventTime at{};
  std::optional<Figure> adds;  ///< none when the column counts
};
/// The records behind a figure, by time. `total` and `sum` are over all of them; records that belong to
/// somebody outside the caller's scope are counted in `hidden` and not listed.
struct FigureRecords {
  const pack::FormColumn* column = nullptr;
  std::vector<FigureRecord> records;
  std::string next;  ///< cursor; empty = the last page
  std::int64_t total = 0, hidden = 0;
  Figure sum;
};

struct CellRef {
  std::string row;
  int column = 0;
};
struct Correction {
  CellRef cell;
  double value = 0;
  std::string reason;
};
/// Unset members stay as they are.
struct FilingEdit {
  std::optional<std::string> cases, compiler, contact;
  std::vector<Correction> corrections;
  std::vector<CellRef> clear;
};

enum class FilingStep { file, return_, accept, freeze };
std::string_view name_of(FilingStep step);

/// All about forms. Every call is bound by the actor's scope: a unit outside it is not_found. A filing is
/// changed by an officer of the unit itself; it is returned and accepted by an officer of a level above whose
/// scope covers the unit, and frozen by one of the province. State and version are checked in the transaction
/// that writes. Safe from any thread; all is borrowed.
class Forms {
 public:
  Forms(pack::CatalogPtr catalog, record::Store& store, Clock& clock);

  const pack::Catalog& catalog() const { return *catalog_; }
  /// not_found when there is none.
  Result<const pack::Form*> form(std::string_view name) const;
  /// Units in the scope that file the form, by level from above, then by id.
  Result<std::vector<Unit>> units(const Actor&, const pack::Form&);
  /// The regulator of a region (code of GB/T 2260) in the scope.
  Result<Unit> unit_of_region(const Actor&, std::string_view region);
  /// Whether an organisation of that level files the form.
  static bool files(const pack::Form&, std::string_view level);

  Result<FormPage> page(const Actor&, const pack::Form&, RecordId unit, const Month&);
  /// Figures and filing only; `can` and `history` stay empty.
  Result<FormSummary> summary(const Actor&, const pack::Form&, RecordId top, const Month&);
  Result<FigureRecords> records(const Actor&, const pack::Form&, RecordId unit, const Month&, const CellRef&,
                                int limit, std::string_view after);

  /// Opens the draft of a month that has begun; `conflict` when it is open already.
  Outcome<FormPage> open(const Actor&, const pack::Form&, RecordId unit, const Month&);
  /// A correction needs a reason ("reason_required"); one that equals what is counted is none, and takes an
  /// earlier one back. Shares follow their columns and cannot be corrected.
  Outcome<FormPage> edit(const Actor&, RecordId filing, std::int64_t version, const FilingEdit&);
  /// Filing needs a month that is over, a compiler and a contact; it writes down every figure.
  Outcome<FormPage> step(const Actor&, RecordId filing, std::int64_t version, FilingStep,
                         std::string_view reason);

 private:
  Result<Unit> visible_unit(db::Connection&, const Actor&, const pack::Form&, RecordId unit);
  Outcome<FormPage> page_of(const Actor&, RecordId filing);
  /// nullopt where the form's duty binds nobody in that region and month.
  Result<std::optional<EventTime>> due_at(db::Connection&, const pack::Form&, const Unit&,
                                          const Month&) const;
  std::vector<std::string> possible(const Actor&, const Unit&, const Month&, const std::optional<Filing>&);
  Status add_history(const Actor&, FormPage&);

  const pack::CatalogPtr catalog_;
  record::Store& store_;
  Clock& clock_;
  const duty::Calendar calendar_;
};

}  // namespace mineward::report
