/// Clauses, duties, forms, calendar: every name must be there, every number must fit its kind of duty, and a
/// lower pack may only tighten.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "pack/resolve.h"

namespace mineward::pack {
namespace {

template <class T>
class RowCheck {
 public:
  RowCheck(const Row<T>& row, std::string what, const Catalog& catalog, Report& report)
      : row_(row), what_(std::move(what)), catalog_(catalog), report_(report) {}

 protected:
  template <class... Args>
  void add(std::string_view key, fmt::format_string<Args...> form, Args&&... args) {
    report_.add(row_.at(key), fmt::format(form, std::forward<Args>(args)...));
  }

  void sourced() {
    if (!row_.node->get("source")) return;  // said already
    const Source& source = row_.value.source;
    if (source.clause.empty() && source.text.empty())
      add("source", "found {} with an empty source, expected a clause or a text", what_);
    if (source.confidence.empty())
      add("source", "found {} without confidence in its source, expected one of C, C-field, C-test, G, U, D",
          what_);
  }

  void clause(const std::string& id) {
    if (!id.empty() && !catalog_.clause(id))
      add("clause", "found clause \"{}\" in {}, expected a clause that a pack declares", id, what_);
  }

  void code(std::string_view key, const std::string& code, std::string_view dictionary) {
    const Dictionary* known = catalog_.dictionary(dictionary);
    if (code.empty() || (known && known->entry(code))) return;
    add(key, "found \"{}\" for \"{}\" of {}, expected a code of dictionary {}", code, key, what_, dictionary);
  }

  /// The type, or a mistake.
  const RecordType* type(std::string_view key, const std::string& name) {
    const RecordType* found = catalog_.record_type(name);
    if (!found && !name.empty())
      add(key, "found record \"{}\" for \"{}\" of {}, expected a record that a pack declares", name, key,
          what_);
    return found;
  }

  /// A field of a kind, or a mistake.
  void field(std::string_view key, const RecordType* type, const std::string& name, bool dates,
             std::string_view expected) {
    if (!type || name.empty() || name == "created_at" || name == "updated_at") return;
    const Field* found = type->field(name);
    const bool fits =
        found && (found->type == FieldType::instant || (dates && found->type == FieldType::date));
    if (!fits)
      add(key, "found \"{}\" for \"{}\" of {}, expected {} of record \"{}\"", name, key, what_, expected,
          type->name);
  }

  void reference(std::string_view key, const RecordType* type, const std::string& name,
                 const std::string& target) {
    if (!type || name.empty()) return;
    if (name == "id" && type->name == target) return;
    const Field* found = type->field(name);
    if (!found || found->type != FieldType::reference || found->target != target) {
      add(key, "found \"{}\" for \"{}\" of {}, expected a reference of record \"{}\" to \"{}\"", name, key,
          what_, type->name, target);
    }
  }

  void conditions(std::string_view key, const RecordType* type, const Conditions& all) {
    if (!type) return;
    for (const auto& condition : all) {
      if (condition.field == "state") {
        states(key, *type, condition);
        continue;
      }
      const Field* field = type->field(condition.field);
      if (!field || field->secret) {
        add(key, "found \"{}\" in \"{}\" of {}, expected a field of record \"{}\"", condition.field, key,
            what_, type->name);
        continue;
      }
      const Dictionary* codes = field->dictionary.empty() ? nullptr : catalog_.dictionary(field->dictionary);
      for (const auto& value : condition.values) {
        if (codes && !codes->entry(value))
          add(key, "found \"{}\" for \"{}\" in \"{}\" of {}, expected a code of dictionary {}", value,
              condition.field, key, what_, field->dictionary);
        if (field->type == FieldType::boolean && value != "true" && value != "false")
          add(key, "found \"{}\" for \"{}\" in \"{}\" of {}, expected true or false", value, condition.field,
              key, what_);
      }
    }
  }

  const Row<T>& row_;
  const std::string what_;
  const Catalog& catalog_;
  Report& report_;

 private:
  void states(std::string_view key, const RecordType& type, const Condition& condition) {
    const Workflow* workflow = catalog_.workflow(type.workflow);
    for (const auto& value : condition.values) {
      if (!workflow || !workflow->state(value))
        add(key, "found state \"{}\" in \"{}\" of {}, expected a state of record \"{}\"", value, key, what_,
            type.name);
    }
  }
};

bool before(const std::optional<Date>& to, Date from) { return to && *to < from; }

class DutyCheck : RowCheck<DutyRule> {
 public:
  DutyCheck(const Row<DutyRule>& row, const Catalog& catalog, Report& report)
      : RowCheck(row, fmt::format("duty \"{}\"", row.value.id), catalog, report) {}

