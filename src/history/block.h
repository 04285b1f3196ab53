/// One compressed block: samples of one point, in time order. Format: docs/formats/sample_block.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "history/history.h"

namespace mineward::history {

/// What can be said about a block without decoding its samples.
struct BlockHead {
  PointKey point = 0;
  std::uint32_t count = 0;
  EventTime first{}, last{};
  std::uint16_t states = 0;
  std::uint32_t valued = 0;  ///< samples with a value; when 0 the next four mean nothing
  double min = 0, max = 0, sum = 0, last_value = 0;
};

constexpr std::size_t kMaxBlockSamples = 65535;

/// `samples`: 1 to kMaxBlockSamples, times strictly rising. Lossless for every double.
std::string encode_block(PointKey point, std::span<const Sample> samples);

/// Checks the sum and reads the head. Errors (`corrupt`) say what was found; the caller adds the place.
Result<BlockHead> read_block_head(std::string_view block);
/// Appends the samples to `out`, which is left as it was on an error.
Result<BlockHead> decode_block(std::string_view block, std::vector<Sample>& out);

}  // namespace mineward::history
