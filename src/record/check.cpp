/// What must hold for a record to be stored. Adds every fault it finds, so that a form shows all of them at
/// once.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "pack/tree.h"
#include "pack/working_days.h"
#include "record/attachments.h"
#include "record/formats.h"
#include "record/read.h"
#include "record/scope.h"
#include "record/selection.h"
#include "record/values.h"
#include "record/withdrawal.h"
#include "record/write.h"

namespace mineward::record {

using pack::FieldType;

namespace {

constexpr std::size_t kMostListItems = 200;

bool matches(const std::string& text, const std::regex& pattern) {
  constexpr std::size_t kLongest = 4000;  // std::regex recurses once a character
  if (text.size() > kLongest) return false;
  try {
    return std::regex_match(text, pattern);
  } catch (const std::regex_error&) {
    return false;  // too complex for this text: it cannot be said to match
  }
}

class DraftCheck {
 public:
  DraftCheck(db::Connection& c, const Context& context, Draft& draft)
      : c_(c), context_(context), d_(draft), type_(draft.type) {}

  Status run() {
    for (const auto& field : type_.type->fields) {
      if (d_.changed.contains(field.name)) check_value(field);
    }
    MW_TRY(follow_mine());
    check_required();
    if (!d_.faults.empty()) return {};  // what follows asks the database about values that are well formed
    MW_TRY(check_references());
    MW_TRY(check_owner());
    if (d_.faults.empty()) MW_TRY(work_out(c_, context_, d_));
    check_step();
    MW_TRY(check_files());
    MW_TRY(check_unique());
    check_duties();
    return check_rules(c_, context_, d_);
  }

 private:
  // ---- values ----

  void check_value(const pack::Field& field) {
    const FieldValue& value = d_.get(field.name);
    if (!is_set(value)) return;
    if (!fits(field, value))
      return d_.fault(field.name, "bad_format",
                      fmt::format("{} was given a value of another kind", field.name));
    switch (field.type) {
      case FieldType::text:
      case FieldType::long_text:
        if (field.protect.empty()) check_text(d_, field, std::get<std::string>(value));
        return;  // a protected one was checked before it was sealed
      case FieldType::choice: return check_code(field, std::get<std::string>(value));
      case FieldType::choices: return check_codes(field, std::get<std::vector<std::string>>(value));
      case FieldType::integer: return check_range(field, static_cast<double>(std::get<std::int64_t>(value)));
      case FieldType::money:
        return check_range(field, static_cast<double>(std::get<std::int64_t>(value)) / 100);
      case FieldType::decimal: return check_range(field, std::get<double>(value));
      case FieldType::date: return check_date(field, std::get<Date>(value));
      case FieldType::instant: return check_day(field, std::get<EventTime>(value).utc_ms);
      default: return;
    }
  }

  void check_code(const pack::Field& field, const std::string& code) {
    const pack::Dictionary* dictionary = context_.model.catalog().dictionary(field.dictionary);
    if (!dictionary || !dictionary->entry(code)) {
      d_.fault(field.name, "unknown_code",
               fmt::format("{} is no code of dictionary {}", pack::quoted(code), field.dictionary));
    }
  }

  void check_codes(const pack::Field& field, const std::vector<std::string>& codes) {
    for (const auto& code : codes) check_code(field, code);
  }

  void check_range(const pack::Field& field, double value) {
    if (!std::isfinite(value)) return d_.fault(field.name, "bad_format", "a finite number expected");
    if (field.min && value < *field.min)
      d_.fault(field.name, "out_of_range", fmt::format("{} is below the least value {}", value, *field.min));
    if (field.max && value > *field.max)
      d_.fault(field.name, "out_of_range",
               fmt::format("{} is above the greatest value {}", value, *field.max));
  }

  void check_date(const pack::Field& field, Date day) {
    check_day(field, start_of_day_ms(day));
    if (pack::first_day_of(field.first_of, day) != day)
      d_.fault(field.name, "not_first_of_" + field.first_of,
               fmt::format("{} is not the first day of a {}", format_date(day), field.first_of));
  }

