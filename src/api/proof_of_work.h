/// A small riddle that a browser must solve before it may leave something without signing in: cheap for one
/// person, dear for a flood. No foreign service is asked, and nothing about the person is kept.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

namespace mineward::api {

/// Gives out challenges and takes each solution once. Remembers only what was solved, until it expires.
/// Challenges do not outlive the object: its key is made new with it. Any thread.
class ProofOfWork {
 public:
  /// `bits`: how many leading zero bits the digest must have; each doubles the work. 0 = any solution does.
  ProofOfWork(int bits, Clock& clock, Random& random);

  struct Challenge {
    std::string text;  ///< letters, digits and dots
    int bits = 0;
    Millis valid_for{};
  };
  Challenge challenge();
  /// `solution` is "<challenge>:<number>", whose SHA-256 begins with that many zero bits. bad_input when it
  /// is none; conflict when it is too old or was used before: then another challenge is needed.
  Status take(std::string_view solution);

 private:
  std::string signed_text(std::string_view unsigned_text) const;

  const int bits_;
  Clock& clock_;
  Random& random_;
  std::string key_;
  std::mutex used_mutex_;                                  // guards used_
  std::map<std::string, std::int64_t, std::less<>> used_;  ///< challenge -> when it expires
};

/// Leading zero bits of a digest.
int leading_zero_bits(std::string_view digest);

}  // namespace mineward::api
