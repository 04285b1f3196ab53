#include "api/qr_code.h"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>

namespace mineward::api {

Result<std::string> qr_svg(std::string_view text) {
  constexpr int kQuiet = 4;
  const std::string terminated(text);
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      QRcode_encodeString8bit(terminated.c_str(), 0, QR_ECLEVEL_M), QRcode_free);
  if (!code) return bad_input("the text does not fit into a QR code");
  std::string path;
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      if (code->data[y * code->width + x] & 1) path += fmt::format("M{} {}h1v1h-1z", x + kQuiet, y + kQuiet);
    }
  }
  const int size = code->width + 2 * kQuiet;
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" shape-rendering=\"crispEdges\">"
      "<path fill=\"#fff\" d=\"M0 0h{0}v{0}h-{0}z\"/><path d=\"{1}\"/></svg>",
      size, path);
}

}  // namespace mineward::api
