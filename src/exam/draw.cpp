#include "exam/draw.h"

#include <algorithm>
#include <cassert>
#include <random>
#include <utility>

namespace mineward::exam {
namespace {

/// Numbers that are the same on every platform: the standard fixes the engine, but not its distributions.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  /// 0 to `bound` - 1, each equally likely.
  std::size_t below(std::size_t bound) {
    const std::uint64_t unfair =
        UINT64_MAX - UINT64_MAX % bound;  // from here on the first would come too often
    std::uint64_t number = engine_();
    while (number >= unfair) number = engine_();
    return static_cast<std::size_t>(number % bound);
  }

  template <class List>
  void mix(List& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[below(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

int count_of(const std::vector<PoolQuestion>& pool, std::string_view kind, bool only_hazards) {
  return static_cast<int>(std::count_if(pool.begin(), pool.end(), [&](const PoolQuestion& q) {
    return q.kind == kind && (!only_hazards || q.major_hazard);
  }));
}

void sort_by_id(std::vector<PoolQuestion>& list) {
  std::sort(list.begin(), list.end(),
            [](const PoolQuestion& a, const PoolQuestion& b) { return a.id < b.id; });
}

/// Moves `count` questions that fit out of `from`, at random.
template <class Fits>
void take(std::vector<PoolQuestion>& from, int count, std::vector<PoolQuestion>& into, Dice& dice,
          Fits fits) {
  std::vector<PoolQuestion> fitting, rest;
  for (auto& question : from) (fits(question) ? fitting : rest).push_back(std::move(question));
  sort_by_id(fitting);
  const auto wanted = static_cast<std::size_t>(count);
  assert(wanted <= fitting.size() && "the pool suffices");
  for (std::size_t i = 0; i < wanted; ++i) std::swap(fitting[i], fitting[i + dice.below(fitting.size() - i)]);
  const auto end = fitting.begin() + count;
  into.insert(into.end(), fitting.begin(), end);
  rest.insert(rest.end(), end, fitting.end());
  from = std::move(rest);
}

std::string order_of(const PoolQuestion& question, Dice& dice) {
  std::string order;
  for (int i = 0; i < question.options; ++i) order += static_cast<char>('A' + i);
  if (question.kind != "judge") dice.mix(order);
  return order;
}

}  // namespace

std::vector<Shortage> shortages(const std::vector<Part>& parts, const std::vector<PoolQuestion>& pool) {
  std::vector<Shortage> out;
  for (const Part& part : parts) {
    if (const int found = count_of(pool, part.kind, false); found < part.count)
      out.push_back({part.kind, false, part.count, found});
    if (const int found = count_of(pool, part.kind, true); found < part.on_hazards)
      out.push_back({part.kind, true, part.on_hazards, found});
  }
  return out;
}

std::vector<DrawnQuestion> draw(const std::vector<Part>& parts, std::vector<PoolQuestion> pool,
                                std::uint64_t seed) {
  Dice dice(seed);
  std::vector<DrawnQuestion> out;
  for (const Part& part : parts) {
    std::vector<PoolQuestion> kind, chosen;
    std::copy_if(pool.begin(), pool.end(), std::back_inserter(kind),
                 [&](const PoolQuestion& q) { return q.kind == part.kind; });
    take(kind, part.on_hazards, chosen, dice, [](const PoolQuestion& q) { return q.major_hazard; });
    take(kind, part.count - part.on_hazards, chosen, dice, [](const PoolQuestion&) { return true; });
    dice.mix(chosen);
    for (const PoolQuestion& question : chosen)
      out.push_back({question.id, part.points, order_of(question, dice)});
  }
  return out;
}

}  // namespace mineward::exam
