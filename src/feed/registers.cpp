#include "feed/registers.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"

namespace mineward::feed {
namespace {

using record::Fields;
using record::FieldValue;
using record::Record;

constexpr std::string_view kTypes[][2] = {
    {"station_definition", "station"}, {"station_state", "station"}, {"area", "area"},
    {"reader_definition", "reader"},   {"reader_state", "reader"},   {"person", "person"},
};

/// Reads one decoded record into fields of the record type.
class FieldReader {
 public:
  FieldReader(const DecodedRecord& record, Fields& out) : record_(record), out_(out) {}
  void text(const char* name, const char* field) {
    if (const Cell* cell = record_.cell(name); cell && !cell->text.empty())
      out_[field] = std::string(cell->text);
  }
  void text(const char* name) { text(name, name); }
  void number(const char* name) {
    if (const Cell* cell = record_.cell(name); cell && cell->number) out_[name] = *cell->number;
  }
  void integer(const char* name) {
    if (const Cell* cell = record_.cell(name); cell && cell->number)
      out_[name] = static_cast<std::int64_t>(*cell->number);
  }
  void flag(const char* name) {
    if (const Cell* cell = record_.cell(name); cell && cell->number) out_[name] = *cell->number > 0;
  }
  void date(const char* name) {
    const Cell* cell = record_.cell(name);
    if (!cell) return;
    if (const auto date = parse_date(cell->text)) out_[name] = *date;
  }

 private:
  const DecodedRecord& record_;
  Fields& out_;
};

class RegisterSync {
 public:
  RegisterSync(record::Writer& writer, const RegisterContext& context, const std::vector<Record>& stored)
      : writer_(writer),
        c_(context),
        reader_(context.decoded.layout->reader),
        type_(register_type(reader_)),
        key_(type_ == "person" ? "card" : "code") {
    for (const auto& record : stored) stored_[record.text(key_)] = &record;
  }

  Status run() {
    const bool is_state = reader_ == "station_state" || reader_ == "reader_state";
    std::set<std::string, std::less<>> named;
    for (const auto& record : c_.decoded.records) {
      const Cell* cell = record.cell(key_);
      if (!cell || cell->text.empty()) continue;
      named.emplace(cell->text);
      MW_TRY(is_state ? apply_state(record, std::string(cell->text))
                      : apply_definition(record, std::string(cell->text)));
    }
    if (is_state || !c_.is_full || !out.faults.empty()) return {};
    for (const auto& [key, record] : stored_) {
      if (!named.contains(key) && record->value(gone()) != FieldValue(true))
        MW_TRY(update(*record, {{gone(), true}}, nullptr));
    }
    return {};
  }

  RegisterChange out;

 private:
  /// The field that says: no longer in the newest definition file.
  std::string gone() const { return type_ == "person" ? "withdrawn" : "removed"; }

  Fields wanted(const DecodedRecord& record) {
    Fields fields;
    FieldReader read(record, fields);
    if (type_ == "person") {
      for (const char* name : {"name", "work_type", "post", "team", "education"}) read.text(name);
      read.date("born");
      read.flag("is_leader");
      read.flag("is_special");
      return fields;
    }
    read.text("name");
    read.text("place");
    if (type_ == "area") {
      read.integer("quota");
      area_kind(record, fields);
      return fields;
    }
    for (const char* name : {"x", "y", "z"}) read.number(name);
    return fields;
  }

  void area_kind(const DecodedRecord& record, Fields& fields) {
    const Cell* cell = record.cell("kind");
    const auto* kinds = c_.catalog.dictionary("area_kind");
    if (!cell || !kinds || cell->text.empty()) return;
    for (const auto& entry : kinds->entries) {
      const auto upload = entry.extra.find("upload");
      if (entry.code != cell->text && entry.label.zh != cell->text &&
          (upload == entry.extra.end() || upload->second != cell->text))
        continue;
      fields["kind"] = entry.code;
      return;
    }
    out.faults.push_back({Code::e_type, record.index, 1, fmt::format("area kind \"{}\"", cell->text),
                          "one of dictionary area_kind"});
  }

