/// gzip (RFC 1952), through zlib.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mineward::api {

/// Shorter texts are sent as they are: packed they would fit no fewer packets.
inline constexpr std::size_t kWorthPacking = 1024;

/// Unpacks one or several gzip members. `too_large` when more than `limit` bytes come out: it stops there, so
/// a small bomb costs no more than `limit` bytes of memory. `bad_input` when it is damaged, cut or no gzip.
Result<std::string> gunzip(std::string_view bytes, std::size_t limit);
/// Level 1 is for answers made on the fly, 9 for files packed once.
std::string gzip(std::string_view text, int level);

}  // namespace mineward::api