  void run() {
    const DutyRule& duty = row_.value;
    sourced();
    clause(duty.clause);
    code("family", duty.family, "clause_family");
    for (const auto& role : duty.done_by) {
      if (!catalog_.role(role))
        add("done_by", "found role \"{}\" in {}, expected a role that a pack declares", role, what_);
    }
    if (before(duty.valid_to, duty.valid_from))
      add("valid_to", "found valid_to before valid_from in {}, expected a day after it", what_);
    who();
    what_counts();
    number();
    shifts();
    climbs();
    claims();
    if (duty.examples.empty() && row_.node->get("examples"))
      add("examples", "found {} without examples, expected some at, below and above its number", what_);
  }

 private:
  void who() {
    const RecordType* owner = type("owed_by", row_.value.owed_by);
    if (owner && owner->owner_field == "none")
      add("owed_by",
          "found record \"{}\" for \"owed_by\" of {}, expected one that belongs to an organisation",
          owner->name, what_);
    conditions("owed_when", owner, row_.value.owed_when);
  }

  void what_counts() {
    const DutyRule& duty = row_.value;
    const RecordType* counted = type("counts", duty.counts);
    reference("of", counted, duty.of, duty.owed_by);
    conditions("when", counted, duty.when);
    field("at", counted, duty.at, true, "a date or a time");
    field("done", counted, duty.done, false, "a time");
    field("from", counted, duty.from, false, "a time");
    field("to", counted, duty.to, false, "a time");
    if (counted && !duty.of.empty() && duty.of != "id" && !indexed(*counted))
      add("counts",
          "found record \"{}\" counted by {}, expected an index [{}, {}] of it: every change looks there",
          counted->name, what_, duty.of, duty.at);
  }

  bool indexed(const RecordType& type) const {
    const auto fits = [&](const auto& columns) {
      return columns.size() >= 2 && columns[0] == row_.value.of && columns[1] == row_.value.at;
    };
    return std::any_of(type.indexes.begin(), type.indexes.end(), fits) ||
           std::any_of(type.unique.begin(), type.unique.end(), fits);
  }

  void number() {
    const DutyRule& duty = row_.value;
    if (duty.is_limit()) {
      if (duty.at_least) add("at_least", "found at_least with longer_than in {}, expected at_most", what_);
      if (!duty.at_most || *duty.at_most < 0)
        add("longer_than",
            "found longer_than without at_most of 0 or more in {}, expected how many may last longer", what_);
      if (duty.from.empty() || duty.to.empty())
        add("longer_than",
            "found longer_than without from and to in {}, expected the times between which a record lasts",
            what_);
      if (*duty.longer_than <= Millis{0})
        add("longer_than", "found longer_than of nothing in {}, expected a duration", what_);
      return;
    }
    if (duty.at_most) add("at_most", "found at_most without longer_than in {}, expected at_least", what_);
    if (!duty.from.empty() || !duty.to.empty())
      add("from", "found from or to without longer_than in {}, expected them only with it", what_);
    if (!duty.at_least || *duty.at_least < 1)
      add("at_least", "found {} without at_least of 1 or more, expected how many make it done", what_);
    if (!row_.node->get("late_for"))
      add("late_for", "found {} without late_for, expected how long it can be done late before it is missed",
          what_);
  }

  void shifts() {
    const auto& shifts = row_.value.shifts;
    const bool by_shift = row_.value.every == Period::shift;
    if (by_shift != !shifts.empty())
      add("every",
          "found {} {} shifts, expected the times at which shifts begin with every: shift, and only there",
          what_, by_shift ? "without" : "with");
    for (std::size_t i = 0; i < shifts.size(); ++i) {
      if (shifts[i] < 0 || (i > 0 && shifts[i] <= shifts[i - 1]))
        add("shifts", "found shift {} of {} not after the one before, expected times such as 08:00 that rise",
            i + 1, what_);
    }
  }

  void climbs() {
    static constexpr std::string_view kLevels[] = {"mine", "county", "city", "province"};
    const auto rank = [](const std::string& level) {
      return std::find(std::begin(kLevels), std::end(kLevels), level) - std::begin(kLevels);
    };
    const auto& climbs = row_.value.climbs;
    for (std::size_t i = 1; i < climbs.size(); ++i) {
      if (rank(climbs[i].to_level) <= rank(climbs[i - 1].to_level) || climbs[i].after < climbs[i - 1].after)
        add("climbs", "found the climb to {} after that to {} in {}, expected levels and times that rise",
            climbs[i].to_level, climbs[i - 1].to_level, what_);
    }
  }

