#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "feed/registers.h"

namespace mineward::feed {
namespace {

using record::Fields;
using record::FieldValue;
using record::Record;

/// How a field of a point takes part in the diff.
enum class Side { none, upper, lower };
struct PointField {
  const char* name;
  const char* kind;  ///< kind of change
  Side side;         ///< of a limit: on which side of the value it stands
  bool is_bound;     ///< an alarm or cut limit; taking it away relaxes
};
constexpr PointField kPointFields[] = {
    {"system_code", "other", Side::none, false},
    {"station_code", "other", Side::none, false},
    {"sensor_type", "other", Side::none, false},
    {"value_type", "other", Side::none, false},
    {"unit", "other", Side::none, false},
    {"range_high", "limit", Side::none, false},
    {"range_low", "limit", Side::none, false},
    {"alarm_high", "limit", Side::upper, true},
    {"alarm_high_clear", "limit", Side::upper, false},
    {"alarm_low", "limit", Side::lower, true},
    {"alarm_low_clear", "limit", Side::lower, false},
    {"cut_high", "limit", Side::upper, true},
    {"cut_high_restore", "limit", Side::upper, false},
    {"cut_low", "limit", Side::lower, true},
    {"cut_low_restore", "limit", Side::lower, false},
    {"on_text", "other", Side::none, false},
    {"off_text", "other", Side::none, false},
    {"place", "place", Side::none, false},
    {"x", "place", Side::none, false},
    {"y", "place", Side::none, false},
    {"z", "place", Side::none, false},
    {"relation", "relation", Side::none, false},
};

std::string shown(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  return {};
}

/// The cell as the value of the field of the same name; unset when the file has nothing there.
FieldValue value_of(const DecodedRecord& record, const char* name) {
  const Cell* cell = record.cell(name);
  if (!cell) return {};
  const auto index = static_cast<std::size_t>(cell - record.cells.data());
  const auto kind = (*record.layout)[index].kind;
  if (kind == pack::ColumnKind::number || kind == pack::ColumnKind::limit) {
    return cell->number ? FieldValue(*cell->number) : FieldValue();
  }
  return cell->text.empty() ? FieldValue() : FieldValue(std::string(cell->text));
}

/// Dictionary code of a text that is a code, or the Chinese name of one.
std::optional<std::string> code_in(const pack::Catalog& catalog, std::string_view dictionary,
                                   std::string_view text) {
  const auto* found = catalog.dictionary(dictionary);
  if (!found) return std::nullopt;
  if (found->entry(text)) return std::string(text);
  for (const auto& entry : found->entries) {
    if (entry.label.zh == text) return entry.code;
  }
  return std::nullopt;
}

/// Breakers that a relation names: its parts "D-<point>...".
std::set<std::string> breakers(std::string_view relation) {
  std::set<std::string> out;
  std::size_t at = 0;
  while ((at = relation.find("D-", at)) != std::string_view::npos) {
    const bool starts_part =
        at == 0 || std::string_view("&,;| /").find(relation[at - 1]) != std::string_view::npos;
    std::size_t end = at + 2;
    while (end < relation.size() && std::isalnum(static_cast<unsigned char>(relation[end]))) ++end;
    if (starts_part && end > at + 2) out.emplace(relation.substr(at + 2, end - at - 2));
    at = end;
  }
  return out;
}

bool relaxed(const PointField& f, const FieldValue& before, const FieldValue& now) {
  if (std::string_view(f.kind) == "relation") {
    const auto had = breakers(shown(before));
    const auto has = breakers(shown(now));
    return !std::includes(has.begin(), has.end(), had.begin(), had.end());
  }
  if (f.side == Side::none) return false;
  const auto* was = std::get_if<double>(&before);
  const auto* is = std::get_if<double>(&now);
  if (!was) return false;
  if (!is) return f.is_bound;
  return f.side == Side::upper ? *is > *was : *is < *was;
}

bool had_bound(const Record& point) {
  return std::any_of(std::begin(kPointFields), std::end(kPointFields),
                     [&](const PointField& f) { return f.is_bound && record::is_set(point.value(f.name)); });
}

// ---- role and working area from the place
// ------------------------------------------------------------------------

/// The role whose code a place ends with: "掘进工作面T1".
std::optional<std::string> role_at_end(const pack::Catalog& catalog, std::string_view place) {
  const auto* roles = catalog.dictionary("location_role");
  if (!roles) return std::nullopt;
  for (const auto& entry : roles->entries) {
    if (!place.ends_with(entry.code)) continue;
    const std::size_t before = place.size() - entry.code.size();
    if (before == 0 || !std::isalnum(static_cast<unsigned char>(place[before - 1]))) return entry.code;
  }
  return std::nullopt;
}

std::string role_of(const RegisterContext& c, std::string_view place, std::string_view sensor_type) {
  const auto* types = c.catalog.dictionary("sensor_type");
  const auto* type = types ? types->entry(sensor_type) : nullptr;
  const auto gas = type ? type->extra.find("gas") : decltype(type->extra.end()){};
  if (!type || gas == type->extra.end()) return {};
  const auto parts = split(place, '&');
  const std::string_view standard = parts.size() >= 3 ? trim(parts[2]) : std::string_view();
  for (const auto text : {standard, place}) {
    if (text.empty()) continue;
    if (auto role = role_at_end(c.catalog, text)) return *role;
    const auto* row =
        c.catalog.limit_for(gas->second, "", text, c.mine.kind, "", china_date(c.decoded.header_time.utc_ms));
    const auto* roles = c.catalog.dictionary("location_role");
    if (row && !row->role.empty() && roles && roles->entry(row->role)) return row->role;
  }
  return {};
}

std::string working_area_of(std::string_view place) {
  const auto parts = split(place, '&');
  return parts.size() >= 2 ? std::string(trim(parts[1])) : std::string();
}

// ---- the diff
// ------------------------------------------------------------------------------------------------------

class PointDiff {
 public:
  PointDiff(record::Writer& writer, const RegisterContext& context, const std::vector<Record>& stored)
      : writer_(writer), c_(context) {
    for (const auto& point : stored) stored_[point.text("code")] = &point;
  }

