/// Fields that are worked out, and what must hold over several fields: the computes and checks of a record
/// type. Both see the draft as it would be stored.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "pack/working_days.h"
#include "record/division.h"
#include "record/read.h"
#include "record/selection.h"
#include "record/totals.h"
#include "record/values.h"
#include "record/write.h"

namespace mineward::record {

using pack::Compute;
using pack::FieldType;
using pack::RecordRule;

namespace {

/// How far a clock of a browser or a mine may run ahead of ours before its time counts as the future.
constexpr std::int64_t kClockSkew = 300'000;  // ms

class Derivation {
 public:
  Derivation(db::Connection& c, const Context& context, Draft& draft)
      : c_(c), context_(context), catalog_(context.model.catalog()), d_(draft), type_(*draft.type.type) {}

  Status work_out() {
    for (const auto& compute : type_.computes) MW_TRY(work_out(compute));
    return {};
  }

  Status check() {
    for (const auto& rule : type_.checks) MW_TRY(check(rule));
    return {};
  }

 private:
  // ---- what is known

  Result<pack::Case> known(const std::map<std::string, std::string>& from, const pack::DecisionTable& table) {
    pack::Case out;
    for (const auto& [input, path] : from) {
      MW_ASSIGN(const Reached found, reach(c_, context_.model, d_.type, d_.after.fields, path));
      if (!found.field || !is_set(found.value)) continue;
      const pack::TableInput* asked = table.input(input);
      if (asked && asked->is_number) {
        if (const auto number = number_of(*found.field, found.value, "")) out.emplace(input, *number);
      } else {
        out.emplace(input, value_to_text(found.field->type, found.value));
      }
    }
    return out;
  }

  /// A number as it is, money in fen; of a code the number in a column of its dictionary.
  std::optional<double> number_of(const pack::Field& field, const FieldValue& value,
                                  const std::string& column) const {
    if (const auto* n = std::get_if<std::int64_t>(&value)) return static_cast<double>(*n);
    if (const auto* n = std::get_if<double>(&value)) return *n;
    const auto* code = std::get_if<std::string>(&value);
    const pack::Dictionary* dictionary = code ? catalog_.dictionary(field.dictionary) : nullptr;
    const pack::DictionaryEntry* entry = dictionary ? dictionary->entry(*code) : nullptr;
    const auto extra =
        entry ? entry->extra.find(column) : std::map<std::string, std::string>::const_iterator{};
    return entry && extra != entry->extra.end() ? parse_number(extra->second) : std::nullopt;
  }

  /// Region code of whose record it is, as it was on the day of the fact; "" when it is nobody's.
  Result<std::string> region(Date on) {
    std::string code;
    const pack::RecordType* organisation = catalog_.record_type("organisation");
    const pack::RecordType* regions = catalog_.record_type("region");
    if (d_.after.owner && organisation && regions && organisation->field("region") &&
        regions->field("code")) {
      MW_ASSIGN(const db::Rows rows,
                c_.query("SELECT region FROM organisation WHERE id = $1", {d_.after.owner.value}));
      if (!rows.empty() && !db::is_null(rows.rows[0][0])) {
        MW_ASSIGN(const DivisionAnswer answer, division_on(c_, catalog_, RecordId{rows.integer(0, 0)}, on));
        code = answer.then.code;
      }
    }
    return code;
  }

  /// The answer of a table for this record; none without the day of the fact.
  Result<std::optional<pack::Decision>> decided(const std::string& name, const std::string& on,
                                                const std::map<std::string, std::string>& from) {
    const pack::DecisionTable* table = catalog_.table(name);
    const auto at = moment_of(d_.get(on));
    if (!table || !at) return std::optional<pack::Decision>();
    MW_ASSIGN(const pack::Case facts, known(from, *table));
    MW_ASSIGN(const std::string where, region(china_date(*at)));
    return pack::decide(*table, facts, where, china_date(*at));
  }

  // ---- computes

  Status work_out(const Compute& c) {
    switch (c.rule) {
      case Compute::Rule::decide: return decide(c);
      case Compute::Rule::product:
      case Compute::Rule::sum: return accumulate(c);
      case Compute::Rule::difference: return difference(c);
      case Compute::Rule::quotient: return quotient(c);
      case Compute::Rule::date_after: return date_after(c);
      case Compute::Rule::total: return total(c);
    }
    return {};
  }

