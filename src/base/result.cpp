#include "base/result.h"

namespace mineward {

std::string_view name_of(Errc code) {
  switch (code) {
    case Errc::bad_input: return "bad_input";
    case Errc::not_found: return "not_found";
    case Errc::conflict: return "conflict";
    case Errc::forbidden: return "forbidden";
    case Errc::unauthenticated: return "unauthenticated";
    case Errc::unavailable: return "unavailable";
    case Errc::corrupt: return "corrupt";
    case Errc::too_large: return "too_large";
    case Errc::internal: return "internal";
  }
  return "unknown";
}

}  // namespace mineward
