#include "feed/record_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "base/text.h"

namespace mineward::feed {
namespace {

constexpr std::string_view kFullWidthSemicolon = "\xEF\xBC\x9B";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string expected_counts(std::span<const std::vector<pack::Column>* const> layouts) {
  std::set<std::size_t> counts;
  for (const auto* layout : layouts) counts.insert(layout->size());
  std::vector<std::string> texts;
  for (const std::size_t n : counts) texts.push_back(std::to_string(n));
  return join(texts, " or ") + " fields";
}

}  // namespace

void split_fields(std::string_view record, std::string_view separator, FieldList& out) {
  out.count = 0;
  const char* p = record.data();
  const char* const end = p + record.size();
  while (true) {
    const char* stop = nullptr;
    if (separator.size() == 1) {
      stop = p == end
                 ? nullptr
                 : static_cast<const char*>(std::memchr(p, separator[0], static_cast<std::size_t>(end - p)));
    } else if (const auto at = std::string_view(p, static_cast<std::size_t>(end - p)).find(separator);
               at != std::string_view::npos) {
      stop = p + at;
    }
    const char* const last = stop ? stop : end;
    std::string_view field(p, static_cast<std::size_t>(last - p));
    if (!field.empty() && (is_blank(field.front()) || is_blank(field.back()))) field = trim(field);
    if (out.count < kMaxFields) out.field[out.count] = field;
    ++out.count;
    if (!stop) return;
    p = stop + separator.size();
  }
}

std::string RecordReader::shown(const pack::Column& column, std::string_view text) const {
  if (text.empty()) return "nothing";
  // In files about people a shifted field may hold a name; faults are logged and shown.
  if (hide_found_ && column.kind != pack::ColumnKind::time)
    return fmt::format("{} bytes (hidden)", text.size());
  constexpr std::size_t kShown = 60;
  if (text.size() <= kShown) return fmt::format("\"{}\"", text);
  std::size_t cut = kShown;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return fmt::format("\"{}...\"", text.substr(0, cut));
}

std::optional<Fault> RecordReader::convert_all(const std::vector<pack::Column>& layout, DecodedRecord& out) {
  out.layout = &layout;
  out.cells.resize(layout.size());
  for (std::size_t i = 0; i < layout.size(); ++i) {
    if (const char* expected = convert(layout[i], fields_.field[i], sentinels_, times_, out.cells[i])) {
      return Fault{Code::e_type, out.index, static_cast<int>(i) + 1, shown(layout[i], fields_.field[i]),
                   fmt::format("{} ({})", expected, layout[i].name)};
    }
  }
  return std::nullopt;
}

std::optional<Fault> RecordReader::read(std::string_view segment,
                                        std::span<const std::vector<pack::Column>* const> layouts,
                                        Code wrong_count, DecodedRecord& out) {
  split_fields(segment, dialect_.field_separator, fields_);
  if (segment.find(kFullWidthSemicolon) != std::string_view::npos) {
    return Fault{wrong_count, out.index, 0, "a full-width ；",
                 fmt::format("\"{}\"", dialect_.field_separator)};
  }
  const bool empty_end =
      fields_.count > 1 && fields_.count <= kMaxFields && fields_.field[fields_.count - 1].empty();
  std::optional<Fault> first;
  for (const bool overlook : {true, false}) {
    if (overlook && !empty_end) continue;
    for (const auto* layout : layouts) {
      if (layout->size() != fields_.count - (overlook ? 1 : 0)) continue;
      auto fault = convert_all(*layout, out);
      if (!fault) return std::nullopt;
      if (!first) first = std::move(fault);
    }
  }
  if (first) return first;
  return Fault{wrong_count, out.index, 0,
               fmt::format("{} field{}", fields_.count, fields_.count == 1 ? "" : "s"),
               expected_counts(layouts)};
}

}  // namespace mineward::feed
