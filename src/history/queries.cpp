#include "history/queries.h"

#include <algorithm>
#include <set>

namespace mineward::history {
namespace {

constexpr std::int64_t kFarthest = std::int64_t{1} << 52;  // ms; keeps arithmetic on times from overflowing

std::int64_t floor_to(std::int64_t t, std::int64_t width) {
  const std::int64_t rest = t % width;
  return t - (rest < 0 ? rest + width : rest);
}

// Part of a sorted span, by time.
std::span<const Sample> between(std::span<const Sample> samples, std::int64_t from_ms, std::int64_t to_ms) {
  const auto before = [](const Sample& s, std::int64_t t) { return s.at.utc_ms < t; };
  const auto first = std::lower_bound(samples.begin(), samples.end(), from_ms, before);
  const auto last = std::lower_bound(first, samples.end(), to_ms, before);
  return {first, last};
}

// One bucket while it is filled, in any order.
struct Filling {
  Bucket bucket;
  double sum = 0;
  std::int64_t last_at = std::numeric_limits<std::int64_t>::min();

  void add(std::uint32_t count, double min, double max, double part_sum, double last, std::int64_t at) {
    bucket.min = bucket.count == 0 ? min : std::min(bucket.min, min);
    bucket.max = bucket.count == 0 ? max : std::max(bucket.max, max);
    bucket.count += count;
    sum += part_sum;
    if (at < last_at) return;
    last_at = at;
    bucket.last = last;
  }
};

class Filler {
 public:
  Filler(std::int64_t from_ms, std::int64_t to_ms, std::int64_t width)
      : from_ms_(from_ms), to_ms_(to_ms), width_(width) {}
  void add(const Sample& s) {
    Filling& f = at(s.at.utc_ms);
    f.bucket.states |= s.state;
    if (s.value) f.add(1, *s.value, *s.value, *s.value, *s.value, s.at.utc_ms);
  }
  void add(std::span<const Sample> samples) {
    for (const Sample& s : between(samples, from_ms_, to_ms_)) add(s);
  }
  /// Whether the whole block falls into one bucket that is asked for.
  bool holds(const BlockHead& head) const {
    return head.first.utc_ms >= from_ms_ && head.last.utc_ms < to_ms_ &&
           floor_to(head.first.utc_ms, width_) == floor_to(head.last.utc_ms, width_);
  }
  void add(const BlockHead& head) {
    Filling& f = at(head.first.utc_ms);
    f.bucket.states |= head.states;
    if (head.valued > 0) f.add(head.valued, head.min, head.max, head.sum, head.last_value, head.last.utc_ms);
  }
  void add(std::int64_t day, const Slot& slot) {
    const std::int64_t start = day * kDayMs + slot.index * kSlotMs;
    if (start < from_ms_ || start >= to_ms_) return;
    Filling& f = at(start);
    f.bucket.states |= slot.states;
    if (slot.count > 0) f.add(slot.count, slot.min, slot.max, slot.sum, slot.last, start);
  }
  std::vector<Bucket> take() {
    std::vector<Bucket> out;
    for (auto& [start, f] : fillings_) {
      f.bucket.from = {start};
      if (f.bucket.count > 0) f.bucket.mean = f.sum / f.bucket.count;
      out.push_back(f.bucket);
    }
    return out;
  }

