#include "feed/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "base/text.h"
#include "feed/envelope.h"
#include "feed/record_reader.h"

namespace mineward::feed {
namespace {

using pack::Column;
using Layouts = std::vector<const std::vector<Column>*>;

bool is_about_people(const pack::FileLayout& layout) {
  return layout.reader == "person" || layout.reader == "position";
}

/// Columns that say what a record is about; of two records with the same key in one file the last counts.
std::vector<std::string_view> key_columns(std::string_view reader) {
  static const std::map<std::string_view, std::vector<std::string_view>> keys = {
      {"definition", {"code"}},
      {"station_definition", {"code"}},
      {"reader_definition", {"code"}},
      {"area", {"code"}},
      {"station_state", {"code"}},
      {"reader_state", {"code"}},
      {"person", {"card"}},
      {"position", {"card"}},
      {"statistic", {"point", "begin"}},
      {"abnormal", {"point", "kind", "begin"}},
      {"switch_change", {"point", "time"}},
  };
  const auto found = keys.find(reader);
  return found == keys.end() ? std::vector<std::string_view>{} : found->second;
}

// ---- readings: the hot path
// ------------------------------------------------------------------------------------

/// Where the columns of a reading stand in a layout; usable when the layout has nothing else that can go
/// wrong.
struct ReadingPlan {
  static constexpr std::size_t kNone = kMaxFields;
  std::size_t count = 0, point = kNone, type = kNone, place = kNone, unit = kNone, value = kNone,
              state = kNone, time = kNone;
  bool usable = false;

  explicit ReadingPlan(const std::vector<Column>& layout) : count(layout.size()) {
    usable = count <= kMaxFields;
    for (std::size_t i = 0; i < layout.size(); ++i) usable = place_of(layout[i], i) && usable;
    usable = usable && point != kNone && value != kNone && time != kNone;
  }

 private:
  bool place_of(const Column& column, std::size_t i) {
    const std::string_view name = column.name;
    if (name == "point") return set(point, i);
    if (name == "value") return !column.required && column.kind == pack::ColumnKind::number && set(value, i);
    if (name == "state") return !column.required && column.kind == pack::ColumnKind::state && set(state, i);
    if (name == "time") return set(time, i);
    if (column.required || column.kind != pack::ColumnKind::text) return false;
    return name == "type"    ? set(type, i)
           : name == "place" ? set(place, i)
           : name == "unit"  ? set(unit, i)
                             : true;
  }
  static bool set(std::size_t& slot, std::size_t i) {
    slot = i;
    return true;
  }
};

/// True when the record is as plain as nearly all are. Else the general way has the last word, also on the
/// fault.
bool read_plain(const FieldList& fields, const ReadingPlan& plan, RecordReader& reader, Reading& out) {
  if (fields.count != plan.count) return false;
  out.point = fields.field[plan.point];
  if (!is_code(out.point)) return false;
  const auto at = reader.times().read(fields.field[plan.time]);
  if (!at) return false;
  out.at = *at;
  out.value.reset();
  if (const std::string_view text = fields.field[plan.value]; !text.empty()) {
    const auto number = read_number(text);
    if (!number) return false;
    if (!reader.sentinels().is_number(*number)) out.value = number;
  }
  out.state = 0;
  if (plan.state != ReadingPlan::kNone && !fields.field[plan.state].empty()) {
    const auto state = read_state(fields.field[plan.state]);
    if (!state) return false;
    out.state = *state;
  }
  const auto text = [&](std::size_t i) {
    return i == ReadingPlan::kNone ? std::string_view{} : fields.field[i];
  };
  out.type_name = text(plan.type);
  out.place = text(plan.place);
  out.unit = text(plan.unit);
  return true;
}

Reading to_reading(const DecodedRecord& record) {
  Reading out;
  const auto text = [&](std::string_view name) {
    const Cell* cell = record.cell(name);
    return cell ? cell->text : std::string_view{};
  };
  out.index = record.index;
  out.point = text("point");
  out.type_name = text("type");
  out.place = text("place");
  out.unit = text("unit");
  if (const Cell* value = record.cell("value")) out.value = value->number;
  if (const Cell* state = record.cell("state"); state && state->number) {
    out.state = static_cast<std::uint16_t>(*state->number);
  }
  if (const Cell* time = record.cell("time"); time && time->time) out.at = *time->time;
  return out;
}

/// Open addressing over indices: the place of each (point, time) seen so far.
class ReadingIndex {
 public:
  explicit ReadingIndex(std::size_t expected) {
    std::size_t size = 16;
    while (size < expected * 2) size *= 2;
    slots_.assign(size, 0);
  }
  /// The earlier reading of the same key, or nothing after noting this one as `position`.
  std::optional<std::size_t> find_or_add(const std::vector<Reading>& all, const Reading& reading,
                                         std::size_t position) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t h = std::hash<std::string_view>{}(reading.point) ^
                    (static_cast<std::size_t>(reading.at.utc_ms) * 0x9E3779B97F4A7C15ULL);
    for (h ^= h >> 29;; ++h) {
      std::uint32_t& slot = slots_[h & mask];
      if (slot == 0) {
        slot = static_cast<std::uint32_t>(position + 1);
        return std::nullopt;
      }
      const Reading& other = all[slot - 1];
      if (other.at == reading.at && other.point == reading.point) return slot - 1;
    }
  }

