#include "record/timeline.h"

#include <algorithm>

#include <fmt/format.h>

#include "record/values.h"

namespace mineward::record {
namespace {

/// Takes one pair of a diff into the record; false when it is of no interest.
bool take_pair(const pack::RecordType& type, const std::vector<std::string>& wanted, const std::string& name,
               const Json& pair, Record& record) {
  if (!pair.array() || pair.array()->size() != 2) return false;
  const Json& value = (*pair.array())[1];
  if (name == "state") {
    record.state = value.string() ? *value.string() : "";
    return true;
  }
  if (name == "owner") {
    record.owner = value.string() ? parse_record_id(*value.string()).value_or(RecordId{}) : RecordId{};
    return true;
  }
  const pack::Field* field = type.field(name);
  if (!field || field->secret || std::find(wanted.begin(), wanted.end(), name) == wanted.end()) return false;
  auto read = value_from_json(field->type, value);
  if (read && is_set(*read)) {
    record.fields[name] = *std::move(read);
  } else {
    record.fields.erase(name);
  }
  return true;
}

std::int64_t integer(const db::Value& cell) {
  const auto* v = std::get_if<std::int64_t>(&cell);
  return v ? *v : 0;
}
std::string text(const db::Value& cell) {
  const auto* v = std::get_if<std::string>(&cell);
  return v ? *v : std::string();
}

}  // namespace

Status each_timeline(db::Connection& c, const pack::RecordType& type, const std::vector<std::string>& wanted,
                     std::optional<RecordId> only,
                     const std::function<void(RecordId, std::vector<Version>)>& take) {
  std::vector<Version> versions;
  Record record;
  std::optional<Error> broken;
  const auto settle = [&] {
    if (!versions.empty()) take(record.id, std::move(versions));
    versions = {};
    record = {};
  };
  std::vector<db::Value> params = {type.name};
  if (only) params.emplace_back(only->value);
  MW_TRY(c.each(
      fmt::format("SELECT id, at, diff FROM change_log WHERE type = $1{} AND version > 0 ORDER BY id, seq",
                  only ? " AND id = $2" : ""),
      params, [&](std::span<const db::Value> row) {
        const RecordId id{integer(row[0])};
        if (id != record.id) settle();
        const bool first = !record.id;
        record.id = id;
        record.type = type.name;
        const auto diff = parse_json(text(row[2]));
        if (!diff) {
          broken = corrupt("diff is no JSON", fmt::format("change_log of {} {}", type.name, id.value));
          return false;
        }
        bool changed = first;
        if (const auto* pairs = diff->object()) {
          for (const auto& [name, pair] : *pairs) changed |= take_pair(type, wanted, name, pair, record);
        }
        if (type.owner_field == "self") record.owner = id;
        if (changed) versions.push_back({ArrivalTime{integer(row[1])}, record});
        return true;
      }));
  if (broken) return *broken;
  settle();
  return {};
}

Result<std::int64_t> last_change(db::Connection& c) {
  MW_ASSIGN(const db::Rows rows, c.query("SELECT seq FROM log_head WHERE one = 1"));
  return rows.empty() ? 0 : rows.integer(0, 0);
}

Result<std::vector<Change>> changes_after(db::Connection& c, std::int64_t seq, int limit,
                                          std::int64_t& seen) {
  MW_ASSIGN(const db::Rows rows, c.query("SELECT seq, type, id, version, action, at, diff FROM change_log "
                                         "WHERE seq > $1 ORDER BY seq LIMIT $2",
                                         {seq, static_cast<std::int64_t>(limit)}));
  std::vector<Change> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Change change;
    change.seq = rows.integer(i, 0);
    seen = change.seq;
    change.version = rows.integer(i, 3);
    if (change.version == 0) continue;
    change.type = rows.text(i, 1);
    change.id = RecordId{rows.integer(i, 2)};
    change.action = rows.text(i, 4);
    change.at = ArrivalTime{rows.integer(i, 5)};
    auto diff = parse_json(rows.text(i, 6));
    if (!diff) return corrupt("diff is no JSON", fmt::format("change_log seq {}", change.seq));
    change.diff = *std::move(diff);
    out.push_back(std::move(change));
  }
  return out;
}

}  // namespace mineward::record
