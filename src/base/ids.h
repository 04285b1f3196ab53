/// Strong identifiers: swapped arguments don't compile.
#pragma once

#include <charconv>
#include <compare>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace mineward {

template <class Tag>
struct Id {
  std::int64_t value = 0;  ///< 0 = none
  explicit operator bool() const { return value != 0; }
  friend auto operator<=>(const Id&, const Id&) = default;
  std::string text() const { return std::to_string(value); }
};

/// Identifies one record of any type. In JSON it is text, because a JavaScript number has only 53 bits.
using RecordId = Id<struct RecordTag>;

template <class Tag>
std::optional<Id<Tag>> parse_id(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return Id<Tag>{value};
}
inline std::optional<RecordId> parse_record_id(std::string_view text) { return parse_id<RecordTag>(text); }

/// Makes record ids that grow with time and never repeat between nodes: 41 bit of milliseconds since
/// 2020-01-01 UTC, 10 bit of node number, 12 bit of sequence. Never goes back when the clock does. Safe from
/// any thread.
class IdMaker {
 public:
  IdMaker(Clock& clock, std::uint16_t node) : clock_(clock), node_(node & 1023) {}
  RecordId next();

 private:
  Clock& clock_;
  const std::int64_t node_;
  std::mutex last_mutex_;  // guards last_ms_, sequence_
  std::int64_t last_ms_ = 0;
  std::int64_t sequence_ = 0;
};

}  // namespace mineward

template <class Tag>
struct std::hash<mineward::Id<Tag>> {
  std::size_t operator()(const mineward::Id<Tag>& id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};
