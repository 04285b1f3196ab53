// Upload files of every type of the national pack. First line of an input: the file name; the rest: the file.
#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "catalog.h"
#include "feed/decode.h"
#include "target.h"

namespace mineward::fuzz {
namespace {

using feed::Decoded;

/// The records of the file as a reader of monitoring.md would cut them, without the decoder's code: [0] is
/// the header.
std::vector<std::string_view> segments_of(const Decoded& file) {
  std::string_view text = trim(*file.text);
  text.remove_suffix(file.dialect->file_end.size());
  std::vector<std::string_view> out;
  bool first = true;
  while (true) {
    const std::size_t at = text.find(file.dialect->record_end);
    std::string_view segment = trim(text.substr(0, at));
    if (first || !segment.empty()) out.push_back(segment);
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + file.dialect->record_end.size());
    if (first) {
      // Some writers end the file once too often, right behind the header.
      const std::string_view body = trim(text);
      if (body.starts_with(file.dialect->file_end)) {
        text.remove_prefix(text.find(file.dialect->file_end) + file.dialect->file_end.size());
      }
    }
    first = false;
  }
}

bool within(std::string_view part, std::string_view whole) {
  return part.empty() || whole.find(part) != std::string_view::npos;
}

/// The number stands in the record, as C's strtod reads it.
bool stands_in(double value, std::string_view segment) {
  for (const auto field : split(segment, ';')) {
    const std::string text(trim(field));
    char* end = nullptr;
    if (!text.empty() && std::strtod(text.c_str(), &end) == value && *end == '\0') return true;
  }
  return false;
}

void check_reading(const feed::Reading& reading, std::string_view segment) {
  for (const auto part : {reading.point, reading.type_name, reading.place, reading.unit}) {
    MW_FUZZ_CHECK(within(part, segment), std::string(part));
  }
  MW_FUZZ_CHECK(!reading.point.empty());
  if (reading.value) MW_FUZZ_CHECK(stands_in(*reading.value, segment), std::string(segment));
  MW_FUZZ_CHECK(within(format_beijing(reading.at.utc_ms).substr(11), segment), std::string(segment));
}

/// Every record is kept, named as bad, or followed by one of the same key.
void check_accounts(const Decoded& file, const std::vector<std::string_view>& segments) {
  MW_FUZZ_CHECK(static_cast<std::size_t>(file.total_records) + 1 == segments.size(),
                std::to_string(file.total_records) + " of " + std::to_string(segments.size() - 1));
  const auto is_index = [&](int index) { return index >= 1 && index <= file.total_records; };
  std::set<int> told;
  for (const auto& reading : file.readings) {
    MW_FUZZ_CHECK(is_index(reading.index) && told.insert(reading.index).second);
    if (is_index(reading.index)) check_reading(reading, segments[static_cast<std::size_t>(reading.index)]);
  }
  for (const auto& record : file.records) {
    MW_FUZZ_CHECK(is_index(record.index) && told.insert(record.index).second);
    for (const auto& cell : record.cells) {
      MW_FUZZ_CHECK(within(cell.text, segments[static_cast<std::size_t>(record.index)]));
    }
  }
  const std::size_t kept = told.size();
  MW_FUZZ_CHECK(kept == file.readings.size() + file.records.size());
  std::size_t again = 0;
  for (const auto& fault : file.faults) {
    check_text(fault.text(file.name));
    MW_FUZZ_CHECK(fault.record >= 0 && fault.record <= file.total_records);
    if (fault.code == feed::Code::e_dup) ++again;
    if (fault.code == feed::Code::e_dup || fault.record == 0) continue;
    MW_FUZZ_CHECK(told.insert(fault.record).second, "kept and named as bad: " + fault.text(file.name));
  }
  MW_FUZZ_CHECK(feed::bad_records(file.faults) == static_cast<int>(told.size() - kept));
  MW_FUZZ_CHECK(told.size() + again <= static_cast<std::size_t>(file.total_records));
  std::set<std::string_view> points;
  for (const auto& reading : file.readings) points.insert(reading.point);
  for (int i = 1; i <= file.total_records && file.layout->reader == "sample"; ++i) {
    if (told.contains(i)) continue;
    const std::string_view segment = segments[static_cast<std::size_t>(i)];
    MW_FUZZ_CHECK(points.contains(trim(segment.substr(0, segment.find(';')))),
                  "lost: " + std::string(segment));
  }
}

void check_lines(const Decoded& file) {
  const std::string lines = feed::to_json_lines(*packs(), file);
  std::size_t count = 0;
  for (const auto line : split(lines, '\n')) {
    if (line.empty()) continue;
    ++count;
    MW_FUZZ_CHECK(parse_json(line).ok(), std::string(line));
  }
  MW_FUZZ_CHECK(count == file.readings.size() + file.records.size());
}

/// Only what was kept, decoded again, gives the same without a fault.
void check_again(const Decoded& file, const std::vector<std::string_view>& segments) {
  std::vector<int> kept;
  for (const auto& reading : file.readings) kept.push_back(reading.index);
  for (const auto& record : file.records) kept.push_back(record.index);
  if (kept.empty()) return;
  std::string text = std::string(segments[0]) + file.dialect->record_end;
  for (const int index : kept) {
    text += segments[static_cast<std::size_t>(index)];
    text += file.dialect->record_end;
  }
  text += file.dialect->file_end;
  const auto again = feed::decode(*packs(), file.name, text, file.dialect->id);
  MW_FUZZ_CHECK(again.ok(), text + "\n" + again.error().text());
  if (!again) return;
  MW_FUZZ_CHECK(again->faults.empty() && again->total_records == static_cast<int>(kept.size()), text);
  MW_FUZZ_CHECK(again->mine == file.mine && again->header_time == file.header_time);
  MW_FUZZ_CHECK(again->readings.size() == file.readings.size() &&
                again->records.size() == file.records.size());
  for (std::size_t i = 0; i < std::min(again->readings.size(), file.readings.size()); ++i) {
    const auto &a = again->readings[i], &b = file.readings[i];
    MW_FUZZ_CHECK(a.point == b.point && a.at == b.at && a.value == b.value && a.state == b.state, text);
  }
}

}  // namespace

MW_FUZZ_TARGET(upload) {
  Input in(input);
  const std::string name(in.line());
  std::vector<feed::Fault> refused;
  const auto file = feed::decode(*packs(), name, in.rest(), {}, &refused);
  if (!file) {
    check_error(file.error());
    MW_FUZZ_CHECK(file.error().message.starts_with("E_"), file.error().message);
    MW_FUZZ_CHECK(!file.error().where.empty());
    for (const auto& fault : refused) check_text(fault.text("f"));
    return;
  }
  const auto segments = segments_of(*file);
  check_accounts(*file, segments);
  check_lines(*file);
  check_again(*file, segments);
}

}  // namespace mineward::fuzz
