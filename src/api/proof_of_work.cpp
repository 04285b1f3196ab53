#include "api/proof_of_work.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <bit>

#include "base/digest.h"
#include "base/text.h"

namespace mineward::api {
namespace {

/// Long enough to send photos over a bad line; short enough that the memory of what was used stays small.
constexpr Millis kValidFor{30 * 60'000};
/// Solutions remembered; more within `kValidFor` are refused rather than forgotten, or they could be used
/// twice.
constexpr std::size_t kMostUsed = 100'000;

}  // namespace

int leading_zero_bits(std::string_view digest) {
  int bits = 0;
  for (const char c : digest) {
    const auto byte = static_cast<std::uint8_t>(c);
    bits += std::countl_zero(byte);
    if (byte != 0) break;
  }
  return bits;
}

ProofOfWork::ProofOfWork(int bits, Clock& clock, Random& random)
    : bits_(bits), clock_(clock), random_(random), key_(crypto_auth_KEYBYTES, '\0') {
  random.fill({reinterpret_cast<std::uint8_t*>(key_.data()), key_.size()});
}

std::string ProofOfWork::signed_text(std::string_view unsigned_text) const {
  std::array<unsigned char, crypto_auth_BYTES> tag{};
  crypto_auth(tag.data(), reinterpret_cast<const unsigned char*>(unsigned_text.data()), unsigned_text.size(),
              reinterpret_cast<const unsigned char*>(key_.data()));
  return fmt::format("{}.{}", unsigned_text, to_hex(std::span<const std::uint8_t>(tag.data(), 16)));
}

ProofOfWork::Challenge ProofOfWork::challenge() {
  const std::int64_t expires = clock_.now().utc_ms + kValidFor.count();
  return {signed_text(fmt::format("{}.{}", expires, random_hex(random_, 16))), bits_, kValidFor};
}

Status ProofOfWork::take(std::string_view solution) {
  const auto colon = solution.rfind(':');
  const std::string challenge(solution.substr(0, std::min(colon, solution.size())));
  const auto last_dot = challenge.rfind('.');
  const Error wrong =
      bad_input("found no solved challenge, expected one of GET /api/v1/public/challenge", "proof");
  if (solution.size() > 200 || colon == std::string_view::npos || last_dot == std::string::npos) return wrong;
  if (!equal_constant_time(signed_text(challenge.substr(0, last_dot)), challenge))
    return conflict("the challenge is not of this server, or it was started again: ask for another");
  const Sha256 digest = sha256(solution);
  if (leading_zero_bits({reinterpret_cast<const char*>(digest.data()), digest.size()}) < bits_) return wrong;

  const std::int64_t now = clock_.now().utc_ms;
  const std::int64_t expires = parse_integer(challenge.substr(0, challenge.find('.'))).value_or(0);
  if (now >= expires) return conflict("the challenge is too old: ask for another");
  const std::lock_guard lock(used_mutex_);
  std::erase_if(used_, [&](const auto& used) { return used.second <= now; });
  if (used_.contains(challenge)) return conflict("the challenge was used before: ask for another");
  if (used_.size() >= kMostUsed) return unavailable("too many challenges were solved lately");
  used_.emplace(challenge, expires);
  return {};
}

}  // namespace mineward::api
