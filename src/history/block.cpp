#include "history/block.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "base/digest.h"
#include "history/columns.h"

namespace mineward::history {
namespace {

constexpr std::uint8_t kBlockFormatVersion = 1;
constexpr std::uint8_t kPlainSummary = 0xff;
constexpr std::size_t kBodyStart = 5;  // version, crc
constexpr std::int64_t kMaxTime = std::int64_t{1} << 61;
constexpr std::uint64_t kMaxSpan = std::uint64_t{1} << 61;  // so that first + span cannot overflow

std::uint32_t sum_of(std::string_view block) {
  return crc32c(block.substr(kBodyStart), crc32c(block.substr(0, 1)));
}

// The columns of one block, reused by the thread.
struct Columns {
  std::vector<std::int64_t> times;
  std::vector<std::uint8_t> nulls;
  std::vector<std::uint16_t> states;
  std::vector<double> values;
  void clear() {
    times.clear();
    nulls.clear();
    states.clear();
    values.clear();
  }
};

// Exact integers if the values allow it and the sum cannot overflow.
bool put_scaled_summary(std::string& out, const std::optional<ScaledColumn>& column) {
  if (!column || !column->odd.empty()) return false;
  const auto [low, high] = std::minmax_element(column->numbers.begin(), column->numbers.end());
  const std::int64_t room = (std::int64_t{1} << 62) / static_cast<std::int64_t>(kMaxBlockSamples);
  if (*low < -room || *high > room) return false;
  std::int64_t sum = 0;
  for (const std::int64_t n : column->numbers) sum += n;
  out += static_cast<char>(column->exponent);
  for (const std::int64_t n : {*low, *high, column->numbers.back(), sum}) put_zigzag(out, n);
  return true;
}

void put_summary(std::string& out, std::span<const double> values,
                 const std::optional<ScaledColumn>& column) {
  if (values.empty() || put_scaled_summary(out, column)) return;
  double min = values[0];
  double max = values[0];
  double sum = 0;
  for (const double v : values) {
    min = std::min(min, v);
    max = std::max(max, v);
    sum += v;
  }
  out += static_cast<char>(kPlainSummary);
  for (const double v : {min, max, values.back(), sum}) put_fixed(out, v);
}

void get_summary(ByteReader& in, BlockHead& head) {
  if (head.valued == 0) return;
  const auto kind = in.fixed<std::uint8_t>();
  double* const parts[] = {&head.min, &head.max, &head.last_value, &head.sum};
  if (kind != kPlainSummary && kind > kMaxExponent) return in.fail();
  for (double* part : parts) *part = kind == kPlainSummary ? in.fixed<double>() : unscaled(in.zigzag(), kind);
}

Result<BlockHead> read_head(std::string_view block, ByteReader& in) {
  if (block.empty()) return corrupt("the block is empty");
  const auto version = static_cast<std::uint8_t>(block[0]);
  if (version != kBlockFormatVersion)
    return corrupt(fmt::format("block version {}, this program knows {}", version, kBlockFormatVersion));
  if (block.size() <= kBodyStart) return corrupt(fmt::format("block of {} bytes is too short", block.size()));
  in.take(1);
  const auto want = in.fixed<std::uint32_t>();
  const std::uint32_t found = sum_of(block);
  if (want != found) return corrupt(fmt::format("block sum is {:08x}, its bytes give {:08x}", want, found));
  BlockHead head;
  const std::uint64_t point = in.varint();
  const std::uint64_t count = in.varint();
  head.first.utc_ms = in.zigzag();
  const std::uint64_t span = in.varint();
  const std::uint64_t states = in.varint();
  const std::uint64_t valued = in.varint();
  if (in.bad() || point > 0xffffffff || span > kMaxSpan || head.first.utc_ms > kMaxTime ||
      head.first.utc_ms < -kMaxTime || count == 0 || count > kMaxBlockSamples || states > 0xffff ||
      valued > count) {
    return corrupt(
        fmt::format("block head is impossible: point {}, {} samples, {} with a value", point, count, valued));
  }
  head.last = head.first + Millis(static_cast<std::int64_t>(span));
  head.point = static_cast<PointKey>(point);
  head.count = static_cast<std::uint32_t>(count);
  head.states = static_cast<std::uint16_t>(states);
  head.valued = static_cast<std::uint32_t>(valued);
  get_summary(in, head);
  if (in.bad()) return corrupt("block ends inside its summary");
  return head;
}

}  // namespace

std::string encode_block(PointKey point, std::span<const Sample> samples) {
  assert(!samples.empty() && samples.size() <= kMaxBlockSamples);
  thread_local Columns c;
  c.clear();
  std::uint16_t states = 0;
  for (const Sample& s : samples) {
    assert(c.times.empty() || c.times.back() < s.at.utc_ms);
    c.times.push_back(s.at.utc_ms);
    c.nulls.push_back(s.value ? 0 : 1);
    c.states.push_back(s.state);
    if (s.value) c.values.push_back(*s.value);
    states |= s.state;
  }
  std::string out;
  out.reserve(64 + samples.size() * 2);
  out += static_cast<char>(kBlockFormatVersion);
  put_fixed(out, std::uint32_t{0});
  put_varint(out, point);
  put_varint(out, samples.size());
  put_zigzag(out, c.times.front());
  put_varint(out, static_cast<std::uint64_t>(c.times.back() - c.times.front()));
  put_varint(out, states);
  put_varint(out, c.values.size());
  const auto column = scale(c.values);
  put_summary(out, c.values, column);
  put_times(out, c.times);
  put_nulls(out, c.nulls);
  put_states(out, c.states);
  put_values(out, c.values, column);
  const std::uint32_t crc = sum_of(out);
  std::memcpy(out.data() + 1, &crc, sizeof crc);
  return out;
}

Result<BlockHead> read_block_head(std::string_view block) {
  ByteReader in(block);
  return read_head(block, in);
}

Result<BlockHead> decode_block(std::string_view block, std::vector<Sample>& out) {
  ByteReader in(block);
  MW_ASSIGN(const BlockHead head, read_head(block, in));
  thread_local Columns c;
  c.clear();
  get_times(in, head.count, head.first.utc_ms, c.times);
  const std::size_t valued = get_nulls(in, head.count, c.nulls);
  get_states(in, head.count, c.states);
  if (valued != head.valued)
    return corrupt(fmt::format("block has {} values, its head says {}", valued, head.valued));
  get_values(in, valued, c.values);
  if (in.bad() || in.left() != 0) return corrupt("block has a right sum but wrong columns");
  if (c.times.back() != head.last.utc_ms) return corrupt("block times do not end where its head says");
  if (std::adjacent_find(c.times.begin(), c.times.end(), std::greater_equal<>()) != c.times.end())
    return corrupt("block times do not rise");
  out.reserve(out.size() + head.count);
  std::size_t v = 0;
  for (std::size_t i = 0; i < head.count; ++i) {
    Sample s{{c.times[i]}, {}, c.states[i]};
    if (c.nulls[i] == 0) s.value = c.values[v++];
    out.push_back(s);
  }
  return head;
}

}  // namespace mineward::history
