/// QR codes as pictures for screens and printers.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mineward::api {

/// An SVG of black squares on white with the quiet zone that ISO/IEC 18004 asks for (4 modules); one unit a
/// module. Level M: a tenth of it may be dirty. bad_input for a text that is too long for a code.
Result<std::string> qr_svg(std::string_view text);

}  // namespace mineward::api
