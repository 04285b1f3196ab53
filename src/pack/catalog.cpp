#include "pack/catalog.h"

#include <fmt/format.h>

#include <algorithm>

#include "pack/draft.h"
#include "pack/validity.h"

namespace mineward::pack {
namespace {

template <class T, class Wanted, class Member>
const T* find(const std::vector<T>& rows, const Wanted& wanted, Member member) {
  for (const auto& row : rows) {
    if (row.*member == wanted) return &row;
  }
  return nullptr;
}

}  // namespace

const State* Workflow::state(std::string_view wanted) const { return find(states, wanted, &State::name); }
const Transition* Workflow::transition(std::string_view wanted) const {
  return find(transitions, wanted, &Transition::name);
}
const State& Workflow::initial() const {
  for (const auto& s : states) {
    if (s.initial) return s;
  }
  return states.front();  // the loader refuses a workflow without an initial state
}
const Field* RecordType::field(std::string_view wanted) const { return find(fields, wanted, &Field::name); }
const DictionaryEntry* Dictionary::entry(std::string_view code) const {
  return find(entries, code, &DictionaryEntry::code);
}
const FileLayout* Dialect::file(std::string_view type) const { return find(files, type, &FileLayout::type); }

const FormColumn* Form::column(int wanted) const { return find(columns, wanted, &FormColumn::number); }

const PackHeader* Catalog::pack(std::string_view name) const { return find(packs, name, &PackHeader::name); }
const Document* Catalog::document(std::string_view id) const { return find(documents, id, &Document::id); }
const Clause* Catalog::clause(std::string_view id) const { return find(clauses, id, &Clause::id); }
const Form* Catalog::form(std::string_view name) const { return find(forms, name, &Form::name); }
const Paper* Catalog::paper(std::string_view name) const { return find(papers, name, &Paper::name); }
const DecisionTable* Catalog::table(std::string_view name) const {
  return find(tables, name, &DecisionTable::name);
}
const RecordType* Catalog::record_type(std::string_view name) const {
  return find(record_types, name, &RecordType::name);
}
const Workflow* Catalog::workflow(std::string_view name) const {
  return find(workflows, name, &Workflow::name);
}
const Dictionary* Catalog::dictionary(std::string_view name) const {
  return find(dictionaries, name, &Dictionary::name);
}
const Role* Catalog::role(std::string_view name) const { return find(roles, name, &Role::name); }
const AlarmRule* Catalog::alarm_rule(std::string_view id) const {
  return find(alarm_rules, id, &AlarmRule::id);
}

std::vector<const AlarmRule*> Catalog::rules_in_force(std::string_view mine_kind,
                                                      std::string_view jurisdiction, Date on) const {
  std::vector<const AlarmRule*> out;
  for (const auto& rule : alarm_rules) {
    const bool kind =
        rule.mine_kinds.empty() || mine_kind.empty() ||
        std::find(rule.mine_kinds.begin(), rule.mine_kinds.end(), mine_kind) != rule.mine_kinds.end();
    if (!kind || !in_force(rule, jurisdiction, on)) continue;
    const auto same =
        std::find_if(out.begin(), out.end(), [&](const AlarmRule* other) { return other->id == rule.id; });
    if (same == out.end())
      out.push_back(&rule);
    else
      *same = &rule;  // packs stand highest level first
  }
  std::erase_if(out, [](const AlarmRule* rule) { return !rule->enabled; });
  return out;
}

const Dialect* Catalog::dialect(std::string_view id) const { return find(dialects, id, &Dialect::id); }

std::string_view name_of(Grade grade) {
  switch (grade) {
    case Grade::none: return "none";
    case Grade::blue: return "blue";
    case Grade::yellow: return "yellow";
    case Grade::orange: return "orange";
    case Grade::red: return "red";
  }
  return "none";
}

std::optional<Grade> parse_grade(std::string_view text) {
  for (const Grade grade : {Grade::none, Grade::blue, Grade::yellow, Grade::orange, Grade::red}) {
    if (name_of(grade) == text) return grade;
  }
  return std::nullopt;
}

bool Bound::over(double x) const {
  switch (op) {
    case Op::ge: return x >= value;
    case Op::gt: return x > value;
    case Op::le: return x <= value;
    case Op::lt: return x < value;
  }
  return false;
}

std::string Bound::text() const {
  static constexpr std::string_view kSigns[] = {">=", ">", "<=", "<"};
  std::string number = fmt::format("{}", value);
  if (number.find_first_of(".e") == std::string::npos) number += ".0";
  return std::string(kSigns[static_cast<std::size_t>(op)]) + number;
}

double AlarmRule::number(std::string_view name, double otherwise) const {
  const auto it = params.find(std::string(name));
  const auto* value = it == params.end() ? nullptr : std::get_if<double>(&it->second);
  return value ? *value : otherwise;
}
Millis AlarmRule::duration(std::string_view name, Millis otherwise) const {
  const auto it = params.find(std::string(name));
  const auto* value = it == params.end() ? nullptr : std::get_if<Millis>(&it->second);
  return value ? *value : otherwise;
}
std::string AlarmRule::text(std::string_view name, std::string_view otherwise) const {
  const auto it = params.find(std::string(name));
  const auto* value = it == params.end() ? nullptr : std::get_if<std::string>(&it->second);
  return value ? *value : std::string(otherwise);
}

}  // namespace mineward::pack
