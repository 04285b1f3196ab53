#include "duty/ground.h"

#include <algorithm>

#include "record/selection.h"

namespace mineward::duty {

const record::Record* Subject::at(std::int64_t utc_ms) const {
  const auto after =
      std::upper_bound(versions.begin(), versions.end(), utc_ms,
                       [](std::int64_t t, const record::Version& v) { return t < v.from.utc_ms; });
  return after == versions.begin() ? nullptr : &std::prev(after)->record;
}

Ground::Ground(const pack::Catalog& catalog) {
  for (const auto& rule : catalog.duties) {
    Type& type = types_[rule.owed_by];
    type.type = catalog.record_type(rule.owed_by);
    type.conditions.push_back(&rule.owed_when);
    for (const auto& condition : rule.owed_when) {
      if (condition.field != "state" &&
          std::find(type.fields.begin(), type.fields.end(), condition.field) == type.fields.end())
        type.fields.push_back(condition.field);
    }
  }
}

void Ground::keep(Type& type, RecordId id, std::vector<record::Version> versions) {
  const bool wanted = std::any_of(versions.begin(), versions.end(), [&](const record::Version& version) {
    return std::any_of(type.conditions.begin(), type.conditions.end(), [&](const pack::Conditions* when) {
      return record::fits(*type.type, *when, version.record);
    });
  });
  if (wanted) {
    type.subjects[id] = {id, std::move(versions)};
  } else {
    type.subjects.erase(id);
  }
}

Status Ground::load(db::Connection& c) {
  MW_TRY(reload_regions(c));
  for (auto& [name, known] : types_) {
    auto& type = known;  // clang 14 does not capture a structured binding
    type.subjects.clear();
    MW_TRY(record::each_timeline(
        c, *type.type, type.fields, std::nullopt,
        [&](RecordId id, std::vector<record::Version> versions) { keep(type, id, std::move(versions)); }));
  }
  return {};
}

Status Ground::reload_regions(db::Connection& c) {
  if (types_.empty()) return {};  // no duties: nobody asks
  regions_.clear();
  MW_ASSIGN(const db::Rows rows,
            c.query("SELECT o.id, r.code FROM organisation o JOIN region r ON r.id = o.region"));
  for (std::size_t i = 0; i < rows.size(); ++i) regions_[RecordId{rows.integer(i, 0)}] = rows.text(i, 1);
  return {};
}

Status Ground::reload(db::Connection& c, const std::string& name, RecordId id) {
  Type& type = types_.at(name);
  type.subjects.erase(id);
  return record::each_timeline(
      c, *type.type, type.fields, id,
      [&](RecordId found, std::vector<record::Version> versions) { keep(type, found, std::move(versions)); });
}

const std::map<RecordId, Subject>& Ground::of(const std::string& type) const {
  return types_.at(type).subjects;
}

const Subject* Ground::find(const std::string& type, RecordId id) const {
  const auto& subjects = types_.at(type).subjects;
  const auto found = subjects.find(id);
  return found == subjects.end() ? nullptr : &found->second;
}

const std::string& Ground::region(RecordId organisation) const {
  static const std::string kNone;
  const auto found = regions_.find(organisation);
  return found == regions_.end() ? kNone : found->second;
}

}  // namespace mineward::duty