 private:
  Filling& at(std::int64_t t) {
    const std::int64_t start = floor_to(t, width_);
    if (!current_ || start != current_start_) current_ = &fillings_[start];
    current_start_ = start;
    return *current_;
  }
  const std::int64_t from_ms_, to_ms_, width_;
  std::map<std::int64_t, Filling> fillings_;
  Filling* current_ = nullptr;  // a map's nodes stay where they are
  std::int64_t current_start_ = 0;
};

}  // namespace

Status Queries::each_day(PointKey point, Span span, const EachDay& each) const {
  // Memory before files: what leaves memory meanwhile is in the files by then.
  MW_ASSIGN(auto layers, heads_.layers(point, span.from_ms, span.to_ms));
  const std::vector<Sample> unwritten = overlay(std::move(layers));
  std::set<std::int64_t> days;
  for (const std::int64_t day : blocks_.days()) {
    if (day >= day_of(span.from_ms) && day <= day_of(span.to_ms - 1)) days.insert(day);
  }
  for (const Sample& s : unwritten) days.insert(days.end(), day_of(s.at.utc_ms));
  for (const std::int64_t day : days) {
    MW_TRY(each(day, between(unwritten, day * kDayMs, (day + 1) * kDayMs)));
  }
  return {};
}

Result<std::vector<Sample>> Queries::day_samples(std::int64_t day, PointKey point, Span span,
                                                 std::span<const Sample> unwritten) const {
  std::vector<Sample> stored;
  MW_TRY(blocks_.read(day, point, span.from_ms, span.to_ms,
                      [&](const BlockHead&, std::string_view bytes) -> Status {
                        auto head = decode_block(bytes, stored);
                        return head ? Status{} : Status(std::move(head).error().in(blocks_.path_of(day)));
                      }));
  std::erase_if(stored,
                [&](const Sample& s) { return s.at.utc_ms < span.from_ms || s.at.utc_ms >= span.to_ms; });
  if (unwritten.empty()) return stored;
  std::vector<std::vector<Sample>> parts;
  parts.push_back(std::move(stored));
  parts.emplace_back(unwritten.begin(), unwritten.end());
  return overlay(std::move(parts));
}

Result<std::vector<Sample>> Queries::range(PointKey point, EventTime from, EventTime to,
                                           std::size_t limit) const {
  const Span span{std::max(from.utc_ms, -kFarthest), std::min(to.utc_ms, kFarthest)};
  std::vector<Sample> out;
  if (span.from_ms >= span.to_ms) return out;
  MW_TRY(each_day(point, span, [&](std::int64_t day, std::span<const Sample> unwritten) -> Status {
    if (out.size() >= limit) return {};
    MW_ASSIGN(const auto samples, day_samples(day, point, span, unwritten));
    const std::size_t take = std::min(samples.size(), limit - out.size());
    out.insert(out.end(), samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(take));
    return {};
  }));
  return out;
}

Result<std::vector<Bucket>> Queries::buckets(PointKey point, EventTime from, EventTime to,
                                             Millis width) const {
  if (width.count() <= 0) return bad_input("bucket width must be more than 0 ms");
  const std::int64_t w = std::min(width.count(), kFarthest);
  const Span span{floor_to(std::max(from.utc_ms, -kFarthest), w), std::min(to.utc_ms, kFarthest)};
  if (from >= to || span.from_ms >= span.to_ms) return std::vector<Bucket>{};
  Filler filler(span.from_ms, span.to_ms, w);
  std::set<std::int64_t> raw_days;
  MW_TRY(each_day(point, span, [&](std::int64_t day, std::span<const Sample> unwritten) -> Status {
    raw_days.insert(day);
    MW_TRY(blocks_.read(
        day, point, span.from_ms, span.to_ms, [&](const BlockHead& head, std::string_view bytes) -> Status {
          const auto newer = between(unwritten, head.first.utc_ms, head.last.utc_ms + 1);
          if (newer.empty() && filler.holds(head)) {
            filler.add(head);
            return {};
          }
          std::vector<std::vector<Sample>> parts(1);
          if (auto h = decode_block(bytes, parts[0]); !h)
            return std::move(h).error().in(blocks_.path_of(day));
          filler.add(between(unwritten, std::numeric_limits<std::int64_t>::min(), head.first.utc_ms));
          parts.emplace_back(newer.begin(), newer.end());
          filler.add(overlay(std::move(parts)));
          unwritten = between(unwritten, head.last.utc_ms + 1, std::numeric_limits<std::int64_t>::max());
          return {};
        }));
    filler.add(unwritten);
    return {};
  }));
  MW_TRY(statistics_.read(point, day_of(span.from_ms), day_of(span.to_ms - 1),
                          [&](std::int64_t day, std::span<const Slot> slots) {
                            if (raw_days.contains(day)) return Status{};
                            for (const Slot& slot : slots) filler.add(day, slot);
                            return Status{};
                          }));
  return filler.take();
}

Result<std::vector<Gap>> Queries::gaps(PointKey point, EventTime from, EventTime to,
                                       Millis longer_than) const {
  const Span span{std::max(from.utc_ms, -kFarthest), std::min(to.utc_ms, kFarthest)};
  std::vector<Gap> out;
  if (span.from_ms >= span.to_ms) return out;
  std::vector<std::pair<std::int64_t, std::int64_t>> heard;  // spans with samples: first, last
  std::set<std::int64_t> raw_days;
  MW_TRY(each_day(point, span, [&](std::int64_t day, std::span<const Sample> unwritten) -> Status {
    raw_days.insert(day);
    MW_ASSIGN(const auto samples, day_samples(day, point, span, unwritten));
    for (const Sample& s : samples) {
      const bool near = !heard.empty() && s.at.utc_ms - heard.back().second <= longer_than.count();
      if (near) {
        heard.back().second = s.at.utc_ms;
      } else {
        heard.emplace_back(s.at.utc_ms, s.at.utc_ms);
      }
    }
    return {};
  }));
  MW_TRY(statistics_.read(point, day_of(span.from_ms), day_of(span.to_ms - 1),
                          [&](std::int64_t day, std::span<const Slot> slots) {
                            if (raw_days.contains(day)) return Status{};
                            for (const Slot& slot : slots) {
                              const std::int64_t start = day * kDayMs + slot.index * kSlotMs;
                              heard.emplace_back(start, start + kSlotMs);
                            }
                            return Status{};
                          }));
  std::sort(heard.begin(), heard.end());
  std::int64_t last = span.from_ms;
  for (const auto& [first, end] : heard) {
    if (first - last > longer_than.count()) out.push_back({{last}, {std::min(first, span.to_ms)}});
    last = std::max(last, end);
  }
  if (span.to_ms - last > longer_than.count()) out.push_back({{last}, {span.to_ms}});
  return out;
}

}  // namespace mineward::history