  void claims() {
    const Claims& claims = row_.value.claims;
    if (claims.record.empty()) return;
    const RecordType* claimed = type("claims", claims.record);
    reference("claims", claimed, claims.of, row_.value.owed_by);
    field("claims", claimed, claims.at, false, "a time");
  }
};

class FormCheck : RowCheck<Form> {
 public:
  FormCheck(const Row<Form>& row, const Catalog& catalog, Report& report)
      : RowCheck(row, fmt::format("form \"{}\"", row.value.name), catalog, report) {}

  void run() {
    const Form& form = row_.value;
    sourced();
    clause(form.clause);
    for (const auto& level : form.filed_by) code("filed_by", level, "level");
    const auto& duties = catalog_.duties;
    if (!form.duty.empty() &&
        std::none_of(duties.begin(), duties.end(), [&](const auto& d) { return d.id == form.duty; }))
      add("duty", "found duty \"{}\" in {}, expected a duty that a pack declares", form.duty, what_);
    if (form.rows.empty()) add("rows", "found {} without rows, expected at least one", what_);
    for (std::size_t i = 0; i < form.columns.size(); ++i) column(form.columns[i], static_cast<int>(i) + 1);
  }

 private:
  void column(const FormColumn& column, int expected) {
    if (column.number != expected)
      add("columns", "found column number {} in {}, expected {}: columns are numbered from 1 in order",
          column.number, what_, expected);
    const bool share = column.share_of != 0 || column.share_in != 0;
    if (share == column.indicator.has_value())
      add("columns", "found column {} of {} with {}, expected an indicator, or share_of and share_in",
          column.number, what_, share ? "both" : "neither an indicator nor a share");
    if (column.divide_by == 0)
      add("columns", "found divide_by 0 in column {} of {}, expected another number", column.number, what_);
    if (share) return shares(column);
    if (column.indicator) indicator(*column.indicator);
  }

  void shares(const FormColumn& column) {
    for (const int other : {column.share_of, column.share_in}) {
      const FormColumn* found = row_.value.column(other);
      if (!found || !found->indicator)
        add("columns", "found column {} of {} as a share with column {}, expected a column with an indicator",
            column.number, what_, other);
    }
  }

  void indicator(const Indicator& indicator) {
    const RecordType* counted = type("columns", indicator.counts);
    conditions("columns", counted, indicator.when);
    field("columns", counted, indicator.at, true, "a date or a time");
    if (!indicator.unit_field.empty()) reference("columns", counted, indicator.unit_field, "organisation");
    const Field* adds = counted && !indicator.adds.empty() ? counted->field(indicator.adds) : nullptr;
    const bool number = adds && (adds->type == FieldType::integer || adds->type == FieldType::decimal ||
                                 adds->type == FieldType::money);
    if (counted && !indicator.adds.empty() && !number)
      add("columns", "found \"{}\" added up in {}, expected a number of record \"{}\"", indicator.adds, what_,
          counted->name);
  }
};

std::string cite(const DutyRule& duty) {
  return fmt::format("{}:{} [{}] {}", duty.place.file, duty.place.line, duty.source.confidence, duty.clause);
}

/// Two duties that bind the same subjects in the same place and time: one id may stand once a level, and what
/// a lower pack says of the same thing may only be stricter.
class DutyPair {
 public:
  DutyPair(const Draft& draft, Report& report) : draft_(draft), report_(report) {}

  void run(const Row<DutyRule>& first, const Row<DutyRule>& second) {
    const DutyRule &a = first.value, &b = second.value;
    const bool same_id = a.id == b.id;
    const bool same_family = !a.family.empty() && a.family == b.family;
    if (!same_id && !same_family) return;
    const bool lower = rank_of(draft_.pack_of(second.pack).level) > rank_of(draft_.pack_of(first.pack).level);
    const bool inside = covers_region(a.jurisdiction, b.jurisdiction);
    const bool time =
        (!a.valid_to || b.valid_from <= *a.valid_to) && (!b.valid_to || a.valid_from <= *b.valid_to);
    if (same_id && !(lower && inside)) {
      const bool apart = !time && a.jurisdiction == b.jurisdiction;
      if (!apart)
        report_.add(
            second.at("id"),
            fmt::format(
                "found duty \"{}\" a second time (first at {}:{}), expected it in a lower pack inside its "
                "jurisdiction, or at another time",
                b.id, a.place.file, a.place.line));
      return;
    }
    if (!lower || !inside || !time) return;
    const Strictness strictness = compare(b, a);
    if (strictness == Strictness::looser || (same_id && strictness == Strictness::incomparable)) {
      report_.add(second.at("id"),
                  fmt::format("found duty \"{}\" {} at {}, {} than duty \"{}\" {} at {}; expected the same "
                              "or stricter: a lower pack "
                              "never loosens",
                              b.id, number_of(b), cite(b),
                              strictness == Strictness::looser ? "looser" : "of another kind", a.id,
                              number_of(a), cite(a)));
    } else if (same_id && (b.late_for > a.late_for || slower(b, a))) {
      report_.add(
          second.at("late_for"),
          fmt::format("found duty \"{}\" that is missed or climbs later than at {}, expected that or sooner",
                      b.id, cite(a)));
    }
  }