  Status total(const Compute& c) {
    MW_ASSIGN(const auto sum, total_of(c_, catalog_, c, d_.after));
    if (sum) return put_number(c.into, std::round(*sum * 1e6) / 1e6);  // added in any order the same
    d_.set(c.into, {});
    return {};
  }

  Status decide(const Compute& c) {
    MW_ASSIGN(const auto decision, decided(c.table, c.on, c.from));
    for (const auto& [output, into] : c.gives) {
      const pack::Field* field = type_.field(into);
      if (!field) continue;
      if (!decision) {
        d_.set(into, {});
      } else {
        MW_TRY(put_text(*field, decision->row->gives.at(output)));
      }
    }
    if (!c.row.empty()) d_.set(c.row, decision ? FieldValue(decision->row->id) : FieldValue{});
    if (!c.provisional.empty())
      d_.set(c.provisional, decision ? FieldValue(decision->provisional) : FieldValue{});
    return {};
  }

  Status put_text(const pack::Field& field, const std::string& text) {
    if (field.type == FieldType::money || field.type == FieldType::integer ||
        field.type == FieldType::decimal)
      return put_number(field.name, parse_number(text).value_or(0));
    MW_ASSIGN(FieldValue value, value_from_text(field.type, text));
    d_.set(field.name, normalised(std::move(value)));
    return {};
  }

  /// Into whatever kind of number the field is; money in fen.
  Status put_number(const std::string& into, double value) {
    const pack::Field* field = type_.field(into);
    if (!field) return {};
    if (field->type == FieldType::decimal) {
      d_.set(into, value);
    } else {
      d_.set(into, static_cast<std::int64_t>(std::llround(value)));
    }
    return {};
  }

  Status accumulate(const Compute& c) {
    const bool product = c.rule == Compute::Rule::product;
    double out = product ? 1 : 0;
    for (const auto& path : c.of) {
      MW_ASSIGN(const Reached found, reach(c_, context_.model, d_.type, d_.after.fields, path));
      const auto number = found.field ? number_of(*found.field, found.value, c.column) : std::nullopt;
      if (!number) {  // unknown is not zero
        d_.set(c.into, {});
        return {};
      }
      out = product ? out * *number : out + *number;
    }
    return put_number(c.into, out * c.times);
  }

  Status difference(const Compute& c) {
    if (c.of.size() != 2) return {};
    const FieldValue &a = d_.get(c.of[0]), &b = d_.get(c.of[1]);
    if (const auto from = moment_of(a), to = moment_of(b); from && to)
      return put_number(c.into, china_date(*from).days - china_date(*to).days);
    const auto first = number_of(*type_.field(c.of[0]), a, c.column);
    const auto second = number_of(*type_.field(c.of[1]), b, c.column);
    if (first && second) return put_number(c.into, *first - *second);
    d_.set(c.into, {});
    return {};
  }

  Status quotient(const Compute& c) {
    const auto number = [&](std::size_t i) {
      const pack::Field* field = c.of.size() == 2 ? type_.field(c.of[i]) : nullptr;
      return field ? number_of(*field, d_.get(field->name), c.column) : std::nullopt;
    };
    const auto above = number(0), below = number(1);
    if (above && below && *below != 0) return put_number(c.into, *above / *below * c.times);
    d_.set(c.into, {});
    return {};
  }

  Status date_after(const Compute& c) {
    const pack::Field* field = type_.field(c.into);
    const auto from = c.of.empty() ? std::nullopt : moment_of(d_.get(c.of.front()));
    int months = c.plus_months;
    bool known = field && from;
    if (known && !c.table.empty()) {
      MW_ASSIGN(const auto decision, decided(c.table, c.on, c.from));
      known = decision.has_value();
      if (known)
        months += static_cast<int>(parse_number(decision->row->gives.at(c.gives.begin()->first)).value_or(0));
    }
    if (!known) {
      d_.set(c.into, {});
      return {};
    }
    Date day = pack::months_after(china_date(*from), months);
    day.days += c.plus_days;
    d_.set(c.into,
           field->type == FieldType::date ? FieldValue(day) : FieldValue(EventTime{start_of_day_ms(day)}));
    return {};
  }

