// The JSON reader, and records as JSON.
#include "base/json.h"

#include "base/json_fault.h"
#include "base/text.h"
#include "catalog.h"
#include "record/change_log.h"
#include "record/store.h"
#include "target.h"

namespace mineward::fuzz {

MW_FUZZ_TARGET(json) {
  const auto value = parse_json(input);
  // The slow reader that names the place of a fault agrees.
  MW_FUZZ_CHECK(value.ok() == !find_json_fault(input, 512));
  if (!value) {
    check_error(value.error());
    return;
  }
  const std::string written = value->dump();
  MW_FUZZ_CHECK(is_utf8(written));
  MW_FUZZ_CHECK(written.find('<') == std::string::npos, "a page could run it: " + written);
  const auto again = parse_json(written);
  MW_FUZZ_CHECK(again.ok(), written);
  if (again) MW_FUZZ_CHECK(again->dump() == written, written + " became " + again->dump());
}

namespace {

const record::Model& model() {
  static const record::Model made = [] {
    auto model = record::Model::make(packs());
    if (!model) report_broken(__FILE__, __LINE__, model.error().text());
    return *std::move(model);
  }();
  return made;
}

void check_fields(const pack::RecordType& type, const Json& json) {
  auto fields = record::fields_from_json(*packs(), type, json);
  if (const auto* refusal = std::get_if<record::Refusal>(&fields)) {
    check_error(refusal->error);
    for (const auto& fault : refusal->faults) {
      check_text(fault.code);
      check_text(fault.message);
    }
    return;
  }
  record::Record record;
  record.id = record::RecordId{1};
  record.type = type.name;
  record.fields = std::get<record::Fields>(std::move(fields));
  const Json written = record::to_json(*packs(), type, record);
  const auto again = record::fields_from_json(*packs(), type, written["fields"]);
  const auto* same = std::get_if<record::Fields>(&again);
  MW_FUZZ_CHECK(same != nullptr, written.dump());
  if (same) {
    for (const auto& [name, value] : record.fields) {
      const pack::Field* field = type.field(name);
      if (!record::is_set(value) || !field || field->secret) continue;  // secrets are not shown
      const auto found = same->find(name);
      MW_FUZZ_CHECK(found != same->end() && found->second == value, name);
    }
  }
}

/// A log whose entries hold any diff: reading it back never fails, and the last entry has the last word.
void check_log(const record::TypeModel& type, const Json& json, std::string_view text) {
  std::vector<record::Change> history(2);
  for (std::size_t i = 0; i < history.size(); ++i) {
    history[i].seq = static_cast<std::int64_t>(i) + 1;
    history[i].type = type.name();
    history[i].id = record::RecordId{7};
    history[i].version = history[i].seq;
    history[i].at = ArrivalTime{history[i].seq};
    history[i].diff = json;
  }
  const auto once = record::rebuild(type, {history[0]}, ArrivalTime{9});
  const auto twice = record::rebuild(type, history, ArrivalTime{9});
  MW_FUZZ_CHECK(once && twice && twice->version == 2);
  if (once && twice) MW_FUZZ_CHECK(once->fields == twice->fields && once->state == twice->state);
  const std::string bytes = record::canonical_bytes(history[0], record::RecordId{1}, text);
  history[0].reason = "x";
  MW_FUZZ_CHECK(bytes != record::canonical_bytes(history[0], record::RecordId{1}, text));
}

}  // namespace

/// First line: a record type. The rest: the JSON of its fields, or the diff of a log entry.
MW_FUZZ_TARGET(record_json) {
  Input in(input);
  const record::TypeModel* type = model().find(in.line());
  if (!type) type = model().find("hazard");
  const auto json = parse_json(in.rest());
  if (!type || !json) return;
  check_fields(*type->type, *json);
  check_log(*type, *json, in.rest());
}

}  // namespace mineward::fuzz
