#include "pack/paper.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "pack/schema.h"
#include "pack/tree.h"

namespace mineward::pack {
namespace {

constexpr std::array<std::string_view, 7> kForms = {"", "date", "month", "time", "capital", "yes", "count"};

bool is_path(std::string_view text) {
  if (text == "@office" || text == "@number" || text == "@today" || text == "@row") return true;
  if (text == "yyyy" || text == "MM" || text == "dd") return true;
  for (const auto part : split(text, '.')) {
    if (!is_name(part)) return false;
  }
  return true;
}

/// What stands between the braces; nullopt when it is no place.
std::optional<PaperSlot> parse_slot(std::string_view text) {
  PaperSlot slot;
  if (const auto at = text.find(';'); at != std::string_view::npos) {
    slot.form = text.substr(at + 1);
    text = text.substr(0, at);
    if (std::find(kForms.begin(), kForms.end(), slot.form) == kForms.end()) return std::nullopt;
  }
  if (const auto at = text.find(':'); at != std::string_view::npos) {
    const auto width = parse_integer(text.substr(at + 1));
    if (!width || *width < 1 || *width > 60) return std::nullopt;
    slot.width = static_cast<int>(*width);
    text = text.substr(0, at);
  }
  if (text.empty() && slot.width > 0) return slot;  // {:12}: a blank to be filled in by hand
  for (const auto path : split(text, '|')) {
    if (!is_path(path)) return std::nullopt;
    slot.paths.emplace_back(path);
  }
  return slot;
}

}  // namespace

PaperText parse_paper_text(std::string_view source, std::string& mistake) {
  PaperText out;
  out.source = source;
  std::string words;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i] != '{') {
      words += source[i];
      continue;
    }
    const auto end = source.find('}', i);
    const auto slot =
        end == std::string_view::npos ? std::nullopt : parse_slot(source.substr(i + 1, end - i - 1));
    if (!slot) {
      mistake = fmt::format(
          "found {}, expected a place such as {{field}}, {{reference.field}}, {{one|other}}, {{field:12}} or "
          "{{field;date}}",
          quoted(source.substr(i, 40)));
      return out;
    }
    if (!words.empty()) out.pieces.push_back({std::move(words), std::nullopt});
    words.clear();
    out.pieces.push_back({"", slot});
    i = end;
  }
  if (!words.empty()) out.pieces.push_back({std::move(words), std::nullopt});
  return out;
}

}  // namespace mineward::pack
