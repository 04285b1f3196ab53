#include "feed/envelope.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace mineward::feed {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

Fault file_fault(Code code, std::string found, std::string expected) {
  return Fault{code, 0, 0, std::move(found), std::move(expected)};
}

std::vector<const pack::Dialect*> candidates(const pack::Catalog& catalog, std::string_view type,
                                             std::string_view id) {
  std::vector<const pack::Dialect*> out;
  for (const auto& dialect : catalog.dialects) {
    const bool knows = std::any_of(dialect.files.begin(), dialect.files.end(),
                                   [&](const auto& f) { return f.type == type; });
    if (knows && (id.empty() || dialect.id == id)) out.push_back(&dialect);
  }
  return out;
}

/// The candidate that ends its files as these bytes end; with several, the one whose record end occurs.
const pack::Dialect* detect(const std::vector<const pack::Dialect*>& dialects, std::string_view bytes) {
  const std::string_view trimmed = trim(bytes);
  const pack::Dialect* found = nullptr;
  for (const auto* dialect : dialects) {
    if (!trimmed.ends_with(dialect->file_end)) continue;
    const bool has_records = bytes.find(dialect->record_end) != std::string_view::npos;
    if (!found || has_records) found = dialect;
    if (has_records) break;
  }
  return found;
}

std::optional<std::size_t> first_control_byte(std::string_view text) {
  const auto is_control = [](char ch) {
    const auto c = static_cast<unsigned char>(ch);
    return c < 0x20 && c != '\t' && c != '\r' && c != '\n';
  };
  const auto at = std::find_if(text.begin(), text.end(), is_control);
  if (at == text.end()) return std::nullopt;
  return static_cast<std::size_t>(at - text.begin());
}

bool looks_encrypted(std::string_view bytes) {
  if (bytes.size() < 64 || bytes.find(';') != std::string_view::npos) return false;
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return false;  // UTF-16
  const auto is_base64 = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' ||
           c == '/' || c == '=' || c == '\r' || c == '\n';
  };
  return first_control_byte(bytes).has_value() || std::all_of(bytes.begin(), bytes.end(), is_base64);
}

/// Why a file without terminator is none: another kind of file, or one that is not finished.
Fault no_terminator(std::string_view bytes, const std::vector<const pack::Dialect*>& dialects) {
  const std::string_view text = trim(bytes);
  std::vector<std::string> ends;
  for (const auto* dialect : dialects) ends.push_back("\"" + dialect->file_end + "\"");
  if (!text.empty() && (text[0] == '{' || text[0] == '[')) {
    return file_fault(Code::e_type, "JSON", fmt::format("a text file that ends in {}", join(ends, " or ")));
  }
  if (looks_encrypted(bytes)) {
    return file_fault(Code::e_decrypt, "an encrypted body",
                      "plain text; no key is registered for this sender");
  }
  return file_fault(Code::e_term, text.empty() ? "an empty file" : "no file end",
                    fmt::format("{} at the end of the file", join(ends, " or ")));
}

std::variant<std::string, Fault> to_utf8_text(std::string_view bytes, std::vector<Fault>& warnings) {
  if (bytes.starts_with(kBom)) {
    bytes.remove_prefix(kBom.size());
    warnings.push_back(file_fault(Code::w_bom, "a byte order mark", "UTF-8 without one; it was left out"));
  }
  std::string text;
  if (const auto invalid = first_invalid_utf8(bytes)) {
    auto converted = gb18030_to_utf8(bytes);
    if (!converted) {
      return file_fault(Code::e_enc, fmt::format("byte {} that is neither UTF-8 nor GB18030", *invalid),
                        "UTF-8 text");
    }
    warnings.push_back(file_fault(Code::w_enc_fallback,
                                  fmt::format("no UTF-8 at byte {}; read as GB18030", *invalid), "UTF-8"));
    text = *std::move(converted);
  } else {
    text = bytes;
  }
  if (const auto at = first_control_byte(text)) {
    return file_fault(
        Code::e_enc,
        fmt::format("control byte 0x{:02x} at byte {}", static_cast<unsigned char>(text[*at]), *at),
        "UTF-8 text");
  }
  return text;
}

}  // namespace

std::variant<Envelope, Fault> open_envelope(const pack::Catalog& catalog, const FileName& name,
                                            std::string_view bytes, std::string_view dialect_id) {
  const auto dialects = candidates(catalog, name.type, dialect_id);
  if (dialects.empty()) {
    return file_fault(Code::e_type, fmt::format("file type {} of dialect \"{}\"", name.type, dialect_id),
                      "a dialect of the packs in force that has this type");
  }
  Envelope out;
  // Looked for in the raw bytes: a file that is cut inside a character is unfinished, not wrongly encoded.
  out.dialect = detect(dialects, bytes);
  if (!out.dialect) return no_terminator(bytes, dialects);
  for (const auto& file : out.dialect->files) {
    if (file.type == name.type) out.layout = &file;
  }
  auto text = to_utf8_text(bytes, out.warnings);
  if (auto* fault = std::get_if<Fault>(&text)) return std::move(*fault);
  out.text = std::make_shared<const std::string>(std::get<std::string>(std::move(text)));

  const pack::Dialect& dialect = *out.dialect;
  std::string_view whole = trim(*out.text);
  if (!whole.ends_with(dialect.file_end)) return no_terminator(bytes, dialects);
  whole.remove_suffix(dialect.file_end.size());
  const std::size_t header_end = std::min(whole.find(dialect.record_end), whole.size());
  out.header = trim(whole.substr(0, header_end));
  out.body = whole.substr(std::min(header_end + dialect.record_end.size(), whole.size()));
  // Writers of the KJ1031X family end the file once right after the header and go on with the records.
  if (trim(out.body).starts_with(dialect.file_end)) {
    out.premature_end = true;
    out.body.remove_prefix(out.body.find(dialect.file_end) + dialect.file_end.size());
  }
  if (const std::size_t at = out.body.find(dialect.file_end); at != std::string_view::npos) {
    return file_fault(Code::e_term, fmt::format("\"{}\" before the end of the file", dialect.file_end),
                      "it once, as the last characters");
  }
  return out;
}

}  // namespace mineward::feed
