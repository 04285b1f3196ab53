/// Digests and checksums.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mineward {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);
std::string to_hex(std::span<const std::uint8_t> bytes);
std::string to_hex(std::string_view bytes);
/// Of lower-case digits; nullopt for anything else.
std::optional<std::string> from_hex(std::string_view hex);
/// CRC-32C (Castagnoli), as used by iSCSI; crc32c("123456789") == 0xE3069283. `seed` continues an earlier
/// sum.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);
/// Compares without telling by its duration where two texts differ.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace mineward
