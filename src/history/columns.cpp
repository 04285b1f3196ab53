#include "history/columns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace mineward::history {
namespace {

constexpr std::array<double, kMaxExponent + 1> kPowers = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
constexpr double kLargest = 9007199254740992.0;  // 2^53: every whole number up to here is a double
constexpr std::uint8_t kXor = 0x40;

std::uint64_t bits_of_double(double v) { return std::bit_cast<std::uint64_t>(v); }

// A prefix code: see "Prefix code" in docs/formats/sample_block.md. The order is part of the format.
struct Table {
  unsigned classes;
  std::array<std::uint8_t, 5> widths;
};
constexpr std::array<Table, 11> kTables = {{{1, {0}},
                                            {4, {0, 1, 1, 4}},
                                            {4, {0, 1, 2, 4}},
                                            {5, {0, 2, 3, 5, 8}},
                                            {4, {1, 1, 2, 4}},
                                            {5, {2, 2, 3, 5, 8}},
                                            {5, {3, 3, 4, 6, 10}},
                                            {5, {5, 5, 6, 8, 12}},
                                            {4, {8, 8, 10, 13}},
                                            {3, {12, 13, 16}},
                                            {0, {}}}};

struct Place {
  unsigned cls;
  std::uint64_t offset;
};
Place place_of(const Table& table, std::uint64_t z) {
  std::uint64_t base = 0;
  for (unsigned i = 0; i < table.classes; ++i) {
    const std::uint64_t size = std::uint64_t{1} << table.widths[i];
    if (z - base < size) return {i, z - base};
    base += size;
  }
  return {table.classes, z};
}

void put_prefixed(BitWriter& bits, const Table& table, unsigned wide, std::uint64_t z) {
  const Place p = place_of(table, z);
  if (p.cls == table.classes) {
    bits.put(BitWriter::mask(p.cls), p.cls);
    bits.put(z, wide);
    return;
  }
  bits.put(BitWriter::mask(p.cls), p.cls + 1);
  bits.put(p.offset, table.widths[p.cls]);
}

std::uint64_t get_prefixed(BitReader& bits, const Table& table, unsigned wide) {
  std::uint64_t base = 0;
  for (unsigned i = 0; i < table.classes; ++i) {
    if (bits.get(1) == 0) return base + bits.get(table.widths[i]);
    base += std::uint64_t{1} << table.widths[i];
  }
  return bits.get(wide);
}

// How often each number occurs: exactly below kExact, by its width above.
struct Histogram {
  static constexpr std::uint64_t kExact = 1024;
  std::array<std::uint32_t, kExact> small{};
  std::vector<std::uint64_t> large;
  std::uint64_t top = 0;
};

std::uint64_t cost(const Table& table, unsigned wide, const Histogram& h) {
  std::uint64_t total = 0;
  std::uint64_t from = 0;
  const std::uint64_t end = std::min(Histogram::kExact, h.top + 1);
  for (unsigned i = 0; i < table.classes && from < end; ++i) {
    const std::uint64_t to = std::min(end, from + (std::uint64_t{1} << table.widths[i]));
    const std::uint64_t n =
        std::accumulate(h.small.begin() + static_cast<std::ptrdiff_t>(from),
                        h.small.begin() + static_cast<std::ptrdiff_t>(to), std::uint64_t{0});
    total += n * (i + 1u + table.widths[i]);
    from = to;
  }
  if (from < end) {
    total += std::accumulate(h.small.begin() + static_cast<std::ptrdiff_t>(from),
                             h.small.begin() + static_cast<std::ptrdiff_t>(end), std::uint64_t{0}) *
             (table.classes + wide);
  }
  for (const std::uint64_t z : h.large) {
    const Place p = place_of(table, z);
    total += p.cls == table.classes ? table.classes + wide : p.cls + 1u + table.widths[p.cls];
  }
  return total;
}

// The biggest number that goes the wide way decides `wide`; the biggest of all is a close upper bound.
std::pair<std::size_t, unsigned> choose_table(std::span<const std::uint64_t> changes) {
  Histogram h;
  for (const std::uint64_t z : changes) {
    h.top = std::max(h.top, z);
    if (z < Histogram::kExact) {
      ++h.small[static_cast<std::size_t>(z)];
    } else {
      h.large.push_back(z);
    }
  }
  const unsigned wide = bits_of(h.top);
  std::size_t best = 0;
  std::uint64_t best_cost = ~std::uint64_t{0};
  for (std::size_t t = 0; t < kTables.size(); ++t) {
    const std::uint64_t c = cost(kTables[t], wide, h);
    if (c < best_cost) {
      best = t;
      best_cost = c;
    }
  }
  return {best, wide};
}

void put_scaled(std::string& out, std::span<const double> values, const ScaledColumn& column) {
  std::vector<std::uint64_t> changes(values.size() - 1);
  for (std::size_t i = 0; i < changes.size(); ++i)
    changes[i] = zigzag(column.numbers[i + 1] - column.numbers[i]);
  const auto [table, wide] = choose_table(changes);
  out += static_cast<char>(column.exponent);
  out += static_cast<char>(table);
  out += static_cast<char>(wide);
  put_zigzag(out, column.numbers[0]);
  put_varint(out, column.odd.size());
  std::uint32_t before = 0;
  for (const std::uint32_t i : column.odd) {
    put_varint(out, i - before);
    put_fixed(out, values[i]);
    before = i;
  }
  BitWriter bits(out);
  for (const std::uint64_t z : changes) put_prefixed(bits, kTables[table], wide, z);
  bits.finish();
}

void get_scaled(ByteReader& in, unsigned exponent, std::size_t count, std::vector<double>& values) {
  const auto table = in.fixed<std::uint8_t>();
  const auto wide = in.fixed<std::uint8_t>();
  auto number = static_cast<std::uint64_t>(in.zigzag());
  const std::uint64_t odd_count = in.varint();
  if (table >= kTables.size() || wide > 64 || odd_count > count) return in.fail();
  std::vector<std::pair<std::uint64_t, double>> odd(static_cast<std::size_t>(odd_count));
  std::uint64_t at = 0;
  for (auto& [index, value] : odd) {
    const std::uint64_t step = in.varint();
    if (step >= count || (at += step) >= count) return in.fail();
    index = at;
    value = in.fixed<double>();
  }
  const std::size_t start = values.size();
  values.reserve(start + count);
  values.push_back(unscaled(static_cast<std::int64_t>(number), exponent));
  BitReader bits(in);
  for (std::size_t i = 1; i < count && !in.bad(); ++i) {
    number += static_cast<std::uint64_t>(unzigzag(get_prefixed(bits, kTables[table], wide)));
    values.push_back(unscaled(static_cast<std::int64_t>(number), exponent));
  }
  if (in.bad()) return;
  for (const auto& [index, value] : odd) values[start + static_cast<std::size_t>(index)] = value;
}

void put_xor(std::string& out, std::span<const double> values) {
  out += static_cast<char>(kXor);
  put_fixed(out, values[0]);
  BitWriter bits(out);
  for (std::size_t i = 1; i < values.size(); ++i) {
    const std::uint64_t x = bits_of_double(values[i]) ^ bits_of_double(values[i - 1]);
    if (x == 0) {
      bits.put(0, 1);
      continue;
    }
    const auto zeros = static_cast<unsigned>(std::countl_zero(x));
    const unsigned length = 64 - zeros - static_cast<unsigned>(std::countr_zero(x));
    bits.put(1, 1);
    bits.put(zeros, 6);
    bits.put(length - 1, 6);
    bits.put(x >> (64 - zeros - length), length);
  }
  bits.finish();
}

void get_xor(ByteReader& in, std::size_t count, std::vector<double>& values) {
  std::uint64_t raw = in.fixed<std::uint64_t>();
  values.push_back(std::bit_cast<double>(raw));
  BitReader bits(in);
  for (std::size_t i = 1; i < count && !in.bad(); ++i) {
    if (bits.get(1) != 0) {
      const auto zeros = static_cast<unsigned>(bits.get(6));
      const auto length = static_cast<unsigned>(bits.get(6)) + 1;
      if (zeros + length > 64) return in.fail();
      raw ^= bits.get(length) << (64 - zeros - length);
    }
    values.push_back(std::bit_cast<double>(raw));
  }
}

// How a block's gaps are packed.
struct Packing {
  std::int64_t unit = 1, base = 0;
  unsigned width = 0;
  std::uint64_t bytes = ~std::uint64_t{0};
};

// The best width for gaps counted as base + unit * r.
Packing try_packing(std::span<const std::int64_t> gaps, std::int64_t unit, std::int64_t base) {
  std::array<std::uint32_t, 65> by_width{};
  std::array<std::uint64_t, 65> odd_bytes{};
  std::uint64_t never = 0;  // bytes of gaps that fit no width
  for (const std::int64_t gap : gaps) {
    const std::uint64_t odd = 1 + varint_size(static_cast<std::uint64_t>(gap));
    if (gap < base || (gap - base) % unit != 0) {
      never += odd;
      continue;
    }
    const unsigned w = bits_of(static_cast<std::uint64_t>((gap - base) / unit));
    ++by_width[w];
    odd_bytes[w] += odd;
  }
  Packing best{unit, base, 0, ~std::uint64_t{0}};
  std::uint64_t above = std::accumulate(odd_bytes.begin(), odd_bytes.end(), std::uint64_t{0});
  for (unsigned w = 0; w <= 32; ++w) {
    above -= odd_bytes[w];
    const std::uint64_t bytes = never + above + (gaps.size() * w + 7) / 8 +
                                varint_size(static_cast<std::uint64_t>(unit)) +
                                varint_size(static_cast<std::uint64_t>(base));
    if (bytes < best.bytes) best = {unit, base, w, bytes};
  }
  return best;
}

std::int64_t most_common(std::span<const std::int64_t> gaps) {
  std::vector<std::int64_t> sorted(gaps.begin(), gaps.end());
  std::sort(sorted.begin(), sorted.end());
  std::int64_t best = sorted[0];
  std::size_t best_run = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t j = i;
    while (j < sorted.size() && sorted[j] == sorted[i]) ++j;
    if (j - i > best_run) {
      best_run = j - i;
      best = sorted[i];
    }
    i = j;
  }
  return best;
}

