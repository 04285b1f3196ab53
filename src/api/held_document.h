/// A document that is made once and served often: held in memory, packed once, with a tag by which a client
/// that has it already is answered 304.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "api/http.h"

namespace mineward::api {

class HeldDocument {
 public:
  /// `level`: of gzip, 1 to 9; only texts are packed.
  HeldDocument(std::string content, std::string media_type, int level);

  /// 200 with the document, packed where the client takes that, or 304 when the client has it (RFC 9110,
  /// 13.1.2). Packs at the first call that wants it packed. Any thread.
  Response serve(const Request& request, std::string cache_control) const;

 private:
  /// Null when packed it would not be smaller.
  std::shared_ptr<const std::string> packed() const;

  const std::string media_type_, etag_;
  const std::shared_ptr<const std::string> content_;
  const int level_;
  const bool worth_packing_;
  mutable std::once_flag pack_once_;
  mutable std::shared_ptr<const std::string> packed_;
};

}  // namespace mineward::api