  void check_day(const pack::Field& field, std::int64_t utc_ms) {
    static const std::int64_t first = start_of_day_ms(*parse_date("1900-01-01"));
    static const std::int64_t last = start_of_day_ms(*parse_date("2200-01-01"));
    if (utc_ms < first || utc_ms >= last)
      d_.fault(field.name, "out_of_range", "a day between 1900-01-01 and 2199-12-31 expected");
  }

  void check_required() {
    for (const auto& field : type_.type->fields) {
      if (!field.required || is_set(d_.get(field.name))) continue;
      if (d_.before && !d_.changed.contains(field.name)) continue;  // was unset before it became required
      if (!d_.before && field.name == "number" && !type_.type->number_format.empty())
        continue;  // given when it is stored
      d_.fault(field.name, "required", fmt::format("{} must be set", field.name));
    }
  }

  /// What a step needs and nobody enters: worked out by now, or not there.
  void check_step() {
    if (!d_.step) return;
    if (!fits(*type_.type, d_.step->when, d_.after))
      d_.faults.push_back({d_.step->when.front().field, "rule",
                           fmt::format("step {} is not possible now", d_.step->name), d_.step->when_label});
    for (const auto& name : d_.step->required) {
      const pack::Field* field = type_.field(name);
      if (field && field->system && !is_set(d_.get(name)))
        d_.fault(name, "required", fmt::format("step {} needs {}", d_.step->name, name));
    }
  }

  // ---- references, owner ----

  /// Owner of the record that a reference names; nullopt when there is none.
  Result<std::optional<RecordId>> owner_of(const pack::Field& field, RecordId id) {
    const TypeModel* target = context_.model.find(field.target);
    if (!target) return std::optional<RecordId>();
    MW_ASSIGN(const db::Rows rows,
              c_.query(fmt::format("SELECT owner FROM {} WHERE id = $1", target->table), {id.value}));
    if (rows.empty()) return std::optional<RecordId>();
    return std::optional(RecordId{rows.integer(0, 0)});
  }

  RecordId reference(std::string_view field) const {
    const auto* id = std::get_if<RecordId>(&d_.get(field));
    return id ? *id : RecordId{};
  }

  /// A record of a mine belongs to the mine's organisation.
  Status follow_mine() {
    if (!type_.owner_follows_mine) return {};
    const RecordId mine = reference("mine");
    if (!mine || (d_.before && !d_.changed.contains("mine") && !d_.changed.contains(type_.owner_field->name)))
      return {};
    MW_ASSIGN(const auto organisation, owner_of(*type_.field("mine"), mine));
    bool seen = organisation.has_value();
    if (organisation) {
      MW_ASSIGN(seen, may_name(c_, d_.actor, *organisation));
    }
    if (!seen) return {};  // check_references says so, and nothing more: a mine out of sight does not exist
    const std::string& owner = type_.owner_field->name;
    if (!d_.owner_given) {
      d_.set(owner, *organisation);
    } else if (reference(owner) != *organisation) {
      d_.fault(owner, "out_of_range", fmt::format("{} must be the organisation of the mine", owner));
    }
    return {};
  }

  Status check_references() {
    for (const auto& field : type_.type->fields) {
      if (field.type != FieldType::reference || !d_.changed.contains(field.name)) continue;
      const RecordId id = reference(field.name);
      if (!id) continue;
      MW_ASSIGN(const auto owner, owner_of(field, id));
      bool seen = owner.has_value();
      const bool handed = d_.hands_over && &field == type_.owner_field;
      if (owner && !handed) {
        MW_ASSIGN(seen, may_name(c_, d_.actor, *owner));
      }
      if (!seen) {
        d_.fault(field.name, "not_found", fmt::format("no {} {}", field.target, id.value));
      } else {
        MW_TRY(check_closed(field, id));
      }
    }
    return {};
  }

  /// Nothing new about what is closed for good; what the machines of a closed mine still send is taken.
  Status check_closed(const pack::Field& field, RecordId id) {
    const TypeModel* target = context_.model.find(field.target);
    if (!target || target->type->closed.when.empty() || d_.actor.is_system) return {};
    const pack::Closing& closed = target->type->closed;
    if (std::find(closed.except.begin(), closed.except.end(), type_.type->system) != closed.except.end())
      return {};
    MW_ASSIGN(const std::optional<Record> named, load_record(c_, *target, id));
    if (named && fits(*target->type, closed.when, *named))
      d_.faults.push_back(
          {field.name, "rule", fmt::format("{} {} is closed", field.target, id.value), closed.label});
    return {};
  }