  Status run() {
    std::set<std::string, std::less<>> named;
    for (const auto& record : c_.decoded.records) {
      const Cell* code = record.cell("code");
      if (!code) continue;
      named.emplace(code->text);
      MW_TRY(apply(record, std::string(code->text)));
    }
    if (!c_.is_full || !out.faults.empty()) return {};
    for (const auto& [code, point] : stored_) {
      if (!named.contains(code) && !point->flag("removed")) MW_TRY(remove(*point));
    }
    return {};
  }

  RegisterChange out;

 private:
  std::optional<Fields> wanted(const DecodedRecord& record) {
    Fields fields;
    for (const auto& f : kPointFields) fields[f.name] = value_of(record, f.name);
    for (const char* name : {"sensor_type", "value_type"}) {
      const std::string text = shown(fields[name]);
      const auto code = code_in(c_.catalog, name, text);
      if (!code) {
        out.faults.push_back({Code::e_type, record.index, column_number(record, name),
                              fmt::format("\"{}\"", text), fmt::format("a code of dictionary {}", name)});
        return std::nullopt;
      }
      fields[name] = *code;
    }
    return fields;
  }

  static int column_number(const DecodedRecord& record, std::string_view name) {
    for (std::size_t i = 0; i < record.layout->size(); ++i) {
      if ((*record.layout)[i].name == name) return static_cast<int>(i) + 1;
    }
    return 0;
  }

  Status apply(const DecodedRecord& record, const std::string& code) {
    auto fields = wanted(record);
    if (!fields) return {};
    if (const Cell* time = record.cell("time"); time && time->time) (*fields)["defined_at"] = *time->time;
    const auto found = stored_.find(code);
    return found == stored_.end() ? add(record, code, std::move(*fields))
                                  : change(record, *found->second, std::move(*fields));
  }

  Status add(const DecodedRecord& record, const std::string& code, Fields fields) {
    derive(fields, nullptr);
    fields["organisation"] = c_.mine.organisation;
    fields["mine"] = c_.mine.id;
    fields["code"] = code;
    const std::string place = shown(fields["place"]);
    auto made = taken(writer_.create(intake_actor(), "point", fields, c_.decoded.name));
    if (!made) return refuse(record, made.error());
    return log({"added", code, made->id, "", "", place, false});
  }

