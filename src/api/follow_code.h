/// The code by which somebody without an account comes back to what he left: 20 letters and digits, of which
/// the first 8 find the record and the other 12 (59 bits) are kept as a slow hash only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace mineward::api {

struct FollowCode {
  std::string text;    ///< for people: "K7M2-9QXD-AB3F-WXYZ-H2KL"
  std::string key;     ///< what stands in the record to find it by: a digest of the first 8
  std::string secret;  ///< to be hashed with hash_password
};

FollowCode make_follow_code(Random& random);
/// As somebody types it: capitals or not, with any blanks and dashes. nullopt when it cannot be a code.
std::optional<FollowCode> parse_follow_code(std::string_view typed);

}  // namespace mineward::api