  Status check_owner() {
    if (!d_.faults.empty()) return {};
    switch (type_.owner_kind) {
      case OwnerKind::none: return {};
      case OwnerKind::self: return check_parent();
      case OwnerKind::organisation: {
        MW_ASSIGN(d_.after.owner, organisation_or_owner_of_what_it_names());
        break;
      }
      case OwnerKind::inherited: {
        MW_ASSIGN(const auto owner, owner_of(*type_.owner_field, reference(type_.owner_field->name)));
        d_.after.owner = owner.value_or(RecordId{});
        break;
      }
    }
    if (!d_.after.owner) {
      d_.fault(type_.owner_field->name, "required",
               fmt::format("{} says whose record it is and must be set", type_.owner_field->name));
      return {};
    }
    if (!d_.before || d_.before->owner != d_.after.owner) MW_TRY(check_covered(d_.after.owner));
    // Who acts is within the actor's scope as well: a mine issues nothing in its county's name.
    if (type_.belongs_to && d_.changed.contains(type_.owner_field->name) && d_.faults.empty())
      MW_TRY(check_covered(reference(type_.owner_field->name)));
    return {};
  }

  Result<RecordId> organisation_or_owner_of_what_it_names() {
    const RecordId acts = reference(type_.owner_field->name);
    const RecordId named = type_.belongs_to ? reference(type_.belongs_to->name) : RecordId{};
    if (!named) return acts;
    MW_ASSIGN(const auto owner, owner_of(*type_.belongs_to, named));
    return owner.value_or(acts);
  }

  Status check_covered(RecordId organisation) {
    MW_ASSIGN(const bool covered, covers(c_, d_.hands_over ? Scope{{}, true} : d_.actor.scope, organisation));
    if (!covered)
      d_.fault(type_.owner_field->name, "not_found", fmt::format("no organisation {}", organisation.value));
    return {};
  }

  /// An organisation is entered and moved below what the actor covers; it never stands above itself.
  Status check_parent() {
    d_.after.owner = d_.after.id;
    const pack::Field* parent = type_.field("parent");
    if (!parent || (d_.before && !d_.changed.contains("parent"))) return {};
    const RecordId above = reference("parent");
    if (!d_.actor.scope.everything) {
      MW_ASSIGN(const bool covered, covers(c_, d_.actor.scope, above));
      if (!covered)
        d_.fault("parent", "not_found",
                 fmt::format("no {} {} that you may put it under", type_.name(), above.value));
    }
    if (d_.before && above) {
      MW_ASSIGN(const bool below, covers(c_, Scope{d_.after.id, false}, above));
      if (below) d_.fault("parent", "out_of_range", "an organisation cannot stand below itself");
    }
    return {};
  }

  // ---- files, uniqueness, duties ----

  Status check_files() {
    for (const auto& field : type_.type->fields) {
      if (field.type != FieldType::attachments || !d_.changed.contains(field.name)) continue;
      const auto* files = std::get_if<std::vector<std::string>>(&d_.get(field.name));
      if (!files) continue;
      if (files->size() > kMostListItems)
        d_.fault(field.name, "too_long",
                 fmt::format("{} files, at most {} expected", files->size(), kMostListItems));
      for (const auto& sha256 : *files) MW_TRY(check_file(field, sha256));
    }
    return {};
  }

  Status check_file(const pack::Field& field, const std::string& sha256) {
    MW_ASSIGN(const auto file, readable_file(c_, context_, d_.actor, sha256));
    if (!file) {
      d_.fault(field.name, "not_found", fmt::format("no stored file {}", pack::quoted(sha256)));
    } else if (const std::string kind = file_kind(file->media_type);
               !field.file_kinds.empty() &&
               std::find(field.file_kinds.begin(), field.file_kinds.end(), kind) == field.file_kinds.end()) {
      d_.fault(field.name, "bad_file",
               fmt::format("{} is of kind {}, expected {}", file->name, kind, join(field.file_kinds, ", ")));
    }
    return {};
  }

