#include "history/block.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "history/columns.h"
#include "history/testing.h"

namespace mineward::history {
namespace {

constexpr std::int64_t kStart = 1768176000000;  // 2026-01-12 00:00:00 UTC

// Equal to the last bit: -0.0 is not 0.0, and a NaN equals itself.
bool same(const Sample& a, const Sample& b) {
  if (a.at != b.at || a.state != b.state || a.value.has_value() != b.value.has_value()) return false;
  return !a.value || std::bit_cast<std::uint64_t>(*a.value) == std::bit_cast<std::uint64_t>(*b.value);
}

void expect_round_trip(const std::vector<Sample>& samples) {
  const std::string block = encode_block(7, samples);
  std::vector<Sample> back;
  const auto head = decode_block(block, back);
  MW_OK(head);
  ASSERT_EQ(back.size(), samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) ASSERT_TRUE(same(samples[i], back[i])) << "sample " << i;
  EXPECT_EQ(head->point, 7u);
  EXPECT_EQ(head->count, samples.size());
  EXPECT_EQ(head->first, samples.front().at);
  EXPECT_EQ(head->last, samples.back().at);
}

std::vector<Sample> series(const std::vector<double>& values, std::int64_t gap_ms = 30000) {
  std::vector<Sample> out;
  for (std::size_t i = 0; i < values.size(); ++i)
    out.push_back({{kStart + static_cast<std::int64_t>(i) * gap_ms}, values[i], 0});
  return out;
}

TEST(Block, KeepsEveryDoubleToTheLastBit) {
  using L = std::numeric_limits<double>;
  const struct {
    const char* why;
    std::vector<double> values;
  } cases[] = {
      {"one value", {0.52}},
      {"decimals", {0.5, 0.52, 0.51, 12.345678, 0}},
      {"minus zero is not zero", {0.0, -0.0, 0.0, -0.0}},
      {"minus zero among many decimals", std::vector<double>(40, 0.25)},
      {"denormals and limits",
       {L::denorm_min(), -L::denorm_min(), L::min(), L::max(), L::lowest(), L::epsilon()}},
      {"infinities and NaN", {L::infinity(), -L::infinity(), L::quiet_NaN(), L::signaling_NaN()}},
      {"whole numbers beyond 2^53", {9007199254740993.0, 1e300, -1e17}},
      {"2^53 and back", {9007199254740992.0, -9007199254740992.0, 0}},
      {"no decimals", {M_PI, M_E, std::sqrt(2), 1.0 / 3}},
      {"the same all along", std::vector<double>(480, 1076.0)},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    expect_round_trip(series(c.values));
  }
  auto odd = series(std::vector<double>(100, 0.25));
  odd[0].value = -0.0;
  odd[50].value = M_PI;
  odd[99].value = L::quiet_NaN();
  expect_round_trip(odd);
}

TEST(Block, KeepsNullsStatesAndTimes) {
  std::mt19937_64 random(1);
  for (int kind = 0; kind < 12; ++kind) {
    SCOPED_TRACE(kind);
    std::vector<Sample> samples;
    std::int64_t t = kStart;
    for (int i = 0; i < 480; ++i) {
      Sample s{{t}, i * 0.01, 0};
      if (kind % 4 == 1 && random() % 3 == 0) s.value.reset();
      if (kind % 4 == 2 && i > 100 && i < 200) s.value.reset();
      if (kind % 4 == 3) s.value.reset();
      if (kind / 4 == 1) s.state = static_cast<std::uint16_t>(i / 100);
      if (kind / 4 == 2) s.state = static_cast<std::uint16_t>(random());
      samples.push_back(s);
      const std::int64_t gaps[] = {30000, static_cast<std::int64_t>(15 + random() % 16) * 1000,
                                   1 + static_cast<std::int64_t>(random() % 100000)};
      t += gaps[kind / 4];
      if (i == 300) t += 7'200'000;  // an outage
      if (i == 310) t += 1;
    }
    expect_round_trip(samples);
  }
}

RC_GTEST_PROP(Block, DecodeGivesBackWhatWasEncoded, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  const std::size_t count = 1 + random() % 700;
  const auto pick = [&](auto... options) {
    const std::int64_t all[] = {options...};
    return all[random() % (sizeof...(options))];
  };
  const std::int64_t value_kind = pick(0, 1, 2, 3, 4);
  const std::int64_t gap_kind = pick(1, 1000, 30000, 86400000);
  std::vector<Sample> samples;
  std::int64_t t = static_cast<std::int64_t>(random() % (std::uint64_t{1} << 45)) - (std::int64_t{1} << 44);
  double v = 0;
  for (std::size_t i = 0; i < count; ++i) {
    t += 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(gap_kind));
    if (value_kind == 0) v = std::bit_cast<double>(static_cast<std::uint64_t>(random()));
    if (value_kind == 1) v = static_cast<double>(static_cast<std::int64_t>(random() % 2000) - 1000) / 100;
    if (value_kind == 2)
      v = std::round((v + static_cast<double>(random() % 3) * 0.001 - 0.001) * 1000) / 1000;
    if (value_kind == 3) v = static_cast<double>(static_cast<std::int64_t>(random()));
    if (value_kind == 4) v = random() % 20 == 0 ? -0.0 : static_cast<double>(random() % 10) / 10;
    Sample s{{t}, v, static_cast<std::uint16_t>(random() % 5 == 0 ? random() : 0)};
    if (random() % 7 == 0) s.value.reset();
    samples.push_back(s);
  }
  std::vector<Sample> back;
  const std::string block = encode_block(1, samples);
  RC_ASSERT(decode_block(block, back).ok());
  RC_ASSERT(back.size() == samples.size());
  for (std::size_t i = 0; i < count; ++i) RC_ASSERT(same(samples[i], back[i]));
}

TEST(Block, HeadTellsTheSummary) {
  auto samples = series({0.1, 0.2, -0.3, 5.25, 0.1});
  samples[1].state = 1;
  samples[2].state = 8;
  samples[4].value.reset();
  const auto head = read_block_head(encode_block(3, samples));
  MW_OK(head);
  EXPECT_EQ(head->valued, 4u);
  EXPECT_EQ(head->min, -0.3);
  EXPECT_EQ(head->max, 5.25);
  EXPECT_EQ(head->last_value, 5.25);
  EXPECT_EQ(head->sum, 5.25);  // 0.1 + 0.2 - 0.3 is exactly 0 in decimals
  EXPECT_EQ(head->states, 9);

  const auto plain = read_block_head(encode_block(3, series({M_PI, M_E, -M_PI})));
  MW_OK(plain);
  EXPECT_EQ(plain->min, -M_PI);
  EXPECT_EQ(plain->max, M_PI);
  EXPECT_EQ(plain->last_value, -M_PI);
  EXPECT_NEAR(plain->sum, M_E, 1e-15);
}

TEST(Block, OneFlippedBitIsFound) {
  std::mt19937_64 random(3);
  std::vector<double> values;
  for (int i = 0; i < 480; ++i) values.push_back(static_cast<double>(random() % 100) / 100);
  auto samples = series(values);
  samples[5].value.reset();
  const std::string block = encode_block(7, samples);
  for (std::size_t bit = 0; bit < block.size() * 8; ++bit) {
    std::string bad = block;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    std::vector<Sample> out;
    ASSERT_FALSE(decode_block(bad, out).ok()) << "bit " << bit;
    ASSERT_FALSE(read_block_head(bad).ok()) << "bit " << bit;
    ASSERT_TRUE(out.empty());
  }
  for (std::size_t size = 0; size < block.size(); ++size) {
    std::vector<Sample> out;
    ASSERT_FALSE(decode_block(block.substr(0, size), out).ok()) << "cut at " << size;
  }
  std::printf("flips: %zu bits of a block of 480 samples, all found; %zu cuts, all found\n", block.size() * 8,
              block.size());
}

// The sum is made right after the damage, so that the checks behind it are reached. Run under ASan too.
TEST(Block, NonsenseWithARightSumDoesNoHarm) {
  const std::string block = encode_block(
      7, series({0.1, 0.25, M_PI, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2}));
  std::mt19937_64 random(4);
  for (int round = 0; round < 20000; ++round) {
    std::string bad = block;
    for (std::uint64_t n = 1 + random() % 4; n > 0; --n)
      bad[5 + random() % (bad.size() - 5)] = static_cast<char>(random());
    if (random() % 4 == 0) bad.resize(6 + random() % (bad.size() - 6));
    const std::uint32_t crc =
        crc32c(std::string_view(bad).substr(5), crc32c(std::string_view(bad).substr(0, 1)));
    std::memcpy(bad.data() + 1, &crc, 4);
    std::vector<Sample> out;
    const auto head = decode_block(bad, out);
    EXPECT_TRUE(head.ok() ? out.size() == head->count : out.empty());
  }
}

TEST(Block, UnknownVersionIsNamed) {
  std::string block = encode_block(7, series({1, 2}));
  block[0] = 2;
  std::vector<Sample> out;
  const auto head = decode_block(block, out);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code, Errc::corrupt);
  EXPECT_EQ(head.error().message, "block version 2, this program knows 1");
}

