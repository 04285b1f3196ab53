/// Compressed columns: the parts that blocks, statistics and journal entries are made of.
/// docs/formats/sample_block.md has the bytes. Pure functions over memory; every put_ has its get_, which
/// marks the reader bad on nonsense.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "history/bytes.h"

namespace mineward::history {

constexpr unsigned kMaxExponent = 6;  ///< 10^-6 of a unit: finer than any sensor of monitoring.md reports

/// n with `double(n) / 10^exponent` having the very bits of `value`, and |n| <= 2^53; none if there is no
/// such n.
std::optional<std::int64_t> scaled(double value, unsigned exponent);
double unscaled(std::int64_t n, unsigned exponent);

/// Values as scaled integers where that is exact for nearly all of them.
struct ScaledColumn {
  unsigned exponent = 0;
  std::vector<std::int64_t> numbers;  ///< an odd value repeats the number before
  std::vector<std::uint32_t> odd;     ///< places of values that are no multiple of 10^-exponent
};
/// The smallest exponent that leaves at most a sixteenth of the values odd; none if there is none.
std::optional<ScaledColumn> scale(std::span<const double> values);

/// "values" of the format: scaled or xor, whichever fits; nothing for no values.
void put_values(std::string& out, std::span<const double> values);
/// As above, when the caller has scaled already (`column` none = xor).
void put_values(std::string& out, std::span<const double> values, const std::optional<ScaledColumn>& column);
void get_values(ByteReader& in, std::size_t count, std::vector<double>& values);

/// "times": strictly rising instants in ms; the first and last are known to the reader.
void put_times(std::string& out, std::span<const std::int64_t> times);
void get_times(ByteReader& in, std::size_t count, std::int64_t first, std::vector<std::int64_t>& times);

/// "nulls": 1 = no value. Gives the number of zeros, which is the number of values that follow.
void put_nulls(std::string& out, std::span<const std::uint8_t> nulls);
std::size_t get_nulls(ByteReader& in, std::size_t count, std::vector<std::uint8_t>& nulls);

/// "state_runs".
void put_states(std::string& out, std::span<const std::uint16_t> states);
void get_states(ByteReader& in, std::size_t count, std::vector<std::uint16_t>& states);

}  // namespace mineward::history
