/// Right or wrong, points and the mark. Plain arithmetic in whole tenths of a point, so that nobody fails by
/// a rounding.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace mineward::exam {

/// The letters of an answer in order and once each ("CAC" -> "AC"); nullopt when one is not among the first
/// `options` letters, or when a kind other than multiple has more than one.
std::optional<std::string> tidy_letters(std::string_view given, std::string_view kind, std::size_t options);

/// Letters as the candidate sees them into letters of the bank, and back. `order` as in DrawnQuestion; the
/// letters are tidy.
std::string to_bank(std::string_view shown, std::string_view order);
std::string to_shown(std::string_view bank, std::string_view order);

/// All right options and no other. An empty answer is wrong.
bool is_right(std::string_view given, std::string_view right);

struct MarkedAnswer {
  double worth = 0;
  bool correct = false;
};
struct Mark {
  double points = 0, total = 0;
  double score = 0;  ///< of 100, one decimal, cut off and never rounded up
  bool passed = false;
};
/// `pass_mark` of 100; reaching it is passing. Without any worth nothing is passed.
Mark mark_of(std::span<const MarkedAnswer> answers, double pass_mark);

/// An answer as statistics need it.
struct CountedAnswer {
  RecordId question;
  std::string kind, stem;
  std::string right, given;  ///< letters of the bank
  bool correct = false;
};
struct QuestionFigures {
  RecordId question;
  std::string kind, stem, right;
  int asked = 0, answered = 0, correct = 0;
  std::vector<std::pair<std::string, int>> given;  ///< each answer that was given and how often, most first
};
/// One row a question, the least known first.
std::vector<QuestionFigures> figures_of(std::span<const CountedAnswer> answers);

}  // namespace mineward::exam
