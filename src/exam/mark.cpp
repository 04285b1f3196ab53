#include "exam/mark.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace mineward::exam {
namespace {

std::int64_t tenths(double points) { return std::llround(points * 10); }

}  // namespace

std::optional<std::string> tidy_letters(std::string_view given, std::string_view kind, std::size_t options) {
  std::string letters(given);
  std::sort(letters.begin(), letters.end());
  letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
  if (kind != "multiple" && letters.size() > 1) return std::nullopt;
  for (const char c : letters) {
    if (c < 'A' || static_cast<std::size_t>(c - 'A') >= options) return std::nullopt;
  }
  return letters;
}

std::string to_bank(std::string_view shown, std::string_view order) {
  std::string out;
  for (const char c : shown) out += order[static_cast<std::size_t>(c - 'A')];
  std::sort(out.begin(), out.end());
  return out;
}

std::string to_shown(std::string_view bank, std::string_view order) {
  std::string out;
  for (const char c : bank) {
    if (const auto at = order.find(c); at != std::string_view::npos) out += static_cast<char>('A' + at);
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool is_right(std::string_view given, std::string_view right) { return !given.empty() && given == right; }

Mark mark_of(std::span<const MarkedAnswer> answers, double pass_mark) {
  std::int64_t got = 0, total = 0;
  for (const MarkedAnswer& answer : answers) {
    total += tenths(answer.worth);
    if (answer.correct) got += tenths(answer.worth);
  }
  Mark mark;
  mark.points = static_cast<double>(got) / 10;
  mark.total = static_cast<double>(total) / 10;
  if (total == 0) return mark;
  mark.score = static_cast<double>(1000 * got / total) / 10;
  mark.passed = 1000 * got >= tenths(pass_mark) * total;
  return mark;
}

std::vector<QuestionFigures> figures_of(std::span<const CountedAnswer> answers) {
  std::map<RecordId, QuestionFigures> rows;
  std::map<RecordId, std::map<std::string, int>> given;
  for (const CountedAnswer& answer : answers) {
    QuestionFigures& row = rows[answer.question];
    row.question = answer.question;
    row.kind = answer.kind;
    row.stem = answer.stem;
    row.right = answer.right;
    ++row.asked;
    row.correct += answer.correct ? 1 : 0;
    if (answer.given.empty()) continue;
    ++row.answered;
    ++given[answer.question][answer.given];
  }
  std::vector<QuestionFigures> out;
  for (auto& [id, row] : rows) {
    row.given.assign(given[id].begin(), given[id].end());
    std::stable_sort(row.given.begin(), row.given.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    out.push_back(std::move(row));
  }
  std::stable_sort(out.begin(), out.end(), [](const QuestionFigures& a, const QuestionFigures& b) {
    return static_cast<std::int64_t>(a.correct) * b.asked < static_cast<std::int64_t>(b.correct) * a.asked;
  });
  return out;
}

}  // namespace mineward::exam