  // ---- checks

  void fault(const std::string& field, const RecordRule& rule, std::string message) {
    d_.faults.push_back({field, "rule", std::move(message), rule.label});
  }

  bool any_changed(const std::vector<std::string>& fields) const {
    return std::any_of(fields.begin(), fields.end(), [&](const auto& f) { return d_.changed.contains(f); });
  }

  Status check(const RecordRule& rule) {
    using Rule = RecordRule::Rule;
    if (rule.rule != Rule::single && !counts(type_, rule.when, d_.after)) return {};
    switch (rule.rule) {
      case Rule::order: order(rule); break;
      case Rule::one_of: one_of(rule); break;
      case Rule::sum_within: sum_within(rule); break;
      case Rule::not_past: not_past(rule); break;
      case Rule::not_future: not_future(rule); break;
      case Rule::needs: return needs(rule);
      case Rule::single: return single(rule);
      case Rule::within: return within(rule);
      case Rule::same: return same(rule);
    }
    return {};
  }

  /// Whether the write touches what the rule looks at.
  bool moved(const RecordRule& rule, const std::vector<std::string>& fields) const {
    return !d_.before || d_.before->state != d_.after.state || any_changed(fields) ||
           std::any_of(rule.when.begin(), rule.when.end(),
                       [&](const auto& c) { return d_.changed.contains(c.field); });
  }

  void order(const RecordRule& rule) {
    const pack::Field* last = nullptr;
    for (const auto& name : rule.fields) {
      const pack::Field* field = type_.field(name);
      const auto at = moment_of(d_.get(name));
      if (!field || !at) continue;
      if (last) {
        const auto before = moment_of(d_.get(last->name));
        const bool by_day = field->type == FieldType::date || last->type == FieldType::date;
        const bool falls = by_day ? china_date(*at) < china_date(*before) : *at < *before;
        if (falls) fault(name, rule, fmt::format("{} lies before {}", name, last->name));
      }
      last = field;
    }
  }

  void one_of(const RecordRule& rule) {
    const bool any =
        std::any_of(rule.fields.begin(), rule.fields.end(), [&](const auto& f) { return is_set(d_.get(f)); });
    if (!any) fault(rule.fields.front(), rule, fmt::format("one of {} must be set", join(rule.fields, ", ")));
  }

  void sum_within(const RecordRule& rule) {
    const auto most = number_of(*type_.field(rule.field), d_.get(rule.field), "");
    double sum = 0;
    for (const auto& name : rule.fields) sum += number_of(*type_.field(name), d_.get(name), "").value_or(0);
    if (most && sum > *most)
      fault(rule.field, rule,
            fmt::format("{} sum up to {}, {} is {}", join(rule.fields, ", "), sum, rule.field, *most));
  }

  void not_past(const RecordRule& rule) {
    const auto at = moment_of(d_.get(rule.field));
    if (at && d_.changed.contains(rule.field) && china_date(*at) < china_date(d_.now.utc_ms))
      fault(rule.field, rule, fmt::format("{} lies before the day of entry", rule.field));
  }

  void not_future(const RecordRule& rule) {
    for (const auto& name : rule.fields) {
      const pack::Field* field = type_.field(name);
      const auto at = moment_of(d_.get(name));
      if (!field || !at || !d_.changed.contains(name)) continue;
      const bool later = field->type == FieldType::date ? china_date(d_.now.utc_ms) < china_date(*at)
                                                        : d_.now.utc_ms + kClockSkew < *at;
      if (later) fault(name, rule, fmt::format("{} lies in the future", name));
    }
  }