Packing choose_packing(std::span<const std::int64_t> gaps) {
  const bool same = std::all_of(gaps.begin(), gaps.end(), [&](std::int64_t g) { return g == gaps[0]; });
  if (same) return try_packing(gaps, 1, gaps[0]);
  const std::int64_t common = most_common(gaps);
  const std::int64_t least = *std::min_element(gaps.begin(), gaps.end());
  Packing best;
  for (const std::int64_t base : {least, common}) {
    std::int64_t divisor = 0;
    for (const std::int64_t g : gaps) divisor = std::gcd(divisor, g - base);
    for (const std::int64_t unit : {divisor, std::int64_t{1000}, std::int64_t{1}}) {
      if (unit == 0) continue;
      const Packing p = try_packing(gaps, unit, base);
      if (p.bytes < best.bytes) best = p;
    }
  }
  return best;
}

bool fits(const Packing& p, std::int64_t gap) {
  return gap >= p.base && (gap - p.base) % p.unit == 0 &&
         bits_of(static_cast<std::uint64_t>((gap - p.base) / p.unit)) <= p.width;
}

}  // namespace

double unscaled(std::int64_t n, unsigned exponent) { return static_cast<double>(n) / kPowers[exponent]; }

std::optional<std::int64_t> scaled(double value, unsigned exponent) {
  const double rounded = std::nearbyint(value * kPowers[exponent]);
  if (!(std::abs(rounded) <= kLargest)) return std::nullopt;  // also NaN and infinity
  const auto n = static_cast<std::int64_t>(rounded);
  if (bits_of_double(unscaled(n, exponent)) != bits_of_double(value)) return std::nullopt;
  return n;
}

