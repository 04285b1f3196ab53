#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "feed/decode.h"

namespace mineward::feed {
namespace {

constexpr std::string_view kExpected = "<mine code>_<TYPE>_<yyyyMMddHHmmss>.txt";

Error bad_name(Code code, std::string_view name, std::string found, std::string_view expected) {
  return bad_input(fmt::format("{} found {}, expected {}", name_of(code), found, expected),
                   fmt::format("{}:0:0", name));
}

std::set<std::string, std::less<>> known_types(const pack::Catalog& catalog) {
  std::set<std::string, std::less<>> types;
  for (const auto& dialect : catalog.dialects) {
    for (const auto& file : dialect.files) types.insert(file.type);
  }
  return types;
}

bool is_mine_code(std::string_view text) {
  return text.size() >= 9 && text.size() <= 20 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
         });
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return out;
}

std::string_view without_end(std::string_view text, char c) {
  if (!text.empty() && text.back() == c) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<FileName> parse_file_name(const pack::Catalog& catalog, std::string_view name) {
  if (const auto wrong = first_invalid_utf8(name)) {
    const std::string shown = as_utf8(name);
    return bad_name(Code::e_name, shown, fmt::format("byte {} that is no UTF-8", *wrong), kExpected);
  }
  const std::string_view base = name.substr(name.find_last_of('/') + 1);
  if (base.size() < 4 || lower_ascii(base.substr(base.size() - 4)) != ".txt") {
    return bad_name(Code::e_name, name, "a name that does not end in .txt", kExpected);
  }
  const std::string_view stem = base.substr(0, base.size() - 4);
  const auto time = stem.size() < 14 ? bad_input("short") : parse_compact_time(stem.substr(stem.size() - 14));
  if (!time) return bad_name(Code::e_name, name, "no time yyyyMMddHHmmss before .txt", kExpected);
  const std::string_view rest = without_end(stem.substr(0, stem.size() - 14), '_');

  const auto types = known_types(catalog);
  FileName parts{.mine = {}, .type = {}, .time = *time};
  if (const std::size_t at = rest.rfind('_'); at != std::string_view::npos) {
    parts.mine = rest.substr(0, at);
    parts.type = upper(rest.substr(at + 1));
  } else {
    for (const auto& type :
         types) {  // without underscores the longest type that fits is meant: CGKCDSS, not CDSS
      if (type.size() > parts.type.size() && rest.size() > type.size() && upper(rest).ends_with(type))
        parts.type = type;
    }
    parts.mine = rest.substr(0, rest.size() - parts.type.size());
  }
  if (parts.type.empty()) return bad_name(Code::e_type, name, "no known file type in the name", kExpected);
  if (!is_mine_code(parts.mine)) {
    return bad_name(Code::e_name, name, fmt::format("mine code \"{}\"", parts.mine),
                    "9 to 20 letters and digits");
  }
  if (!types.contains(parts.type)) {
    std::vector<std::string> names(types.begin(), types.end());
    return bad_name(Code::e_type, name, fmt::format("file type {}", parts.type),
                    names.empty() ? "a dialect in the packs in force" : "one of " + join(names, ", "));
  }
  return parts;
}

}  // namespace mineward::feed
