/// Which duties bind where and when: home validity, what the security administrator switched, and the
/// stricter of two.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "db/db.h"
#include "pack/catalog.h"
#include "record/record.h"

namespace mineward::duty {

/// A set of days, as rising ranges that do not touch.
class DaySet {
 public:
  struct Range {
    std::int32_t from = 0, to = 0;  ///< days since 1970-01-01, both included
    friend bool operator==(const Range&, const Range&) = default;
  };
  void add(Range range);
  void remove(Range range);
  void remove(const DaySet& other);
  bool contains(Date day) const;
  bool empty() const { return ranges_.empty(); }
  const std::vector<Range>& ranges() const { return ranges_; }
  friend bool operator==(const DaySet&, const DaySet&) = default;

 private:
  std::vector<Range> ranges_;
};

/// One pack setting in force (record pack_setting). Later ones override earlier ones.
struct Setting {
  record::RecordId id;
  std::string pack;
  std::string action;       ///< "switch_on", "switch_off", "replace"
  std::string replaced_by;  ///< for replace
  std::string region;       ///< code
  Date first{};
  std::optional<Date> last;
};

/// The settings in force, in the order in which they were put in force.
Result<std::vector<Setting>> read_settings(db::Connection&, const pack::Catalog&);

/// Immutable after its constructor but for a memory of answers: one thread at a time. Borrows the catalog.
class Regime {
 public:
  Regime(const pack::Catalog& catalog, std::vector<Setting> settings);

  /// Days on which the duty (index into Catalog::duties) binds subjects of a region, where no stricter one
  /// does.
  const DaySet& days(std::size_t duty, const std::string& region) const;
  /// The same before stricter ones are looked at.
  const DaySet& own_days(std::size_t duty, const std::string& region) const;
  /// Duties that would bind too, and that `duty` replaces on that day because it is stricter or stands first.
  std::vector<std::size_t> replaced(std::size_t duty, const std::string& region, Date day) const;
  const std::vector<Setting>& settings() const { return settings_; }

 private:
  /// Whether `a` keeps `b` from being asked as well.
  bool outranks(std::size_t a, std::size_t b) const;
  const std::vector<std::size_t>& rivals(std::size_t duty) const { return rivals_[duty]; }

  const pack::Catalog& catalog_;
  std::vector<Setting> settings_;
  std::vector<std::vector<std::size_t>> rivals_;  ///< duties of the same id or family that compare
  mutable std::map<std::pair<std::size_t, std::string>, DaySet> own_, effective_;
};

}  // namespace mineward::duty