  /// A person with a certificate in force, a mine with a supervisor: what must stand in another register.
  Status needs(const RecordRule& rule) {
    std::vector<std::string> here_fields;
    for (const auto& [there, here] : rule.match) here_fields.push_back(here);
    if (!moved(rule, here_fields)) return {};  // what lapsed since is no reason to refuse another change
    MW_ASSIGN(const Selection alike, Selection::make(catalog_, rule.record, rule.alike));
    std::vector<db::Value> params;
    std::string where = alike.where(params);
    for (const auto& [there, here] : rule.match) {
      if (here != "id" && !is_set(d_.get(here))) return {};  // it is told elsewhere that it is missing
      params.push_back(here == "id" ? db::Value(d_.after.id.value) : to_db(d_.get(here)));
      where += fmt::format(" AND t.{} = ${}", db::identifier(there), params.size());
    }
    if (!rule.until.empty()) {
      params.push_back(to_db(FieldValue(china_date(d_.now.utc_ms))));
      where +=
          fmt::format(" AND (t.{0} IS NULL OR t.{0} >= ${1})", db::identifier(rule.until), params.size());
    }
    MW_ASSIGN(const db::Rows rows,
              c_.query(fmt::format("SELECT t.id FROM {} WHERE {} LIMIT 1", alike.from(), where), params));
    if (rows.empty()) fault(rule.field, rule, fmt::format("there is no {} for it", rule.record));
    return {};
  }

  Status single(const RecordRule& rule) {
    if (!moved(rule, rule.per) || !counts(type_, rule.when, d_.after)) return {};
    MW_ASSIGN(const Selection alike, Selection::make(catalog_, type_.name, rule.when));
    std::vector<db::Value> params;
    std::string where = alike.where(params);
    for (const auto& name : rule.per) {
      if (!is_set(d_.get(name))) return {};
      params.push_back(to_db(d_.get(name)));
      where += fmt::format(" AND t.{} = ${}", db::identifier(name), params.size());
    }
    params.emplace_back(d_.after.id.value);
    MW_ASSIGN(const db::Rows rows,
              c_.query(fmt::format("SELECT t.id FROM {} WHERE {} AND t.id <> ${} LIMIT 1", alike.from(),
                                   where, params.size()),
                       params));
    if (!rows.empty())
      fault(rule.per.back(), rule, fmt::format("{} {} is there already", type_.name, rows.integer(0, 0)));
    return {};
  }

  Status same(const RecordRule& rule) {
    std::optional<FieldValue> first;
    for (const auto& path : rule.paths) {
      FieldValue value = d_.after.id;
      if (path != "id") {
        MW_ASSIGN(const Reached found, reach(c_, context_.model, d_.type, d_.after.fields, path));
        value = found.value;
      }
      if (!is_set(value)) continue;
      if (!first) {
        first = std::move(value);
      } else if (*first != value) {
        const std::string& last = rule.paths.back();
        fault(last.substr(0, last.find('.')), rule,
              fmt::format("{} do not lead to the same", join(rule.paths, ", ")));
        return {};
      }
    }
    return {};
  }

  Status within(const RecordRule& rule) {
    const pack::Field* field = type_.field(rule.field);
    const auto value = field ? number_of(*field, d_.get(rule.field), "") : std::nullopt;
    if (!value) return {};
    MW_ASSIGN(const auto decision, decided(rule.table, rule.on, rule.from));
    if (!decision && rule.where_there_is_a_row) return {};
    if (!decision) {
      fault(rule.field, rule, fmt::format("table {} has no row for this case", rule.table));
      return {};
    }
    const auto& gives = decision->row->gives;
    const double least = parse_number(gives.at(rule.least)).value_or(0),
                 most = parse_number(gives.at(rule.most)).value_or(0);
    if (*value >= least && *value <= most) return {};
    const double unit = field->type == FieldType::money ? 100 : 1;
    fault(rule.field, rule,
          fmt::format("found {}, expected {} to {} ({} {})", *value / unit, least / unit, most / unit,
                      decision->row->id, decision->row->source.text));
    return {};
  }

  db::Connection& c_;
  const Context& context_;
  const pack::Catalog& catalog_;
  Draft& d_;
  const pack::RecordType& type_;
};

}  // namespace

Status work_out(db::Connection& c, const Context& context, Draft& draft) {
  return Derivation(c, context, draft).work_out();
}

Status check_rules(db::Connection& c, const Context& context, Draft& draft) {
  return Derivation(c, context, draft).check();
}

}  // namespace mineward::record
