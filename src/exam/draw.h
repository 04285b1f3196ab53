/// Which questions a candidate gets, and in which order. Follows from the pool and the seed alone, so that a
/// draw can be repeated by whoever doubts it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace mineward::exam {

/// Codes of the dictionary question_kind.
inline constexpr std::string_view kKinds[] = {"single", "multiple", "judge"};

/// One kind of question in an examination.
struct Part {
  std::string kind;    ///< of kKinds
  int count = 0;       ///< questions of it
  double points = 0;   ///< for each, tenths at the finest
  int on_hazards = 0;  ///< at least so many of them are about major hazards; at most `count`
};

/// A question that may be drawn.
struct PoolQuestion {
  RecordId id;
  std::string kind;
  bool major_hazard = false;
  int options = 0;  ///< 2 to 6; those of `judge` are never shuffled
};

struct DrawnQuestion {
  RecordId id;
  double points = 0;
  std::string order;  ///< "CADB": which option of the bank stands first, second ... before this candidate
};

/// What the bank lacks for a part.
struct Shortage {
  std::string kind;
  bool on_hazards = false;  ///< it lacks questions about major hazards
  int needed = 0, found = 0;
};
std::vector<Shortage> shortages(const std::vector<Part>&, const std::vector<PoolQuestion>&);

/// Draws without replacement; every question of the pool is equally likely within its part. The parts follow
/// one another as given, their questions are mixed. The order of the pool does not matter. The pool must
/// suffice (shortages() is empty).
std::vector<DrawnQuestion> draw(const std::vector<Part>&, std::vector<PoolQuestion> pool, std::uint64_t seed);

}  // namespace mineward::exam
