/// Records by the pack's tables: one segment of text to cells, or the fault that it has.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "feed/convert.h"
#include "feed/decode.h"

namespace mineward::feed {

/// More fields than any layout has; a record with more is a fault like any other wrong count.
constexpr std::size_t kMaxFields = 64;

/// The fields of a record, trimmed. `count` says how many there were, also beyond kMaxFields.
struct FieldList {
  std::array<std::string_view, kMaxFields> field;
  std::size_t count = 0;
};
void split_fields(std::string_view record, std::string_view separator, FieldList& out);

/// Reads segments by the first layout that fits: field count first, then conversion of every cell.
/// A separator before the record end ("...;~") is an empty field too many and is overlooked; a layout that
/// fits without that field goes before one that fits with it, so a shorter variant should require what tells
/// it from the longer.
class RecordReader {
 public:
  /// `hide_found`: faults do not show what stood in the file, because it may be personal data.
  RecordReader(const pack::Dialect& dialect, bool hide_found)
      : dialect_(dialect), sentinels_(dialect), hide_found_(hide_found) {}

  /// Fills `out`, or gives the fault of the layout that came nearest. `code` is for a wrong number of fields.
  std::optional<Fault> read(std::string_view segment,
                            std::span<const std::vector<pack::Column>* const> layouts, Code wrong_count,
                            DecodedRecord& out);
  const Sentinels& sentinels() const { return sentinels_; }
  TimeReader& times() { return times_; }

 private:
  std::optional<Fault> convert_all(const std::vector<pack::Column>& layout, DecodedRecord& out);
  std::string shown(const pack::Column& column, std::string_view text) const;
  const pack::Dialect& dialect_;
  Sentinels sentinels_;
  TimeReader times_;
  FieldList fields_;
  bool hide_found_;
};

}  // namespace mineward::feed
