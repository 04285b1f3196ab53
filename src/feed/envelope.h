/// The outside of an upload file: encoding, dialect, terminator; gives header and body as text.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "feed/decode.h"

namespace mineward::feed {

struct Envelope {
  std::shared_ptr<const std::string> text;  ///< UTF-8 without BOM
  const pack::Dialect* dialect = nullptr;
  const pack::FileLayout* layout = nullptr;
  std::string_view header;  ///< trimmed, without record end
  std::string_view body;    ///< everything between the header's record end and the file end
  std::vector<Fault> warnings;
  bool premature_end = false;  ///< the file end stood once too often, right after the header
};

/// The envelope, or the one fault that refuses the file.
std::variant<Envelope, Fault> open_envelope(const pack::Catalog& catalog, const FileName& name,
                                            std::string_view bytes, std::string_view dialect_id);

}  // namespace mineward::feed
