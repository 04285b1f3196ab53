#include "record/record.h"

namespace mineward::record {
namespace {

template <class T>
const T* value_of(const Record& record, std::string_view field) {
  const auto found = record.fields.find(field);
  return found == record.fields.end() ? nullptr : std::get_if<T>(&found->second);
}

}  // namespace

std::string Record::text(std::string_view field) const {
  const auto* v = value_of<std::string>(*this, field);
  return v ? *v : std::string();
}

RecordId Record::reference(std::string_view field) const {
  const auto* v = value_of<RecordId>(*this, field);
  return v ? *v : RecordId{};
}

std::optional<double> Record::number(std::string_view field) const {
  if (const auto* d = value_of<double>(*this, field)) return *d;
  if (const auto* i = value_of<std::int64_t>(*this, field)) return static_cast<double>(*i);
  return std::nullopt;
}

std::optional<EventTime> Record::time(std::string_view field) const {
  const auto* v = value_of<EventTime>(*this, field);
  return v ? std::optional(*v) : std::nullopt;
}

bool Record::flag(std::string_view field) const {
  const auto* v = value_of<bool>(*this, field);
  return v && *v;
}

const FieldValue& Record::value(std::string_view field) const {
  static const FieldValue unset;
  const auto found = fields.find(field);
  return found == fields.end() ? unset : found->second;
}

Actor Actor::system(std::string name) {
  Actor actor;
  actor.name = std::move(name);
  actor.scope.everything = true;
  actor.is_system = true;
  actor.origin = "system";
  return actor;
}

}  // namespace mineward::record
