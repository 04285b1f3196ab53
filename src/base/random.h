/// The randomness seam.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace mineward {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

/// The operating system's generator; fit for keys and tokens; safe from any thread.
std::unique_ptr<Random> system_random();
/// The same bytes for the same seed; for tests and the simulator; one thread.
std::unique_ptr<Random> seeded_random(std::uint64_t seed);

/// `bytes` random bytes as lower-case hexadecimal text.
std::string random_hex(Random& random, std::size_t bytes);

}  // namespace mineward
