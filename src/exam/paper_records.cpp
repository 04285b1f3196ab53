#include "exam/paper_records.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace mineward::exam {

using record::Fields;
using record::Refusal;

namespace {

constexpr std::array<std::string_view, 6> kOptions = {"option_a", "option_b", "option_c",
                                                      "option_d", "option_e", "option_f"};

/// How many options stand one after the other from A on; 0 when there is a gap.
std::size_t options_of(const Record& record) {
  std::size_t count = 0, last = 0;
  for (std::size_t i = 0; i < kOptions.size(); ++i) {
    if (record.text(kOptions[i]).empty()) continue;
    ++count;
    last = i + 1;
  }
  if (record.text("kind") == "judge" && count == 0) return 2;
  return count == last ? count : 0;
}

Part part_of(const Record& exam, std::string_view kind) {
  Part part;
  part.kind = kind;
  part.count = static_cast<int>(exam.number(std::string(kind) + "_count").value_or(0));
  part.points = exam.number(std::string(kind) + "_points").value_or(1);
  const double share = exam.number("hazard_share").value_or(0);
  part.on_hazards = static_cast<int>(std::ceil(part.count * share / 100));
  return part;
}

}  // namespace

const Actor& marker() {
  static const Actor actor = Actor::system("system:exams");
  return actor;
}

Actor on_behalf_of(Actor actor) {
  actor.is_system = true;
  actor.scope = {RecordId{}, true};
  return actor;
}

Refusal refused(Errc code, std::string field, std::string zh, std::string en) {
  Refusal out;
  out.error = {code, en, {}};
  out.faults.push_back({std::move(field), "rule", en, {std::move(zh), std::move(en)}});
  return out;
}

std::optional<UsableQuestion> usable(const Record& question) {
  const std::size_t options = options_of(question);
  const std::string kind = question.text("kind");
  const auto right = tidy_letters(question.text("answer"), kind, options);
  if (options < 2 || !right || right->empty()) return std::nullopt;
  UsableQuestion out;
  const auto hazard = question.fields.find("major_hazard");
  const bool* on_hazards = hazard == question.fields.end() ? nullptr : std::get_if<bool>(&hazard->second);
  out.pool = {question.id, kind, on_hazards && *on_hazards, static_cast<int>(options)};
  out.right = *right;
  return out;
}

Result<Bank> bank_of(db::Connection& c, const Record& exam, std::vector<PoolQuestion>* pool) {
  Bank bank;
  for (const auto kind : kKinds) bank.parts.push_back(part_of(exam, kind));
  MW_ASSIGN(
      const db::Rows rows,
      c.query("SELECT id, kind, major_hazard, answer, option_a, option_b, option_c, option_d, option_e, "
              "option_f FROM question WHERE state = 'in_use' AND trade = $1 AND ($2 = '' OR edition = $2)",
              {exam.text("trade"), exam.text("edition")}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Record question;
    question.id = RecordId{rows.integer(i, 0)};
    question.fields["kind"] = rows.text(i, 1);
    question.fields["major_hazard"] = rows.integer(i, 2) != 0;
    question.fields["answer"] = rows.text(i, 3);
    for (std::size_t o = 0; o < kOptions.size(); ++o)
      question.fields[std::string(kOptions[o])] = rows.text(i, 4 + o);
    ++bank.questions;
    if (auto found = usable(question)) {
      pool->push_back(std::move(found->pool));
    } else {
      ++bank.unusable;
    }
  }
  bank.shortages = shortages(bank.parts, *pool);
  return bank;
}

std::string words_of(const std::vector<Shortage>& shortages, const pack::Catalog& catalog, bool chinese) {
  std::vector<std::string> parts;
  for (const Shortage& lack : shortages) {
    const auto* kinds = catalog.dictionary("question_kind");
    const auto* kind = kinds ? kinds->entry(lack.kind) : nullptr;
    const std::string name = !kind ? lack.kind : chinese ? kind->label.zh : kind->label.en;
    parts.push_back(chinese
                        ? fmt::format("{}{}需 {} 道、题库可用 {} 道", name,
                                      lack.on_hazards ? "（重大隐患）" : "", lack.needed, lack.found)
                        : fmt::format("{}{}: {} needed, the bank has {}", name,
                                      lack.on_hazards ? " (major hazards)" : "", lack.needed, lack.found));
  }
  return fmt::format("{}", fmt::join(parts, chinese ? "；" : "; "));
}

Fields asked_fields(const Record& question, const DrawnQuestion& drawn, RecordId paper, int sequence,
                    const std::string& right) {
  Fields out{{"paper", paper},
             {"question", question.id},
             {"sequence", std::int64_t{sequence}},
             {"option_order", drawn.order},
             {"kind", question.text("kind")},
             {"stem", question.text("stem")},
             {"right_letters", right},
             {"worth", drawn.points}};
  if (const std::string basis = question.text("basis"); !basis.empty()) out["basis"] = basis;
  for (const auto name : kOptions) {
    if (const std::string text = question.text(name); !text.empty()) out[std::string(name)] = text;
  }
  return out;
}

ShownQuestion shown(const Record& answer, bool review) {
  const std::string order = answer.text("option_order");
  ShownQuestion out;
  out.sequence = static_cast<int>(answer.number("sequence").value_or(0));
  out.kind = answer.text("kind");
  out.stem = answer.text("stem");
  for (const char letter : order)
    out.options.push_back(answer.text(kOptions[static_cast<std::size_t>(letter - 'A')]));
  out.worth = answer.number("worth").value_or(0);
  out.given = to_shown(answer.text("given"), order);
  if (!review) return out;
  out.right = to_shown(answer.text("right_letters"), order);
  out.basis = answer.text("basis");
  out.correct = is_right(out.given, out.right);
  return out;
}

bool is_closed(const Record& exam) { return exam.state == "marked" || exam.state == "archived"; }

bool is_over(const Record& paper, ArrivalTime now) {
  const auto due = paper.time("due_at");
  return due && now.utc_ms > due->utc_ms;
}

Record stripped(const pack::Catalog& catalog, Record record) {
  if (const auto* type = catalog.record_type(record.type)) {
    for (const auto& field : type->fields) {
      if (field.secret) record.fields.erase(field.name);
    }
  }
  return record;
}

}  // namespace mineward::exam