  Status apply_definition(const DecodedRecord& record, const std::string& key) {
    Fields fields = wanted(record);
    const auto found = stored_.find(key);
    if (found != stored_.end()) {
      fields[gone()] = false;
      return update(*found->second, std::move(fields), &record);
    }
    fields[key_] = key;
    fields["organisation"] = c_.mine.organisation;
    fields["mine"] = c_.mine.id;
    const auto made = taken(writer_.create(intake_actor(), type_, fields, c_.decoded.name));
    return made ? Status{} : refuse(&record, made.error());
  }

  /// Only what differs is written: a file that says the same again leaves no trace in the change log.
  Status update(const Record& stored, Fields fields, const DecodedRecord* record) {
    for (auto it = fields.begin(); it != fields.end();) {
      const FieldValue& before = stored.value(it->first);
      const bool same = before == it->second || (!record::is_set(before) && it->second == FieldValue(false));
      it = same ? fields.erase(it) : std::next(it);
    }
    if (fields.empty()) return {};
    const auto done = taken(writer_.update(intake_actor(), type_, stored.id, 0, fields, c_.decoded.name));
    return done ? Status{} : refuse(record, done.error());
  }

  Status apply_state(const DecodedRecord& record, const std::string& key) {
    const auto found = stored_.find(key);
    if (found == stored_.end()) {
      out.faults.push_back(
          {Code::e_unknown_point, record.index, 1, fmt::format("{} {}", type_, key), "one that is defined"});
      return {};
    }
    Fields fields;
    FieldReader read(record, fields);
    read.text("run_state");
    read.text("power_state");
    const auto* states = c_.catalog.dictionary("station_run_state");
    const auto run = fields.find("run_state");
    if (run != fields.end() && states && !states->entry(std::get<std::string>(run->second))) {
      out.faults.push_back({Code::e_type, record.index, 2,
                            fmt::format("run state \"{}\"", std::get<std::string>(run->second)),
                            "one of dictionary station_run_state"});
      return {};
    }
    const Record& stored = *found->second;
    bool changed = false;
    for (const auto& [name, value] : fields) changed = changed || stored.value(name) != value;
    const auto before = stored.time("state_at");
    const Cell* time = record.cell("time");
    const EventTime at = time && time->time ? *time->time : c_.decoded.header_time;
    if (!changed || (before && at < *before)) return {};
    fields["state_at"] = at;  // since when it is so, as far as we know
    return update(stored, std::move(fields), &record);
  }

  Status refuse(const DecodedRecord* record, const Error& error) {
    if (error.code != Errc::bad_input) return error;
    out.faults.push_back(
        {Code::e_type, record ? record->index : 0, 0, error.message, "fields that the record type allows"});
    return {};
  }

  record::Writer& writer_;
  const RegisterContext& c_;
  std::string_view reader_, type_;
  const char* key_;
  std::map<std::string, const Record*, std::less<>> stored_;
};

}  // namespace

const record::Actor& intake_actor() {
  static const record::Actor actor = [] {
    record::Actor made = record::Actor::system("system:intake");
    made.origin = "intake";
    return made;
  }();
  return actor;
}

Result<Record> taken(record::Outcome<Record> outcome) {
  if (auto* record = std::get_if<Record>(&outcome)) return std::move(*record);
  auto& refusal = std::get<record::Refusal>(outcome);
  std::string fields;
  for (const auto& fault : refusal.faults)
    fields += fmt::format("{}{}: {}", fields.empty() ? "" : ", ", fault.field, fault.code);
  if (!fields.empty()) refusal.error.message = fields;  // names and codes only: values may be personal
  return std::move(refusal.error);
}

Result<std::vector<Record>> records_of(record::Store& store, std::string_view type, record::RecordId mine) {
  std::vector<Record> out;
  record::ListQuery query;
  query.type = type;
  query.filters = {{"mine", record::Filter::Op::eq, {mine.text()}}};
  query.limit = 500;
  do {
    MW_ASSIGN(auto page, store.list(intake_actor(), query));
    for (auto& record : page.records) out.push_back(std::move(record));
    query.after = page.next;
  } while (!query.after.empty());
  return out;
}

std::string_view register_type(std::string_view reader) {
  for (const auto& [name, type] : kTypes) {
    if (name == reader) return type;
  }
  return {};
}

Result<RegisterChange> apply_register(record::Writer& writer, const RegisterContext& context,
                                      const std::vector<Record>& stored) {
  RegisterSync sync(writer, context, stored);
  MW_TRY(sync.run());
  return std::move(sync.out);
}

}  // namespace mineward::feed