std::optional<ScaledColumn> scale(std::span<const double> values) {
  const std::size_t allowed = values.size() / 16;
  ScaledColumn column;
  column.numbers.resize(values.size());
  for (unsigned e = 0; e <= kMaxExponent; ++e) {
    column.exponent = e;
    column.odd.clear();
    std::int64_t before = 0;
    std::size_t i = 0;
    for (; i < values.size() && column.odd.size() <= allowed; ++i) {
      const auto n = scaled(values[i], e);
      if (n) {
        before = *n;
      } else {
        column.odd.push_back(static_cast<std::uint32_t>(i));
      }
      column.numbers[i] = before;
    }
    if (column.odd.size() <= allowed) return column;
  }
  return std::nullopt;
}

void put_values(std::string& out, std::span<const double> values) { put_values(out, values, scale(values)); }

void put_values(std::string& out, std::span<const double> values, const std::optional<ScaledColumn>& column) {
  if (values.empty()) return;
  if (column) {
    put_scaled(out, values, *column);
  } else {
    put_xor(out, values);
  }
}

void get_values(ByteReader& in, std::size_t count, std::vector<double>& values) {
  if (count == 0) return;
  const auto kind = in.fixed<std::uint8_t>();
  if (kind <= kMaxExponent) return get_scaled(in, kind, count, values);
  if (kind == kXor) return get_xor(in, count, values);
  in.fail();
}

void put_times(std::string& out, std::span<const std::int64_t> times) {
  if (times.size() < 2) return;
  std::vector<std::int64_t> gaps(times.size() - 1);
  for (std::size_t i = 0; i < gaps.size(); ++i) gaps[i] = times[i + 1] - times[i];
  const Packing p = choose_packing(gaps);
  put_varint(out, static_cast<std::uint64_t>(p.unit));
  put_varint(out, static_cast<std::uint64_t>(p.base));
  out += static_cast<char>(p.width);
  std::string odd;
  std::size_t odd_count = 0;
  std::size_t before = 0;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    if (fits(p, gaps[i])) continue;
    put_varint(odd, i - before);
    put_varint(odd, static_cast<std::uint64_t>(gaps[i]));
    before = i;
    ++odd_count;
  }
  put_varint(out, odd_count);
  out += odd;
  BitWriter bits(out);
  for (const std::int64_t gap : gaps) {
    bits.put(fits(p, gap) ? static_cast<std::uint64_t>((gap - p.base) / p.unit) : 0, p.width);
  }
  bits.finish();
}