  Status check_unique() {
    for (const auto& set : type_.type->unique) {
      if (std::none_of(set.begin(), set.end(), [&](const auto& f) { return d_.changed.contains(f); }))
        continue;
      if (given_withdrawal(*type_.type) && is_withdrawn(type_, d_.after)) continue;
      std::string sql = fmt::format("SELECT id FROM {} WHERE id <> $1", type_.table);
      if (type_.type->withdrawal == pack::Withdrawal::flag)
        sql += " AND (withdrawn IS NULL OR withdrawn = 0)";
      if (type_.type->withdrawal == pack::Withdrawal::step) sql += " AND state <> 'withdrawn'";
      std::vector<db::Value> params = {d_.after.id.value};
      bool complete = true;
      for (const auto& name : set) {
        complete = complete && is_set(d_.get(name));
        params.push_back(to_db(d_.get(name)));
        sql += fmt::format(" AND {} = ${}", db::identifier(name), params.size());
      }
      if (!complete) continue;
      MW_ASSIGN(const db::Rows rows, c_.query(sql + " LIMIT 1", params));
      if (!rows.empty())
        d_.fault(set.back(), "not_unique",
                 fmt::format("another {} has the same {}", type_.name(), join(set, ", ")));
    }
    return {};
  }

  /// The three administrators never meet in one account (DESIGN.md decision 9).
  void check_duties() {
    for (const auto& field : type_.type->fields) {
      if (field.type != FieldType::choices || field.dictionary != "role" || !d_.changed.contains(field.name))
        continue;
      const auto* roles = std::get_if<std::vector<std::string>>(&d_.get(field.name));
      if (!roles) continue;
      bool system = false, security = false, audit = false;
      for (const auto& name : *roles) {
        const pack::Role* role = context_.model.catalog().role(name);
        if (!role) continue;
        system = system || role->administers_system;
        security = security || role->administers_security;
        audit = audit || role->audits;
      }
      if (system + security + audit > 1) {
        d_.fault(field.name, "same_person",
                 "one account cannot be system administrator, security administrator and auditor at once");
      }
    }
  }

  db::Connection& c_;
  const Context& context_;
  Draft& d_;
  const TypeModel& type_;
};

}  // namespace

void check_text(Draft& draft, const pack::Field& field, const std::string& text) {
  if (const auto at = first_invalid_utf8(text))
    return draft.fault(field.name, "bad_format", fmt::format("byte {} is not UTF-8", *at));
  if (text.find('\0') != std::string::npos)
    return draft.fault(field.name, "bad_format", "found U+0000, text without it expected");
  const bool one_line = field.type == FieldType::text;
  if (one_line && text.find_first_of("\r\n") != std::string::npos) {
    return draft.fault(field.name, "bad_format", "found a line break, one line expected");
  }
  const auto longest = static_cast<std::size_t>(field.max_length.value_or(one_line ? 200 : 20000));
  const std::size_t length = to_code_points(text).size();
  if (length > longest)
    return draft.fault(field.name, "too_long",
                       fmt::format("{} characters, at most {} expected", length, longest));
  const auto pattern = draft.type.patterns.find(field.name);
  if (pattern != draft.type.patterns.end() && !matches(text, pattern->second)) {
    draft.fault(field.name, "bad_format", fmt::format("the whole text must match {}", field.pattern));
  }
  if (std::string why = format_fault(field.format, text); !why.empty())
    draft.fault(field.name, "bad_format", std::move(why));
}

Status check_draft(db::Connection& c, const Context& context, Draft& draft) {
  return DraftCheck(c, context, draft).run();
}

Result<FieldValue> word_value(const pack::Field& field, const std::string& word, const Actor& actor,
                              ArrivalTime now) {
  if (word == "now") {
    if (field.type == FieldType::date) return FieldValue(china_date(now.utc_ms));
    return FieldValue(EventTime{now.utc_ms});
  }
  if (word == "today") {
    if (field.type == FieldType::instant)
      return FieldValue(EventTime{start_of_day_ms(china_date(now.utc_ms))});
    return FieldValue(china_date(now.utc_ms));
  }
  if (word == "me")
    return normalised(field.type == FieldType::reference ? FieldValue(actor.account)
                                                         : FieldValue(actor.name));
  if (word == "my_organisation") return normalised(FieldValue(actor.organisation));
  return value_from_text(field.type, word);
}

}  // namespace mineward::record
