#include "api/follow_code.h"

#include "base/digest.h"

namespace mineward::api {
namespace {

/// 31, without i l o 0 1; capitals, because they are read out and copied by hand.
constexpr std::string_view kAlphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
constexpr std::size_t kLength = 20, kKeyLength = 8, kGroup = 4;

FollowCode code_of(const std::string& plain) {
  FollowCode code;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (i > 0 && i % kGroup == 0) code.text += '-';
    code.text += plain[i];
  }
  code.key = sha256_hex("mineward follow-up " + plain.substr(0, kKeyLength)).substr(0, 32);
  code.secret = plain.substr(kKeyLength);
  return code;
}

}  // namespace

FollowCode make_follow_code(Random& random) {
  std::string plain;
  while (plain.size() < kLength) {
    std::uint8_t byte = 0;
    random.fill({&byte, 1});
    if (byte < kAlphabet.size() * 8) plain += kAlphabet[byte % kAlphabet.size()];  // more would favour some
  }
  return code_of(plain);
}

std::optional<FollowCode> parse_follow_code(std::string_view typed) {
  constexpr std::size_t kLongestTyped = 100;
  if (typed.size() > kLongestTyped) return std::nullopt;
  std::string plain;
  for (char c : typed) {
    if (c == ' ' || c == '-' || c == '\t' || c == '\r' || c == '\n') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (kAlphabet.find(c) == std::string_view::npos) return std::nullopt;
    plain += c;
  }
  if (plain.size() != kLength) return std::nullopt;
  return code_of(plain);
}

}  // namespace mineward::api
