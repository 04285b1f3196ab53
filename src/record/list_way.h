/// Inside record/: the way into a table that serves a list, chosen by what it will cost. The planners of both
/// engines are told the way by the shape of the SQL: SQLite knows no frequencies of single values, and
/// PostgreSQL believes that columns have nothing to do with each other.
///
/// walk     the index in the order of the list, from the cursor on; the codes and the owner stand in it, so
/// that rows
///          that drop out cost an index entry and no row
/// merge    one index range in the order of the list for each value of an "equal to one of", merged
/// collect  all rows of one condition, sorted; only when they are few
///
/// Nobody knows how what is filtered lies in what is sorted: the mines of one county may all stand at the far
/// end of the order by mine. A walk that could become long is therefore tried over a stretch first; when that
/// does not fill the page, the way with the best worst case is taken.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "record/list_filters.h"
#include "record/schema.h"
#include "record/search.h"

namespace mineward::record {

struct Way {
  enum class How { walk, merge, collect } how = How::walk;
  std::size_t by = 0;  ///< group, for merge and collect
  std::string index;   ///< its name; empty: the planner's choice
  /// Of collect: an index tells everything that is asked and the sort value too; no row is needed.
  bool by_index_alone = false;
};

struct Choice {
  Way way;                   ///< the cheapest, as far as one can tell
  std::int64_t stretch = 0;  ///< entries to try it over before `sure` is taken; 0: whole
  Way sure;
};

/// What was found out about how common conditions are, kept for a minute: it chooses ways, never answers.
class Estimates {
 public:
  struct Known {
    double rows = 0, all = 1;
    std::vector<double> shares;
    std::vector<bool> exact;
  };
  std::optional<Known> find(const std::string& what);
  void keep(const std::string& what, Known known);

 private:
  struct Entry {
    Known known;
    std::int64_t until = 0;  ///< ms of the steady clock
  };
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

/// Conditions with fewer rows are counted, and their rows collected: 2,000 rows are 6 ms.
inline constexpr std::int64_t kFew = 2000;
/// Rows looked at to learn how common the others are: 1 ms.
inline constexpr int kSampled = 500;
/// Entries that a trial walks over at least; else so many times what is expected.
inline constexpr std::int64_t kShortestStretch = 4000, kPatience = 16;
/// Rows counted exactly for a list; above it the total is "at least".
inline constexpr std::int64_t kMostCounted = 10'000;
/// Hits of common words that PostgreSQL counts for a total: it reads a row for each (2 us).
inline constexpr std::int64_t kMostHits = 5'000;
/// Entries of an index, or rows, that are looked at for a total; rows whose words PostgreSQL looks up (14
/// us).
inline constexpr std::int64_t kMostEntries = 12'000, kMostRows = 2'000, kMostLookedUp = 500;

/// What is asked of a list's table. The group of the words, if there is one, has the column kWordsColumn.
inline constexpr std::string_view kWordsColumn = "#words";

class WayFinder {
 public:
  WayFinder(db::Connection& c, const TypeModel& type, const Conditions& conditions,
            const std::optional<WordsCondition>& words, Estimates* estimates);

  /// Counts what is rare, samples what is not.
  Status look();
  /// `streamed`: the reader takes one range and stops by itself.
  Choice find(const ColumnType& sort, double limit, bool streamed) const;
  /// The way to the rows without a sort value where they are few at most: their stretch of the order's index.
  /// nullopt: they are many, or no index has that order.
  Result<std::optional<Way>> way_of_unset(const ColumnType& sort);
  /// The group that leaves the fewest rows, for counting; nullopt when no index begins with any.
  std::optional<std::size_t> fewest() const;
  double rows_of(std::size_t group) const;
  /// Share of the rows that pass what is asked of a column; 1 when nothing is. Of words that are looked for
  /// among the rows of some owners: of those rows.
  double share_of(std::string_view column) const;
  /// Whether the index tells a column without the row.
  bool covers(const std::string& index, const std::string& column) const;
  /// Name of an index that begins with the columns and goes on with `id`, or begins with the first one at
  /// all.
  std::string index_on(const std::vector<std::string>& columns, bool exactly = true) const;

 private:
  /// In microseconds; `examined` entries are expected.
  struct Priced {
    Way way;
    double cost, worst, examined;
  };
  /// How an index meets the conditions that do not lead.
  struct Cover {
    bool all = true;            ///< no row is needed to tell
    double passed = 1;          ///< share of entries whose row is needed
    double entry = 0, set = 0;  ///< cost of an entry; of making the set of words, once
  };
  std::string what() const;
  Status find_out();
  Result<double> count_rows();
  Status sample(std::vector<bool> const& wanted);
  void set_share_of_words();
  double share_of(const std::vector<bool>& groups) const;
  double rest_of(std::size_t group) const;
  Cover cover(const std::string& index, std::optional<std::size_t> leads) const;
  Priced walk(const ColumnType& sort, double limit) const;
  std::optional<Priced> merge(std::size_t group, const ColumnType& sort, double limit) const;
  std::optional<Priced> collect(std::size_t group, const ColumnType& sort, double limit) const;

  db::Connection& c_;
  const TypeModel& type_;
  const Conditions& conditions_;
  const std::optional<WordsCondition>& words_;
  Estimates* const estimates_;
  const std::vector<Index> indexes_;
  const bool sqlite_;
  double rows_ = 0;
  double all_ = 1;  ///< share of rows that pass everything
  std::vector<double> shares_;
  std::vector<bool> exact_;
};

/// The parameters that a statement uses: those up to its highest mark.
std::span<const db::Value> used_parameters(std::string_view sql, std::span<const db::Value> params);

}  // namespace mineward::record
