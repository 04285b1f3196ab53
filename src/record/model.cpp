#include "record/model.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "record/values.h"

namespace mineward::record {

using pack::FieldType;

namespace {

/// Tables of our own; a record type must not take their names.
const std::set<std::string, std::less<>> kOwnTables = {
    "change_log",      "log_head",        "org_scope",           "record_meta",      "number_counter",
    "attachment_file", "attachment_use",  "record_signing",      "record_signature", "record_link",
    "record_clock",    "record_reminder", "record_reminder_seen"};

bool is_name(std::string_view name) {
  if (name.empty() || name.size() > 50 || name[0] < 'a' || name[0] > 'z') return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

Error at(const pack::Place& place, std::string message) {
  return bad_input(std::move(message), fmt::format("{}:{}", place.file, place.line));
}

Status check_names(const pack::RecordType& type) {
  if (!is_name(type.name) || kOwnTables.contains(type.name) || type.name.starts_with("search_")) {
    return at(type.place, fmt::format("record type name \"{}\" cannot be a table name", type.name));
  }
  std::set<std::string, std::less<>> seen(std::begin(kSystemColumns), std::end(kSystemColumns));
  for (const auto& field : type.fields) {
    if (!is_name(field.name)) {
      return at(field.place,
                fmt::format("field name \"{}\" of {} cannot be a column name", field.name, type.name));
    }
    if (!seen.insert(field.name).second) {
      return at(field.place,
                fmt::format("field {} of {} is there twice or is a system column", field.name, type.name));
    }
  }
  return {};
}

Status check_number(const pack::RecordType& type) {
  if (type.number_format.empty()) return {};
  const pack::Field* number = type.field("number");
  if (!number || number->type != FieldType::text) {
    return at(type.place, fmt::format("{} has a number format but no text field \"number\"", type.name));
  }
  const std::string once = fill_number(type.number_format, Date{0}, 1);
  if (once == fill_number(type.number_format, Date{0}, 2) || once.find('{') != std::string::npos) {
    return at(type.place,
              fmt::format("number format \"{}\" of {}: expected {{seq}} or {{seq:N}} and any of {{yyyy}}, "
                          "{{yy}}, {{MM}}, {{dd}}",
                          type.number_format, type.name));
  }
  return {};
}

bool is_word_default(std::string_view text) {
  return text == "now" || text == "today" || text == "me" || text == "my_organisation";
}

Status read_fields(TypeModel& model) {
  for (const auto& field : model.type->fields) {
    if (!field.pattern.empty()) {
      try {
        model.patterns.emplace(field.name,
                               std::regex(field.pattern, std::regex::ECMAScript | std::regex::optimize));
      } catch (const std::regex_error& e) {
        return at(field.place, fmt::format("pattern of {}.{} is no regular expression: {}", model.name(),
                                           field.name, e.what()));
      }
    }
    if (!field.default_value.empty() && !is_word_default(field.default_value)) {
      auto value = value_from_text(field.type, field.default_value);
      if (!value) {
        return at(field.place,
                  fmt::format("default of {}.{}: {}", model.name(), field.name, value.error().message));
      }
      model.literal_defaults.emplace(field.name, *std::move(value));
    }
  }
  return {};
}

/// Whether anybody of a mine may read the type.
bool mines_read(const pack::RecordType& type, const pack::Catalog& catalog) {
  return std::any_of(type.access.read.begin(), type.access.read.end(), [&](const auto& name) {
    const pack::Role* role = catalog.role(name);
    return name == "*" || (role && role->level == "mine");
  });
}

Status read_owner(TypeModel& model, const pack::Catalog& catalog) {
  const auto& type = *model.type;
  if (type.owner_field.empty() || type.owner_field == "none") return {};
  if (type.owner_field == "self") {
    model.owner_kind = OwnerKind::self;
    return {};
  }
  model.owner_field = type.field(type.owner_field);
  const pack::RecordType* target = model.owner_field && model.owner_field->type == FieldType::reference
                                       ? catalog.record_type(model.owner_field->target)
                                       : nullptr;
  if (!target) {
    return at(type.place, fmt::format("owner of {}: field \"{}\" is no reference to a record type", type.name,
                                      type.owner_field));
  }
  model.owner_kind = target->owner_field == "self" ? OwnerKind::organisation : OwnerKind::inherited;
  model.belongs_to = type.belongs_to.empty() ? nullptr : type.field(type.belongs_to);
  const pack::Field* mine = type.field("mine");
  const bool of_office = model.owner_field->default_value == "my_organisation" && !mines_read(type, catalog);
  model.owner_follows_mine = model.owner_kind == OwnerKind::organisation && mine &&
                             mine->type == FieldType::reference && mine->target == "mine" &&
                             mine != model.owner_field && !of_office && !model.belongs_to;
  return {};
}

void write_sql(TypeModel& model) {
  model.table = db::identifier(model.name());
  for (const auto column : kSystemColumns) {
    if (!model.columns.empty()) model.columns += ", ";
    model.columns += db::identifier(column);
  }
  for (const auto& field : model.type->fields) {
    model.columns += ", " + db::identifier(field.name);
    if (field.searchable && !field.secret) model.search_table = db::identifier("search_" + model.name());
  }
}

Status check_references(const TypeModel& model, const pack::Catalog& catalog) {
  const auto& type = *model.type;
  for (const auto& field : type.fields) {
    if (field.type == FieldType::reference && !catalog.record_type(field.target)) {
      return at(field.place, fmt::format("{}.{} refers to record type \"{}\", which no pack declares",
                                         type.name, field.name, field.target));
    }
  }
  std::vector<std::vector<std::string>> sets = type.unique;
  sets.insert(sets.end(), type.indexes.begin(), type.indexes.end());
  for (const auto& set : sets) {
    for (const auto& name : set) {
      if (!column_type(model, name))
        return at(type.place, fmt::format("index of {} names \"{}\", which is no field", type.name, name));
    }
  }
  return {};
}

}  // namespace

Result<Model> Model::make(pack::CatalogPtr catalog) {
  const auto is_sealed = [](const pack::RecordType& type) {
    return std::any_of(type.fields.begin(), type.fields.end(),
                       [](const auto& field) { return field.protect == "sealed"; });
  };
  Model model;
  for (const auto& type : catalog->record_types) {
    TypeModel t;
    t.type = &type;
    MW_TRY(check_names(type));
    MW_TRY(check_number(type));
    if (!type.workflow.empty()) {
      t.workflow = catalog->workflow(type.workflow);
      if (!t.workflow)
        return at(type.place, fmt::format("workflow \"{}\" of {} is not declared", type.workflow, type.name));
      t.signs = std::any_of(t.workflow->transitions.begin(), t.workflow->transitions.end(),
                            [](const auto& step) { return !step.sign_off.empty(); });
    }
    MW_TRY(read_fields(t));
    MW_TRY(read_owner(t, *catalog));
    write_sql(t);
    MW_TRY(check_references(t, *catalog));
    t.sealed = is_sealed(type);
    for (const auto& field : type.fields) {
      if (field.type == FieldType::reference && is_sealed(*catalog->record_type(field.target)))
        t.confidential.push_back(&field);
    }
    if (!model.types_.emplace(type.name, std::move(t)).second) {
      return at(type.place, fmt::format("record type {} is declared twice", type.name));
    }
  }
  model.catalog_ = std::move(catalog);
  model.find_reach();
  return model;
}

void Model::find_reach() {
  for (const auto& type : catalog_->record_types) {
    for (const auto& compute : type.computes) {
      const auto fed_by = types_.find(compute.record);
      if (compute.rule == pack::Compute::Rule::total && fed_by != types_.end())
        fed_by->second.feeds.push_back({type.name, &compute});
    }
  }
  for (auto& [name, type] : types_) {
    const auto changes = [](const auto& step) { return !step.changes.empty(); };
    type.reaches_others =
        !type.feeds.empty() || (type.workflow && std::any_of(type.workflow->transitions.begin(),
                                                             type.workflow->transitions.end(), changes));
  }
  for (auto& [name, type] : types_) {  // what is raised from it is written with it
    for (const auto& raise : type.type->raises) {
      const TypeModel* made = find(raise.record);
      if (made && !made->feeds.empty()) type.reaches_others = true;
    }
  }
}

void Model::use(const Vault* vault) {
  for (auto& [name, type] : types_) type.vault = vault;
}

const TypeModel* Model::find(std::string_view type) const {
  const auto found = types_.find(type);
  return found == types_.end() ? nullptr : &found->second;
}

Result<const TypeModel*> Model::type(std::string_view name) const {
  if (const TypeModel* found = find(name)) return found;
  std::vector<std::string> names;
  for (const auto& [known, unused] : types_) names.push_back(known);
  const std::string near = nearest(name, names);
  return not_found(fmt::format("no record type \"{}\"{}", name, near.empty() ? "" : "; nearest is " + near));
}

std::optional<ColumnType> column_type(const TypeModel& type, std::string_view name) {
  if (name == "id" || name == "owner") return ColumnType{std::string(name), FieldType::reference, false};
  if (name == "version") return ColumnType{std::string(name), FieldType::integer, false};
  if (name == "created_at" || name == "updated_at")
    return ColumnType{std::string(name), FieldType::instant, false};
  if (name == "state" || name == "created_by" || name == "updated_by") {
    return ColumnType{std::string(name), FieldType::text, false};
  }
  const pack::Field* field = type.field(name);
  if (!field || field->secret || !field->protect.empty()) return std::nullopt;
  return ColumnType{field->name, field->type, true};
}

std::string fill_number(std::string_view format, Date date, std::optional<std::int64_t> seq) {
  const std::string day = format_date(date);  // yyyy-MM-dd
  std::string out;
  for (std::size_t i = 0; i < format.size();) {
    const std::size_t end = format[i] == '{' ? format.find('}', i) : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += format[i++];
      continue;
    }
    const std::string_view token = format.substr(i + 1, end - i - 1);
    i = end + 1;
    if (token == "yyyy") {
      out += day.substr(0, 4);
    } else if (token == "yy") {
      out += day.substr(2, 2);
    } else if (token == "MM") {
      out += day.substr(5, 2);
    } else if (token == "dd") {
      out += day.substr(8, 2);
    } else if (token == "seq" || token.starts_with("seq:")) {
      const auto width = token == "seq" ? std::optional<std::int64_t>(1) : parse_integer(token.substr(4));
      if (!width || *width < 1 || *width > 18) return out + '{';
      out += seq ? fmt::format("{:0{}}", *seq, *width) : "*";
    } else {
      return out + '{';
    }
  }
  return out;
}

}  // namespace mineward::record