TEST(Block, DocumentExampleIsTrue) {
  const std::vector<Sample> samples = {{{kStart}, 0.52, 0},
                                       {{kStart + 30000}, 0.53, 0},
                                       {{kStart + 60000}, {}, 8},
                                       {{kStart + 90000}, 0.53, 0}};
  const std::string bytes = hex_section("docs/formats/sample_block.md", "block-example");
  std::vector<Sample> back;
  const auto head = decode_block(bytes, back);
  ASSERT_TRUE(head.ok()) << head.error().text() << "; should be " << hex_of(encode_block(7, samples));
  EXPECT_EQ(back, samples);
  EXPECT_EQ(hex_of(encode_block(7, samples)), hex_of(bytes));
}

double bytes_per_sample(const std::vector<Sample>& samples) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < samples.size(); i += 480) {
    bytes +=
        encode_block(20000, std::span(samples).subspan(i, std::min<std::size_t>(480, samples.size() - i)))
            .size();
  }
  return static_cast<double>(bytes) / static_cast<double>(samples.size());
}

TEST(Block, RealLongwallReadingsTakeLessThanAByte) {
  for (const char* column : {"MM31", "MM116", "AS038", "PG072", "PD", "BA13"}) {
    const auto values = longwall(column);
    ASSERT_EQ(values.size(), 13368u);
    const double found = bytes_per_sample(series(values));
    RecordProperty(column, std::to_string(found));
    printf("%-6s %.3f byte a sample\n", column, found);
    EXPECT_LT(found, 1.0) << column;
  }
}

TEST(Block, TwoDecimalWalkTakesLessThanAByte) {
  std::mt19937_64 random(5);
  std::vector<Sample> samples;
  std::int64_t t = kStart;
  int hundredths = 50;
  // Steps as in stack.md §5: mostly none, else one or two hundredths, rarely more.
  for (int i = 0; i < 48000; ++i) {
    const std::uint64_t r = random() % 100;
    const int step = r < 55 ? 0 : r < 85 ? 1 : r < 97 ? 2 : 3 + static_cast<int>(random() % 8);
    hundredths = std::clamp(hundredths + (random() % 2 ? step : -step), 0, 400);
    samples.push_back({{t}, hundredths / 100.0, 0});
    t += 15000 + static_cast<std::int64_t>(random() % 16) * 1000;
  }
  const double found = bytes_per_sample(samples);
  printf("walk   %.3f byte a sample\n", found);
  EXPECT_LT(found, 1.0);
}

}  // namespace
}  // namespace mineward::history