void get_times(ByteReader& in, std::size_t count, std::int64_t first, std::vector<std::int64_t>& times) {
  times.push_back(first);
  if (count < 2) return;
  const std::uint64_t unit = in.varint();
  const std::uint64_t base = in.varint();
  const auto width = in.fixed<std::uint8_t>();
  const std::uint64_t odd_count = in.varint();
  if (width > 32 || odd_count >= count) return in.fail();
  std::vector<std::pair<std::uint64_t, std::uint64_t>> odd(static_cast<std::size_t>(odd_count));
  std::uint64_t at = 0;
  for (auto& [index, gap] : odd) {
    const std::uint64_t step = in.varint();
    if (step >= count || (at += step) >= count - 1) return in.fail();
    index = at;
    gap = in.varint();
  }
  times.reserve(times.size() + count);
  BitReader bits(in);
  auto next_odd = odd.begin();
  auto now = static_cast<std::uint64_t>(first);
  for (std::size_t i = 0; i + 1 < count && !in.bad(); ++i) {
    std::uint64_t gap = base + unit * bits.get(width);
    if (next_odd != odd.end() && next_odd->first == i) gap = (next_odd++)->second;
    now += gap;
    times.push_back(static_cast<std::int64_t>(now));
  }
}

void put_nulls(std::string& out, std::span<const std::uint8_t> nulls) {
  const auto null_count = static_cast<std::size_t>(std::count(nulls.begin(), nulls.end(), 1));
  if (null_count == 0 || null_count == nulls.size()) {
    out += static_cast<char>(null_count == 0 ? 0 : 1);
    return;
  }
  std::string runs;
  std::size_t run_count = 0;
  std::uint8_t now = 0;
  for (std::size_t i = 0; i < nulls.size(); ++run_count, now ^= 1) {
    const std::size_t start = i;
    while (i < nulls.size() && nulls[i] == now) ++i;
    put_varint(runs, i - start);
  }
  if (runs.size() + varint_size(run_count) < (nulls.size() + 7) / 8) {
    out += '\3';
    put_varint(out, run_count);
    out += runs;
    return;
  }
  out += '\2';
  BitWriter bits(out);
  for (const std::uint8_t null : nulls) bits.put(null, 1);
  bits.finish();
}

std::size_t get_nulls(ByteReader& in, std::size_t count, std::vector<std::uint8_t>& nulls) {
  const auto kind = in.fixed<std::uint8_t>();
  nulls.clear();
  if (kind <= 1) {
    nulls.assign(count, kind);
  } else if (kind == 2) {
    BitReader bits(in);
    for (std::size_t i = 0; i < count; ++i) nulls.push_back(static_cast<std::uint8_t>(bits.get(1)));
  } else if (kind == 3) {
    const std::uint64_t runs = in.varint();
    std::uint8_t now = 0;
    for (std::uint64_t r = 0; r < runs && !in.bad(); ++r, now ^= 1) {
      const std::uint64_t length = in.varint();
      if (length > count - nulls.size()) in.fail();
      if (!in.bad()) nulls.insert(nulls.end(), static_cast<std::size_t>(length), now);
    }
  } else {
    in.fail();
  }
  if (nulls.size() != count) {
    in.fail();
    return 0;
  }
  return static_cast<std::size_t>(std::count(nulls.begin(), nulls.end(), 0));
}

void put_states(std::string& out, std::span<const std::uint16_t> states) {
  std::string runs;
  std::size_t run_count = 0;
  for (std::size_t i = 0; i < states.size(); ++run_count) {
    const std::size_t start = i;
    while (i < states.size() && states[i] == states[start]) ++i;
    put_varint(runs, states[start]);
    put_varint(runs, i - start);
  }
  put_varint(out, run_count);
  out += runs;
}

void get_states(ByteReader& in, std::size_t count, std::vector<std::uint16_t>& states) {
  const std::uint64_t runs = in.varint();
  states.clear();
  for (std::uint64_t r = 0; r < runs && !in.bad(); ++r) {
    const std::uint64_t state = in.varint();
    const std::uint64_t length = in.varint();
    if (state > 0xffff || length > count - states.size()) return in.fail();
    states.insert(states.end(), static_cast<std::size_t>(length), static_cast<std::uint16_t>(state));
  }
  if (states.size() != count) in.fail();
}

}  // namespace mineward::history