 private:
  std::vector<std::uint32_t> slots_;  ///< position + 1; 0 = free
};

Fault repeated(int record, std::string key, int later) {
  return Fault{Code::e_dup, record, 0, fmt::format("{} again in record {}", key, later),
               "it once; the last counts"};
}

// ---- the body
// --------------------------------------------------------------------------------------------------

class Body {
 public:
  Body(Decoded& out, RecordReader reader) : out_(out), reader_(std::move(reader)) {
    for (const auto& layout : out.layout->records) layouts_.push_back(&layout);
    about_people_ = is_about_people(*out.layout);
  }

  void read(std::string_view body) {
    const std::string& end_mark = out_.dialect->record_end;
    if (out_.layout->reader == "sample") begin_readings(body);
    while (!body.empty()) {
      const std::size_t at = end_mark.size() == 1 ? body.find(end_mark[0]) : body.find(end_mark);
      std::string_view segment = body.substr(0, at);
      body.remove_prefix(at == std::string_view::npos ? body.size() : at + end_mark.size());
      if (segment.empty() || segment.front() <= ' ' || segment.back() <= ' ') segment = trim(segment);
      if (segment.empty()) continue;
      ++out_.total_records;
      if (plan_) {
        add_reading(segment);
      } else {
        add_record(segment);
      }
    }
  }

 private:
  void begin_readings(std::string_view body) {
    const auto records =
        static_cast<std::size_t>(std::count(body.begin(), body.end(), out_.dialect->record_end[0])) + 1;
    out_.readings.reserve(records);
    index_.emplace(records);
    plan_.emplace(*layouts_.front());
    if (body.find("\xEF\xBC\x9B") != std::string_view::npos)
      plan_->usable = false;  // full-width ；: the general way tells
  }

  void add_reading(std::string_view segment) {
    Reading reading;
    split_fields(segment, out_.dialect->field_separator, fields_);
    if (!plan_->usable || !read_plain(fields_, *plan_, reader_, reading)) {
      scratch_.index = out_.total_records;
      if (auto fault = reader_.read(segment, layouts_, Code::e_fields, scratch_)) {
        out_.faults.push_back(std::move(*fault));
        return;
      }
      reading = to_reading(scratch_);
    }
    reading.index = out_.total_records;
    keep_reading(reading);
  }

  void keep_reading(const Reading& reading) {
    const auto earlier = index_->find_or_add(out_.readings, reading, out_.readings.size());
    if (!earlier) {
      out_.readings.push_back(reading);
      return;
    }
    Reading& old = out_.readings[*earlier];
    if (old.value != reading.value || old.state != reading.state) {
      out_.faults.push_back(repeated(
          old.index, fmt::format("point {} at {}", old.point, format_beijing(old.at.utc_ms)), reading.index));
    }
    old = reading;
  }

  void add_record(std::string_view segment) {
    DecodedRecord record;
    record.index = out_.total_records;
    if (auto fault = reader_.read(segment, layouts_, Code::e_fields, record)) {
      out_.faults.push_back(std::move(*fault));
      return;
    }
    std::string key;
    for (const auto name : key_columns(out_.layout->reader)) {
      const Cell* cell = record.cell(name);
      if (!key.empty()) key += ' ';
      if (cell) key += cell->text;
    }
    if (!key.empty()) {
      const auto [place, is_new] = by_key_.try_emplace(key, out_.records.size());
      if (!is_new) {
        replace(out_.records[place->second], std::move(record), key);
        return;
      }
    }
    out_.records.push_back(std::move(record));
  }