  Status change(const DecodedRecord& record, const Record& stored, Fields fields) {
    Fields update;
    std::vector<PointChange> changes;
    const std::string code = stored.text("code");
    if (stored.flag("removed")) {
      update["removed"] = false;
      changes.push_back({"added", code, stored.id, "removed", "true", "false", false});
    }
    for (const auto& f : kPointFields) {
      const FieldValue& before = stored.value(f.name);
      const FieldValue& now = fields[f.name];
      if (before == now) continue;
      update[f.name] = now;
      changes.push_back(
          {f.kind, code, stored.id, f.name, shown(before), shown(now), relaxed(f, before, now)});
    }
    derive(fields, &stored);
    for (const char* name : {"role", "working_area"}) {
      const auto derived = fields.find(name);
      if (derived != fields.end() && derived->second != stored.value(name)) update[name] = derived->second;
    }
    if (update.empty()) return {};
    if (fields.contains("defined_at")) update["defined_at"] = fields["defined_at"];
    const auto done = taken(writer_.update(intake_actor(), "point", stored.id, 0, update, c_.decoded.name));
    if (!done) return refuse(record, done.error());
    for (auto& c : changes) MW_TRY(log(std::move(c)));
    return {};
  }

  Status remove(const Record& stored) {
    const auto done =
        taken(writer_.update(intake_actor(), "point", stored.id, 0, {{"removed", true}}, c_.decoded.name));
    if (!done) return done.error();
    return log({"removed", stored.text("code"), stored.id, "", stored.text("place"), "", had_bound(stored)});
  }

  /// Role and working area, from the place; a confirmed role stays as it is, and what a person set is not
  /// emptied.
  void derive(Fields& fields, const Record* stored) {
    const std::string place = shown(fields["place"]);
    const bool same_place = stored && shown(stored->value("place")) == place;
    const std::string role = role_of(c_, place, shown(fields["sensor_type"]));
    const bool keep =
        stored && (stored->flag("role_confirmed") || (same_place && record::is_set(stored->value("role"))));
    if (!role.empty() && !keep) fields["role"] = role;
    const std::string area = working_area_of(place);
    if (!area.empty() && !(same_place && record::is_set(stored->value("working_area"))))
      fields["working_area"] = area;
  }

  Status log(PointChange change) {
    Fields fields{{"organisation", c_.mine.organisation},
                  {"mine", c_.mine.id},
                  {"point", change.point},
                  {"point_code", change.point_code},
                  {"kind", change.kind},
                  {"field", change.field},
                  {"old_value", change.old_value},
                  {"new_value", change.new_value},
                  {"looser", change.looser},
                  {"changed_at", c_.decoded.header_time},
                  {"file_name", c_.decoded.name}};
    for (const char* name : {"field", "old_value", "new_value"}) {
      if (shown(fields[name]).empty()) fields.erase(name);
    }
    const auto made = taken(writer_.create(intake_actor(), "point_change", fields, c_.decoded.name));
    if (!made) return made.error();
    out.changes.push_back(std::move(change));
    return {};
  }

  /// A record that the store refuses is a fault of the file; anything else is a failure of the store.
  Status refuse(const DecodedRecord& record, const Error& error) {
    if (error.code != Errc::bad_input) return error;
    out.faults.push_back(
        {Code::e_type, record.index, 0, error.message, "fields that the record type allows"});
    return {};
  }

  record::Writer& writer_;
  const RegisterContext& c_;
  std::map<std::string, const Record*, std::less<>> stored_;
};

}  // namespace

std::set<std::string> definable_points(const pack::Catalog& catalog, const Decoded& decoded) {
  std::set<std::string> out;
  for (const auto& record : decoded.records) {
    const Cell* code = record.cell("code");
    const Cell* sensor = record.cell("sensor_type");
    const Cell* value = record.cell("value_type");
    const bool known = code && sensor && value && code_in(catalog, "sensor_type", sensor->text) &&
                       code_in(catalog, "value_type", value->text);
    if (known) out.emplace(code->text);
  }
  return out;
}

Result<RegisterChange> apply_points(record::Writer& writer, const RegisterContext& context,
                                    const std::vector<Record>& stored) {
  PointDiff diff(writer, context, stored);
  MW_TRY(diff.run());
  return std::move(diff.out);
}

Result<std::vector<PointChange>> logged_changes(db::Connection& connection, record::RecordId mine,
                                                const std::string& file_name) {
  MW_ASSIGN(const auto rows,
            connection.query(
                "SELECT kind, point_code, point, field, old_value, new_value, looser FROM point_change "
                "WHERE mine = $1 AND file_name = $2 ORDER BY id",
                {mine.value, file_name}));
  std::vector<PointChange> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.push_back({rows.text(i, 0),
                   rows.text(i, 1),
                   {rows.integer(i, 2)},
                   rows.text(i, 3),
                   rows.text(i, 4),
                   rows.text(i, 5),
                   rows.integer(i, 6) != 0});
  }
  return out;
}

}  // namespace mineward::feed
