/// One simulated mine: its points and the values they show when nothing is wrong. Pure functions of seed and
/// time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/simulator_format.h"

namespace mineward::app {

/// What a point measures, which decides the shape of its curve.
enum class Shape { methane, co, temperature, wind, pressure, always_on, always_off, cutting, door };

struct SimPoint {
  std::string tag;  ///< how incidents name it: "face.T1", "heading.fan"
  PointDefinition def;
  Shape shape = Shape::methane;
  double base = 0;   ///< unit of the point
  double swing = 0;  ///< largest slow departure from base, to either side
};

struct SimMine {
  MineName name;
  std::uint64_t seed = 0;
  std::vector<SimPoint> points;
  std::vector<std::string> stations;  ///< codes; station i has the place kStationPlaces[i]
  const SimPoint* point(std::string_view tag) const;
};

extern const char* const kFaceName;
extern const char* const kHeadingName;
extern const char* const kStationPlaces[3];

/// A coal face, a heading and the main ways, with about thirty points.
SimMine make_sim_mine(const MineName& name, std::uint64_t seed);

/// The undisturbed value, rounded to the resolution of the sensor; switches give 0 or 1.
double natural_value(const SimMine& mine, const SimPoint& point, EventTime at);

/// A number in [0, 1) that depends on nothing but its arguments.
double hash_unit(std::uint64_t seed, std::uint64_t a, std::uint64_t b = 0);
std::uint64_t hash_text(std::string_view text);
/// A curve in [-1, 1] without jumps, that wanders over about `period`.
double smooth_noise(std::uint64_t seed, EventTime at, Millis period);

}  // namespace mineward::app