 private:
  static std::string number_of(const DutyRule& duty) {
    if (duty.is_limit())
      return fmt::format("(at most {} over {} every {})", duty.at_most.value_or(0),
                         format_duration(*duty.longer_than), name_of(duty.every));
    return fmt::format("(at least {} every {}, due {})", duty.at_least.value_or(0), name_of(duty.every),
                       text_of(duty.due));
  }
  /// Whether a climb of `b` is missing or later in `a`.
  static bool slower(const DutyRule& a, const DutyRule& b) {
    return std::any_of(b.climbs.begin(), b.climbs.end(), [&](const Climb& theirs) {
      return std::none_of(a.climbs.begin(), a.climbs.end(), [&](const Climb& ours) {
        return ours.to_level == theirs.to_level && ours.after <= theirs.after;
      });
    });
  }

  const Draft& draft_;
  Report& report_;
};

}  // namespace

void check_clauses(const Draft& draft, const Catalog& catalog, Report& report) {
  const auto code = [&](const Row<Clause>& row, std::string_view key, const std::string& value,
                        std::string_view dictionary) {
    const Dictionary* known = catalog.dictionary(dictionary);
    if (known && known->entry(value)) return;
    report.add(row.at(key),
               fmt::format("found \"{}\" for \"{}\" of clause \"{}\", expected a code of dictionary {}",
                           value, key, row.value.id, dictionary));
  };
  std::set<std::string, std::less<>> documents;
  for (const auto& document : catalog.documents) documents.insert(document.id);
  for (const auto& row : draft.clauses) {
    const Clause& clause = row.value;
    if (!documents.contains(clause.document))
      report.add(
          row.at("document"),
          fmt::format("found document \"{}\" in clause \"{}\", expected a document that a pack declares",
                      clause.document, clause.id));
    code(row, "kind", clause.kind, "clause_kind");
    code(row, "system", clause.system, "system");
    for (const auto& also : clause.also) code(row, "also", also, "system");
    for (const auto& family : clause.families) code(row, "families", family, "clause_family");
  }
  for (const auto& row : draft.documents) {
    if (before(row.value.valid_to, row.value.valid_from))
      report.add(row.at("valid_to"),
                 fmt::format("found valid_to before valid_from in document \"{}\", expected a day after it",
                             row.value.id));
  }
}

void check_duties(const Draft& draft, const Catalog& catalog, Report& report) {
  DutyPair pair(draft, report);
  for (std::size_t i = 0; i < draft.duties.size(); ++i) {
    DutyCheck(draft.duties[i], catalog, report).run();
    for (std::size_t j = 0; j < i; ++j) pair.run(draft.duties[j], draft.duties[i]);
  }
  // What may be switched must not hold what the running node is built on.
  const auto fixed = [&](const auto& rows, std::string_view what) {
    for (const auto& row : rows) {
      if (draft.pack_of(row.pack).switchable)
        report.add(row.place, fmt::format("found {} in pack \"{}\", which is switchable: true, expected "
                                          "documents, clauses, duties and forms only",
                                          what, draft.pack_of(row.pack).name));
    }
  };
  fixed(draft.records, "a record");
  fixed(draft.workflows, "a workflow");
  fixed(draft.roles, "a role");
  fixed(draft.limits, "a limit");
  fixed(draft.alarm_rules, "an alarm rule");
  fixed(draft.escalation, "an escalation step");
  fixed(draft.dialects, "a dialect");
}

void check_forms(const Draft& draft, const Catalog& catalog, Report& report) {
  for (const auto& row : draft.forms) FormCheck(row, catalog, report).run();
}

void check_calendar(const Draft& draft, Report& report) {
  std::set<int> seen;
  for (const auto& row : draft.calendar) {
    const CalendarYear& year = row.value;
    if (!seen.insert(year.year).second)
      report.add(row.place, fmt::format("found year {} a second time, expected each year once", year.year));
    for (const auto* days : {&year.off, &year.worked}) {
      const std::string_view key = days == &year.off ? "off" : "worked";
      for (const Date day : *days) {
        if (!format_date(day).starts_with(fmt::format("{:04}-", year.year)))
          report.add(row.at(key), fmt::format("found {} in year {}, expected a day of that year",
                                              format_date(day), year.year));
      }
      if (!std::is_sorted(days->begin(), days->end()))
        report.add(row.at(key),
                   fmt::format("found days of year {} out of order in \"{}\", expected them rising",
                               year.year, key));
    }
  }
}

}  // namespace mineward::pack
