#include "app/month_trips.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/month_schedule.h"
#include "app/simulator_mine.h"
#include "app/simulator_people.h"

namespace mineward::app {
namespace {

constexpr Millis kTold = 1min;     ///< a position file comes so much after what it tells
constexpr Millis kShown = 5min;    ///< who has left stays in the files so long
constexpr Millis kWayUp = 30min;   ///< from the place of work to the mouth, where the story does not say
constexpr Millis kTransport = 2s;  ///< from the header's time to the arrival

struct Trip {
  const SimPerson* person = nullptr;
  EventTime entered{}, left{};
  std::optional<std::size_t> area;  ///< index into the crew's areas
  EventTime area_since{}, area_until{};
};

/// Where somebody on the trip is; nothing before and long after it.
std::optional<SimPosition> position_on(const Trip& trip, EventTime at) {
  if (at < trip.entered || at >= trip.left + kShown) return std::nullopt;
  SimPosition p{trip.person, 1, trip.entered, {}, kBottom, trip.entered, false};
  if (at >= trip.left) {
    p.flag = 2;
    p.left = trip.left;
    p.area = kMouth;
    p.area_since = trip.left;
  } else if (trip.area && at >= trip.area_until) {
    p.area = kHaulage;
    p.area_since = trip.area_until;
  } else if (trip.area && at >= trip.area_since) {
    p.area = *trip.area;
    p.area_since = trip.area_since;
  }
  return p;
}

Result<const SimPerson*> find_person(const SimCrew& crew, const TripPlan& plan) {
  int seen = 0;
  for (const SimPerson& p : crew.people) {
    if ((p.post == plan.who || p.work_type == plan.who) && ++seen == plan.nth) return &p;
  }
  return not_found(fmt::format("found {} people of post or work type \"{}\" at {}, expected at least {}",
                               seen, plan.who, crew.mine.name, plan.nth));
}

Result<std::optional<std::size_t>> find_area(const SimCrew& crew, const std::string& name) {
  if (name.empty()) return std::optional<std::size_t>{};
  for (std::size_t i = 0; i < crew.areas.size(); ++i) {
    if (crew.areas[i].name == name) return std::optional(i);
  }
  return not_found(fmt::format("found no area \"{}\" at {}", name, crew.mine.name));
}

Result<std::vector<Trip>> trips_of(const MonthStory& story, const SimCrew& crew, ArrivalTime from,
                                   ArrivalTime to, std::uint64_t seed) {
  std::vector<Trip> out;
  for (const TripPlan& plan : story.trips) {
    if (std::find(plan.mines.begin(), plan.mines.end(), crew.mine.name) == plan.mines.end()) continue;
    const std::string place = fmt::format("{}:{}", story.file, plan.line);
    auto person = find_person(crew, plan);
    if (!person) return std::move(person).error().in(place);
    auto area = find_area(crew, plan.area);
    if (!area) return std::move(area).error().in(place);
    const std::uint64_t own = seed ^ hash_text(plan.name + crew.mine.code);
    const auto all = occasions(plan.when, own, from, to);
    MW_TRY(exceptions_met(story.file, plan.exceptions, crew.mine.name, all, from, to));
    for (const Occasion& occasion : all) {
      const StoryException* e = exception_of(plan.exceptions, crew.mine.name, occasion);
      if (e && e->skipped) continue;
      const double longer = hash_unit(own, static_cast<std::uint64_t>(occasion.at.utc_ms));
      const auto span = static_cast<double>((plan.lasts_to - plan.lasts).count());
      Trip trip{*person, occasion.at, {}, *area, {}, {}};
      trip.left = occasion.at + plan.lasts + Millis(static_cast<std::int64_t>(longer * span) / 60000 * 60000);
      trip.area_since = occasion.at + plan.area_after;
      trip.area_until = plan.area_lasts ? trip.area_since + *plan.area_lasts : trip.left - kWayUp;
      if (trip.left.utc_ms + kShown.count() < to.utc_ms) out.push_back(trip);
    }
  }
  return out;
}

/// One file for each moment at which there is something to tell, with everybody who is underground then.
void add_position_files(const SimCrew& crew, const std::vector<Trip>& trips, std::vector<UploadFile>& out) {
  std::set<EventTime> moments;
  for (const Trip& trip : trips) {
    moments.insert(trip.entered + kTold);
    if (trip.area) {
      moments.insert(trip.area_since + kTold);
      moments.insert(trip.area_until + kTold);
    }
    moments.insert(trip.left + kTold);
  }
  for (const EventTime at : moments) {
    std::vector<std::string> records;
    for (const Trip& trip : trips) {
      if (const auto position = position_on(trip, at)) records.push_back(ryss_record(crew, *position, at));
    }
    out.push_back({ArrivalTime{at.utc_ms} + kTransport, upload_name(crew.mine.code, "RYSS", at),
                   upload_text(plain_header(crew.mine, at), records)});
  }
}

}  // namespace

Result<std::vector<UploadFile>> trip_files(const MonthStory& story, const Region& region, ArrivalTime from,
                                           ArrivalTime to, std::uint64_t seed) {
  std::vector<UploadFile> out;
  for (const MineRow& mine : region.mines) {
    const SimCrew crew = make_sim_crew({mine.code, mine.name}, seed, region.people);
    const EventTime begin{from.utc_ms};
    out.push_back(ryxx_file(crew, begin));
    out.push_back(ryqy_file(crew, begin));
    out.push_back(ryjz_file(crew, begin));
    MW_ASSIGN(const auto trips, trips_of(story, crew, from, to, seed));
    add_position_files(crew, trips, out);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const UploadFile& a, const UploadFile& b) { return a.sent < b.sent; });
  return out;
}

}  // namespace mineward::app