  void replace(DecodedRecord& old, DecodedRecord record, const std::string& key) {
    const auto same = [](const Cell& a, const Cell& b) { return a.text == b.text; };
    if (!std::equal(old.cells.begin(), old.cells.end(), record.cells.begin(), record.cells.end(), same)) {
      out_.faults.push_back(repeated(old.index, about_people_ ? "a card" : key, record.index));
    }
    old = std::move(record);
  }

  Decoded& out_;
  RecordReader reader_;
  Layouts layouts_;
  FieldList fields_;
  DecodedRecord scratch_;
  std::optional<ReadingPlan> plan_;
  std::optional<ReadingIndex> index_;
  std::map<std::string, std::size_t> by_key_;
  bool about_people_ = false;
};

// ---- the file
// --------------------------------------------------------------------------------------------------

Error to_error(const Fault& fault, std::string_view file, std::string_view more = {}) {
  return bad_input(
      fmt::format("{} found {}, expected {}{}", name_of(fault.code), fault.found, fault.expected, more),
      fmt::format("{}:{}:{}", file, fault.record, fault.field));
}

std::optional<Fault> read_header(Decoded& out, std::string_view header, RecordReader& reader) {
  Layouts layouts;
  for (const auto& layout : out.layout->headers) layouts.push_back(&layout.columns);
  out.header.index = 0;
  if (auto fault = reader.read(header, layouts, Code::e_head, out.header)) {
    fault->code = Code::e_head;
    return fault;
  }
  const Cell* mine = out.header.cell("mine");
  const Cell* time = out.header.cell("time");
  // A header without mine code is one that relies on the file name (dialect E, Ordos).
  out.mine = mine ? std::string(mine->text) : out.name_parts.mine;
  out.header_time = time && time->time ? *time->time : out.name_parts.time;
  return std::nullopt;
}

std::optional<Fault> too_many_bad(const Decoded& out) {
  const int bad = bad_records(out.faults);
  if (bad == 0 || bad <= out.dialect->max_bad_share * out.total_records) return std::nullopt;
  const auto first = std::find_if(out.faults.begin(), out.faults.end(),
                                  [](const Fault& f) { return f.record > 0 && f.code != Code::e_dup; });
  return *first;
}

std::optional<Fault> read_all(Decoded& out, const Envelope& envelope) {
  RecordReader header_reader(*out.dialect, false);
  if (auto fault = read_header(out, envelope.header, header_reader)) return fault;
  if (envelope.premature_end && out.header.cell("mine")) {
    return Fault{Code::e_term, 0, 0, fmt::format("\"{}\" before the end of the file", out.dialect->file_end),
                 "it once, as the last characters"};
  }
  Body body(out, RecordReader(*out.dialect, is_about_people(*out.layout)));
  body.read(envelope.body);
  if (out.total_records == 0 && !out.layout->empty_body_ok) {
    return Fault{Code::e_fields, 0, 0, "no record", "at least one"};
  }
  return too_many_bad(out);
}

}  // namespace

const Cell* DecodedRecord::cell(std::string_view column) const {
  if (!layout) return nullptr;
  for (std::size_t i = 0; i < layout->size() && i < cells.size(); ++i) {
    if ((*layout)[i].name == column) return &cells[i];
  }
  return nullptr;
}

Result<Decoded> decode(const pack::Catalog& catalog, std::string_view file_name, std::string_view bytes,
                       std::string_view dialect, std::vector<Fault>* refused) {
  Decoded out;
  MW_ASSIGN(out.name_parts, parse_file_name(catalog, file_name));
  out.name = file_name.substr(file_name.find_last_of('/') + 1);
  auto opened = open_envelope(catalog, out.name_parts, bytes, dialect);
  if (const auto* fault = std::get_if<Fault>(&opened)) {
    if (refused) *refused = {*fault};
    return to_error(*fault, file_name);
  }
  auto& envelope = std::get<Envelope>(opened);
  out.dialect = envelope.dialect;
  out.layout = envelope.layout;
  out.text = envelope.text;
  out.faults = std::move(envelope.warnings);
  if (const auto fault = read_all(out, envelope)) {
    const int bad = bad_records(out.faults);
    const std::string more =
        fault->record == 0
            ? ""
            : fmt::format(" ({} of {} records are bad, the file is refused)", bad, out.total_records);
    if (fault->record == 0) out.faults.push_back(*fault);
    if (refused) *refused = std::move(out.faults);
    return to_error(*fault, file_name, more);
  }
  return out;
}

}  // namespace mineward::feed
