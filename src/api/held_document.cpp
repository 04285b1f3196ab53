#include "api/held_document.h"

#include <fmt/format.h>

#include "api/gzip.h"
#include "base/digest.h"
#include "base/text.h"

namespace mineward::api {
namespace {

bool is_text(std::string_view media_type) {
  return media_type.starts_with("text/") || media_type.find("json") != std::string_view::npos ||
         media_type == "image/svg+xml" || media_type == "application/wasm" || media_type == "font/ttf";
}

bool client_has(const Request& request, std::string_view etag) {
  for (std::string_view known : split(request.header("if-none-match"), ',')) {
    known = trim(known);
    if (known.starts_with("W/")) known.remove_prefix(2);
    if (known == etag || known == "*") return true;
  }
  return false;
}

}  // namespace

HeldDocument::HeldDocument(std::string content, std::string media_type, int level)
    : media_type_(std::move(media_type)),
      etag_(fmt::format("\"{}\"", sha256_hex(content).substr(0, 32))),
      content_(std::make_shared<const std::string>(std::move(content))),
      level_(level),
      worth_packing_(is_text(media_type_) && content_->size() > kWorthPacking) {}

std::shared_ptr<const std::string> HeldDocument::packed() const {
  std::call_once(pack_once_, [this] {
    std::string made = gzip(*content_, level_);
    if (!made.empty() && made.size() < content_->size())
      packed_ = std::make_shared<const std::string>(std::move(made));
  });
  return packed_;
}

Response HeldDocument::serve(const Request& request, std::string cache_control) const {
  Response response;
  response.headers.emplace_back("ETag", etag_);
  response.headers.emplace_back("Cache-Control", std::move(cache_control));
  if (worth_packing_) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (client_has(request, etag_)) {
    response.status = 304;
    return response;
  }
  response.content_type = media_type_;
  response.shared_body = content_;
  if (!worth_packing_ || !accepts_gzip(request.header("accept-encoding"))) return response;
  if (auto smaller = packed()) {
    response.shared_body = std::move(smaller);
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  return response;
}

}  // namespace mineward::api
