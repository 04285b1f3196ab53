#include "base/json.h"
#include "feed/decode.h"

namespace mineward::feed {
namespace {

void write_time(JsonWriter& json, std::string_view name, const std::optional<EventTime>& time) {
  json.key(name);
  if (time) {
    json.value(format_rfc3339(*time));
  } else {
    json.null();
  }
}

void write_cell(JsonWriter& json, const pack::Column& column, const Cell& cell) {
  switch (column.kind) {
    case pack::ColumnKind::number:
    case pack::ColumnKind::limit: json.member(column.name, cell.number); return;
    case pack::ColumnKind::integer:
    case pack::ColumnKind::state:
      json.key(column.name);
      if (cell.number) {
        json.value(static_cast<std::int64_t>(*cell.number));
      } else {
        json.null();
      }
      return;
    case pack::ColumnKind::flag:
      json.key(column.name);
      if (cell.number) {
        json.value(*cell.number > 0);
      } else {
        json.null();
      }
      return;
    case pack::ColumnKind::time: write_time(json, column.name, cell.time); return;
    case pack::ColumnKind::text:
    case pack::ColumnKind::code:
    case pack::ColumnKind::track: json.member(column.name, cell.text); return;
  }
}

void write_reading(JsonWriter& json, const Decoded& file, const Reading& r) {
  json.begin_object();
  json.member("file", file.name).member("record", r.index).member("file_type", file.layout->type);
  json.member("point", r.point).member("type", r.type_name).member("place", r.place).member("value", r.value);
  json.member("unit", r.unit).member("state", static_cast<std::int64_t>(r.state));
  write_time(json, "time", r.at);
  json.end_object();
}

void write_record(JsonWriter& json, const Decoded& file, const DecodedRecord& record) {
  json.begin_object();
  json.member("file", file.name).member("record", record.index).member("file_type", file.layout->type);
  for (std::size_t i = 0; i < record.cells.size(); ++i)
    write_cell(json, (*record.layout)[i], record.cells[i]);
  json.end_object();
}

}  // namespace

std::string to_json_lines(const pack::Catalog&, const Decoded& file) {
  std::string out;
  out.reserve(file.readings.size() * 200);
  for (const Reading& reading : file.readings) {
    JsonWriter json(out);
    write_reading(json, file, reading);
    out += '\n';
  }
  for (const DecodedRecord& record : file.records) {
    JsonWriter json(out);
    write_record(json, file, record);
    out += '\n';
  }
  return out;
}

}  // namespace mineward::feed
