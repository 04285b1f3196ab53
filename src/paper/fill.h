/// From a record to a sheet: every place of a paper's texts filled with what the reader may see.
#pragma once

#include <optional>
#include <string>

#include "paper/sheet.h"
#include "record/store.h"

namespace mineward::paper {

/// What stands on the paper besides the record.
struct Occasion {
  Date today{};
  std::string number;  ///< of the paper itself; empty = a blank
};

/// Fills a paper from a record, as `actor` sees it: what lies outside the actor's scope stays a blank, what
/// is not set too. Records that refer to it come from the store; at most kMostRows rows a table. `record` may
/// have changed in a transaction that is not committed: it is taken as given.
Result<Sheet> fill(record::Store&, const record::Actor&, const pack::Paper&, const record::Record&,
                   const Occasion&);
/// The records of a list as a ledger, in its order; at most kMostRows. `office` stands above.
/// With a paper of style ledger its columns, else (`paper` null) the columns of the type's list page.
Result<Sheet> fill_ledger(record::Store&, const record::Actor&, const pack::Paper* paper, record::ListQuery,
                          const std::string& office, Date today);

constexpr int kMostRows = 2000;  ///< of a table: some 80 pages; more is for a spreadsheet

/// Places of a number's form filled, but for {seq}: what stands before and behind it, and its digits.
struct NumberForm {
  std::string before, after;
  int digits = 1;
  std::string with(std::int64_t sequence) const;
  /// The series it belongs to: the form, and the values of `per`.
  std::string series;
};
Result<NumberForm> fill_number(record::Store&, const record::Actor&, const pack::Numbering&,
                               const record::Record&, Date today);

}  // namespace mineward::paper
