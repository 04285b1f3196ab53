#include "duty/coverage.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace mineward::duty {
namespace {

struct Tally {
  int all = 0, carried = 0, recorded = 0;
};

/// Columns on a terminal: a Chinese character takes two.
std::string padded(std::string text, std::size_t width) {
  std::size_t used = 0;
  for (const char32_t c : to_code_points(text)) used += c >= 0x1100 ? 2 : 1;
  if (used < width) text += std::string(width - used, ' ');
  return text;
}

std::string line(const std::string& code, const std::string& name, const Tally& t) {
  return fmt::format("{} {:>5} {:>8} {:>9} {:>12}  {}\n", padded(code, 10), t.all, t.carried, t.recorded,
                     t.all - t.carried - t.recorded, name);
}

/// What each of the forty systems keeps: its record types, and those of them that move through a flow.
std::string systems_text(const pack::Catalog& catalog) {
  std::string out = fmt::format("{} {:>7} {:>6} {:>7}  records (* moves through a flow)\n",
                                padded("system", 10), "records", "flows", "clauses");
  const pack::Dictionary* systems = catalog.dictionary("system");
  const Coverage coverage(catalog);
  int empty = 0;
  for (const auto& entry : systems ? systems->entries : std::vector<pack::DictionaryEntry>{}) {
    std::vector<std::string> names;
    int flows = 0, kept = 0;
    for (const auto& type : catalog.record_types) {
      if (type.system != entry.code) continue;
      names.push_back(type.name + (type.workflow.empty() ? "" : "*"));
      flows += type.workflow.empty() ? 0 : 1;
    }
    for (const auto& clause : catalog.clauses)
      kept += clause.system == entry.code && (coverage.carried(clause.id) || coverage.recorded(clause.id))
                  ? 1
                  : 0;
    empty += names.empty() ? 1 : 0;
    out += fmt::format("{} {:>7} {:>6} {:>7}  {}: {}\n", padded(entry.code, 10), names.size(), flows, kept,
                       entry.label.zh, join(names, ", "));
  }
  return out + fmt::format("systems without records: {}\n", empty);
}

}  // namespace

std::string_view name_of(Carrier::What what) {
  switch (what) {
    case Carrier::What::duty: return "duty";
    case Carrier::What::form: return "form";
    case Carrier::What::alarm_rule: return "alarm_rule";
    case Carrier::What::limit: return "limit";
    case Carrier::What::workflow: return "workflow";
    case Carrier::What::table: return "table";
    case Carrier::What::record: return "record";
  }
  return "";
}

Coverage::Coverage(const pack::Catalog& catalog) {
  using What = Carrier::What;
  for (const auto& rule : catalog.duties) {
    add(rule.clause, {What::duty, rule.id, rule.label});
    for (const auto& climb : rule.climbs) add(climb.source, {What::duty, rule.id, rule.label});
  }
  for (const auto& form : catalog.forms) {
    add(form.clause, {What::form, form.name, form.label});
    for (const auto& column : form.columns) add(column.source, {What::form, form.name, form.label});
  }
  for (const auto& rule : catalog.alarm_rules) add(rule.source, {What::alarm_rule, rule.id, rule.label});
  for (const auto& limit : catalog.limits) add(limit.source, {What::limit, limit.id, limit.where});
  for (const auto& flow : catalog.workflows) {
    add(flow.source, {What::workflow, flow.name, flow.label});
    for (const auto& step : flow.transitions) add(step.source, {What::workflow, flow.name, flow.label});
    for (const auto& clock : flow.clocks) add(clock.source, {What::workflow, flow.name, flow.label});
  }
  for (const auto& table : catalog.tables) {
    for (const auto& row : table.rows) add(row.source, {What::table, table.name, table.label});
  }
  for (const auto& type : catalog.record_types) {
    for (const auto& field : type.fields) add(field.source, {What::record, type.name, type.label});
  }
  for (const auto& dictionary : catalog.dictionaries) {
    for (const auto& entry : dictionary.entries)
      add(entry.source, {What::record, dictionary.name, dictionary.label});
  }
}

void Coverage::add(const pack::Source& source, Carrier carrier) { add(source.clause, std::move(carrier)); }

void Coverage::add(const std::string& clause, Carrier carrier) {
  if (clause.empty()) return;
  auto& carriers = carriers_[clause];
  const bool there = std::any_of(carriers.begin(), carriers.end(), [&](const Carrier& c) {
    return c.what == carrier.what && c.name == carrier.name;
  });
  if (!there) carriers.push_back(std::move(carrier));
}

const std::vector<Carrier>& Coverage::of(const std::string& clause) const {
  static const std::vector<Carrier> kNone;
  const auto found = carriers_.find(clause);
  return found == carriers_.end() ? kNone : found->second;
}

bool Coverage::carried(const std::string& clause) const {
  const auto& carriers = of(clause);
  return std::any_of(carriers.begin(), carriers.end(),
                     [](const Carrier& c) { return c.what != Carrier::What::record; });
}

std::string coverage_text(const pack::Catalog& catalog) {
  const Coverage coverage(catalog);
  std::map<std::string, Tally> by_document, by_system;
  Tally all;
  for (const auto& clause : catalog.clauses) {
    for (Tally* tally : {&by_document[clause.document], &by_system[clause.system], &all}) {
      ++tally->all;
      if (coverage.carried(clause.id)) ++tally->carried;
      if (coverage.recorded(clause.id)) ++tally->recorded;
    }
  }
  std::string out = fmt::format("{} {:>5} {:>8} {:>9} {:>12}\n", padded("document", 10), "all", "carried",
                                "recorded", "not carried");
  for (const auto& document : catalog.documents)
    out += line(document.id, document.title.zh, by_document[document.id]);
  out += fmt::format("\n{} {:>5} {:>8} {:>9} {:>12}\n", padded("system", 10), "all", "carried", "recorded",
                     "not carried");
  if (const pack::Dictionary* systems = catalog.dictionary("system")) {
    for (const auto& entry : systems->entries)
      out += line(entry.code, entry.label.zh + " / " + entry.label.en, by_system[entry.code]);
  }
  out += "\n" + line("together", "", all) + "\n" + systems_text(catalog) + "\ncarried clauses\n";
  for (const auto& clause : catalog.clauses) {
    if (!coverage.carried(clause.id)) continue;
    std::vector<std::string> by;
    for (const auto& carrier : coverage.of(clause.id))
      by.push_back(fmt::format("{} {}", name_of(carrier.what), carrier.name));
    out += padded(clause.id, 18) + padded(clause.text.zh, 44) + join(by, ", ") + "\n";
  }
  return out;
}

}  // namespace mineward::duty
