#include "app/simulator_mine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mineward::app {
namespace {

constexpr const char* kFace = "1101采煤工作面";
constexpr const char* kHeading = "1102掘进工作面";
constexpr const char* kMain = "主要巷道";

std::uint64_t mix(std::uint64_t x) {  // splitmix64
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

double rounded(double value, int decimals) {
  const double scale = decimals == 0 ? 1 : decimals == 1 ? 10 : 100;
  return std::round(value * scale) / scale;
}

/// Minutes since midnight in Beijing.
std::int64_t minute_of_day(EventTime at) {
  return (at.utc_ms - start_of_day_ms(china_date(at.utc_ms))) / 60000;
}

/// Coal is cut in the two production shifts, in runs of ten minutes; the night shift maintains.
bool cutting(std::uint64_t seed, EventTime at) {
  if (minute_of_day(at) < 8 * 60) return false;
  return hash_unit(seed, static_cast<std::uint64_t>(floor_div(at.utc_ms, 600000)), 7) < 0.55;
}

/// Collects the points of a mine under construction.
class PointList {
 public:
  explicit PointList(SimMine& mine) : mine_(mine) {}

  /// `sensor_type` also gives the code; `limits` = {alarm, cut} for what is limited upwards.
  PointDefinition& analog(const char* tag, Shape shape, const char* type, const char* type_name,
                          const char* unit, int decimals, std::string place, double base, double swing) {
    SimPoint& p = add(tag, shape, type, type_name, "MN", std::move(place));
    p.base = base;
    p.swing = swing;
    p.def.unit = unit;
    p.def.decimals = decimals;
    return p.def;
  }
  void methane(const char* tag, std::string place, double base, double alarm, std::optional<double> cut) {
    PointDefinition& d =
        analog(tag, Shape::methane, "0001", "环境瓦斯", "%CH4", 2, std::move(place), base, base * 0.3);
    d.range_high = 4;
    d.range_low = 0;
    d.alarm_high = alarm;
    d.alarm_clear = alarm;
    d.cut = cut;
    if (cut) d.restore = std::min(alarm, *cut);
  }
  void co(const char* tag, std::string place) {
    PointDefinition& d = analog(tag, Shape::co, "0004", "一氧化碳", "ppm", 0, std::move(place), 5, 3);
    d.range_high = 500;
    d.range_low = 0;
    d.alarm_high = 24;
    d.alarm_clear = 24;
  }
  void temperature(const char* tag, std::string place, double base) {
    PointDefinition& d = analog(tag, Shape::temperature, "0003", "温度", "℃", 1, std::move(place), base, 1.5);
    d.range_high = 100;
    d.range_low = 0;
    d.alarm_high = 26;
    d.alarm_clear = 26;
  }
  void wind(const char* tag, std::string place, double base, double high) {
    PointDefinition& d =
        analog(tag, Shape::wind, "0002", "风速", "m/s", 1, std::move(place), base, base * 0.15);
    d.range_high = 15;
    d.range_low = 0;
    d.alarm_high = high;
    d.alarm_clear = high;
    d.alarm_low = 0.25;
    d.alarm_low_clear = 0.25;
  }
  void on_off(const char* tag, Shape shape, const char* type, const char* type_name, const char* on,
              const char* off, std::string place) {
    PointDefinition& d = add(tag, shape, type, type_name, "KG", std::move(place)).def;
    d.on_text = on;
    d.off_text = off;
  }

 private:
  SimPoint& add(const char* tag, Shape shape, const char* type, const char* type_name, const char* value_type,
                std::string place) {
    const int number = static_cast<int>(mine_.points.size()) + 1;
    const std::string_view area = tag;
    const std::size_t station = area.starts_with("face") ? 0 : area.starts_with("heading") ? 1 : 2;
    SimPoint p;
    p.tag = tag;
    p.shape = shape;
    p.def.code = fmt::format("{}01{}{}{:03}", mine_.name.code, value_type, type, number);
    p.def.station = mine_.stations[station];
    p.def.sensor_type = type;
    p.def.type_name = type_name;
    p.def.value_type = value_type;
    p.def.place = std::move(place);
    mine_.points.push_back(std::move(p));
    return mine_.points.back();
  }
  SimMine& mine_;
};

/// "description&working area&standard role".
std::string at(const char* area, const char* what, const char* role) {
  return fmt::format("{}{}&{}&{}", area == std::string_view(kMain) ? "" : area, what, area, role);
}

void add_face(PointList& list) {
  list.methane("face.T0", at(kFace, "回风隅角甲烷T0", "采煤工作面回风隅角T0"), 0.45, 1.0, 1.5);
  list.methane("face.T1", at(kFace, "甲烷T1", "采煤工作面T1"), 0.35, 1.0, 1.5);
  list.methane("face.T2", at(kFace, "回风巷甲烷T2", "采煤工作面回风巷T2"), 0.40, 1.0, 1.0);
  list.co("face.CO", at(kFace, "回风巷一氧化碳", ""));
  list.temperature("face.temperature", at(kFace, "温度", ""), 22);
  list.wind("face.wind", at(kFace, "风速", "采煤工作面"), 1.6, 4);
  list.on_off("face.machine", Shape::cutting, "1004", "设备开停", "开", "停", at(kFace, "采煤机开停", ""));
  list.on_off("face.breaker", Shape::always_on, "1009", "断电器", "复电", "断电", at(kFace, "断电器", ""));
  list.on_off("face.feed", Shape::always_on, "1015", "馈电", "有电", "无电", at(kFace, "馈电状态", ""));
}

void add_heading(PointList& list) {
  list.methane("heading.T1", at(kHeading, "甲烷T1", "掘进工作面T1"), 0.25, 1.0, 1.5);
  list.methane("heading.T2", at(kHeading, "回风流甲烷T2", "掘进工作面回风流T2"), 0.28, 1.0, 1.0);
  list.co("heading.CO", at(kHeading, "回风流一氧化碳", ""));
  list.temperature("heading.temperature", at(kHeading, "温度", ""), 21);
  list.wind("heading.wind", at(kHeading, "风速", "掘进工作面"), 0.8, 4);
  list.on_off("heading.fan", Shape::always_on, "1001", "局部通风机", "开", "停",
              at(kHeading, "局部通风机主机", ""));
  list.on_off("heading.fan2", Shape::always_off, "1001", "局部通风机", "开", "停",
              at(kHeading, "局部通风机备机", ""));
  list.on_off("heading.duct", Shape::always_on, "1003", "风筒状态", "有风", "无风", at(kHeading, "风筒", ""));
  list.on_off("heading.machine", Shape::cutting, "1004", "设备开停", "开", "停",
              at(kHeading, "掘进机开停", ""));
  list.on_off("heading.breaker", Shape::always_on, "1009", "断电器", "复电", "断电",
              at(kHeading, "断电器", ""));
  list.on_off("heading.feed", Shape::always_on, "1015", "馈电", "有电", "无电", at(kHeading, "馈电状态", ""));
}

void add_main(PointList& list) {
  list.methane("main.return", at(kMain, "总回风巷甲烷", "总回风巷"), 0.20, 0.75, std::nullopt);
  list.methane("main.bunker", at(kMain, "井下煤仓上方甲烷", "井下煤仓上方"), 0.18, 1.5, 1.5);
  list.wind("main.wind", at(kMain, "总回风巷风速", "主要进回风巷"), 4.2, 8);
  list.co("main.belt_CO", at(kMain, "主运带式输送机滚筒下风侧一氧化碳", ""));
  list.on_off("main.smoke", Shape::always_off, "1008", "烟雾", "有烟", "无烟",
              at(kMain, "主运带式输送机烟雾", ""));
  list.on_off("main.belt", Shape::cutting, "1004", "设备开停", "开", "停",
              at(kMain, "主运带式输送机开停", ""));
  list.on_off("main.fan", Shape::always_on, "1010", "主要通风机", "开", "停", at(kMain, "主要通风机1号", ""));
  list.on_off("main.fan2", Shape::always_off, "1010", "主要通风机", "开", "停",
              at(kMain, "主要通风机2号", ""));
  PointDefinition& p = list.analog("main.pressure", Shape::pressure, "0006", "负压", "Pa", 0,
                                   at(kMain, "主要通风机风硐负压", ""), 2100, 60);
  p.range_high = 5000;
  p.range_low = 0;
  list.on_off("main.door1", Shape::door, "1002", "风门", "关", "开", at(kMain, "回风联络巷1号风门", ""));
  list.on_off("main.door2", Shape::door, "1002", "风门", "关", "开", at(kMain, "回风联络巷2号风门", ""));
}

/// gas sensor -> breaker -> feed sensor, of a face or a heading.
void relate(SimMine& mine, const std::string& area) {
  const auto find = [&](const char* what) {
    const auto it = std::find_if(mine.points.begin(), mine.points.end(),
                                 [&](const SimPoint& p) { return p.tag == area + what; });
    return it->def.code;
  };
  const std::string breaker = find(".breaker"), feed = find(".feed");
  for (SimPoint& p : mine.points) {
    if (!p.tag.starts_with(area + ".")) continue;
    if (p.def.cut || p.tag == area + ".fan") p.def.relation = fmt::format("D-{}-断电器", breaker);
    if (p.def.code == breaker) p.def.relation = fmt::format("K-{}-馈电状态", feed);
  }
}

double methane_value(const SimMine& mine, const SimPoint& point, std::uint64_t seed, EventTime t) {
  // The whole mine breathes slowly together; the face gives more gas while coal is cut; each sensor has noise
  // of its own.
  const double slow = 0.6 * smooth_noise(seed, t, 47min) + 0.4 * smooth_noise(mine.seed, t, 170min);
  const double quick = 0.15 * smooth_noise(seed + 1, t, 4min) +
                       0.05 * (2 * hash_unit(seed, static_cast<std::uint64_t>(t.utc_ms)) - 1);
  const double production = minute_of_day(t) >= 8 * 60 ? 0.25 : -0.15;
  return std::max(0.02, point.base + point.swing * (slow + quick + production));
}

}  // namespace

const char* const kFaceName = kFace;
const char* const kHeadingName = kHeading;
const char* const kStationPlaces[3] = {"1101采煤工作面配电点", "1102掘进工作面配电点", "井底中央变电所"};

const SimPoint* SimMine::point(std::string_view tag) const {
  for (const SimPoint& p : points) {
    if (p.tag == tag) return &p;
  }
  return nullptr;
}

SimMine make_sim_mine(const MineName& name, std::uint64_t seed) {
  SimMine mine;
  mine.name = name;
  mine.seed = mix(seed ^ hash_text(name.code));
  for (int i = 1; i <= 3; ++i) mine.stations.push_back(fmt::format("{}{:05}", name.code, i));
  mine.points.reserve(40);
  PointList list(mine);
  add_face(list);
  add_heading(list);
  add_main(list);
  relate(mine, "face");
  relate(mine, "heading");
  return mine;
}

double natural_value(const SimMine& mine, const SimPoint& point, EventTime t) {
  const std::uint64_t seed = mine.seed ^ hash_text(point.tag);
  const auto tick = static_cast<std::uint64_t>(t.utc_ms);
  const double wander = 0.7 * smooth_noise(seed, t, 90min) + 0.2 * smooth_noise(seed + 1, t, 6min) +
                        0.1 * (2 * hash_unit(seed, tick) - 1);
  switch (point.shape) {
    case Shape::methane: return rounded(methane_value(mine, point, seed, t), point.def.decimals);
    case Shape::co:
    case Shape::temperature:
    case Shape::wind:
    case Shape::pressure:
      return rounded(std::max(0.0, point.base + point.swing * wander), point.def.decimals);
    case Shape::always_on: return 1;
    case Shape::always_off: return 0;
    case Shape::cutting: return cutting(mine.seed, t) ? 1 : 0;
    // A door stands open now and then for one tick; never both, because their ticks are told apart by parity.
    case Shape::door: {
      const bool mine_turn = (tick / 30000 + (point.tag.back() == '1' ? 1 : 0)) % 2 == 0;
      return mine_turn && hash_unit(seed, tick, 3) < 0.03 ? 0 : 1;
    }
  }
  return 0;
}

double hash_unit(std::uint64_t seed, std::uint64_t a, std::uint64_t b) {
  return static_cast<double>(mix(mix(mix(seed) ^ a) ^ (b * 0xD6E8FEB86659FD93ull)) >> 11) * 0x1.0p-53;
}

std::uint64_t hash_text(std::string_view text) {
  std::uint64_t h = 1469598103934665603ull;  // FNV-1a
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return h;
}

double smooth_noise(std::uint64_t seed, EventTime at, Millis period) {
  const std::int64_t cell = floor_div(at.utc_ms, period.count());
  const double x =
      static_cast<double>(at.utc_ms - cell * period.count()) / static_cast<double>(period.count());
  const auto knot = [&](std::int64_t c) {
    return 2 * hash_unit(seed, static_cast<std::uint64_t>(c), 11) - 1;
  };
  const double s = x * x * (3 - 2 * x);
  return knot(cell) * (1 - s) + knot(cell + 1) * s;
}

}  // namespace mineward::app
