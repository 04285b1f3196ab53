/// Every sentence that the watch leaves in a record or in the change log, in one place: Chinese, then
/// English.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/time.h"
#include "pack/catalog.h"

namespace mineward::watch {

/// One sentence in both languages. Built from parts, the parts of a language stay together.
struct Said {
  std::string zh, en;
  bool empty() const { return zh.empty(); }
  /// "zh / en"; empty when nothing was said.
  std::string text() const { return empty() ? std::string() : zh + " / " + en; }
  /// Adds a further part: "；" and "; ".
  Said& and_also(const Said& more);
};

/// The description of a composed place "description&working area&standard name"; without one, the working
/// area.
std::string short_place(std::string_view place, std::string_view working_area);
/// "5 分钟": the units of format_duration().
std::string duration_zh(Millis);

namespace wording {

// Reasons in the change log.
Said unanswered(Millis after, std::string_view to_level, const pack::Source&);
Said cleared();
Said regraded(pack::Grade from, pack::Grade to);
Said peak_rose();
Said made_of_alarm(const std::string& number);
Said hazard_made_by(const std::string& name);

// Where a limit comes from.
Said own_definition(EventTime from);  ///< 0 = since always
Said own_stay_limit();
Said mine_quota();
Said area_quota();

// Gas.
Said samples_over(std::int64_t n, const std::string& limit, const std::string& unit, EventTime since);
Said people_there(int n);
Said late_data_end();
Said no_reading(const std::string& code, EventTime since);
Said still_on(bool feed, const std::string& code, double value, EventTime at, Millis after);
Said fan_runs();
Said fan_stopped(EventTime since, const std::string& code, double from, double to, const std::string& unit,
                 Millis in);
Said by_blasting();
Said not_by_blasting();
Said keeps_rising();
Said above(double limit, const std::string& unit);
Said peak_and_limit(double peak, const std::string& unit, const std::string& limit);

// Honest readings.
Said flat(double low, double high, const std::string& unit, EventTime since, double samples);
Said moves_again();
Said calibration_not_approved();
Said calibration_longer(Millis);
Said calibration_after_high(Millis after, double share);
Said calibration_of_month(int number);
Said pulse(double spike, const std::string& unit, EventTime at, double then);
Said point_removed();
Said breaker_removed(const std::string& code);
Said limit_loosened(const pack::Label& field, const std::string& from, const std::string& to);
enum class Limit { alarm, low_alarm, cut, restore };
Said looser_than_floor(Limit, std::optional<double> mine, const std::string& floor);

// People, silence, tailings.
Said underground_since(EventTime);
Said people_over_quota(int people, int quota);
Said in_restricted_area(const std::string& card, const std::string& area);
Said calls_for_help(const std::string& card);
Said runs_while(const std::string& place, const pack::Label& status);
Said people_while(std::size_t people, const pack::Label& status);
Said nobody_by_file();
Said fan_on(const std::string& place);
Said load_on(const std::string& place);
Said gas_varies(const std::string& place);
Said no_file(const std::string& system, ArrivalTime since);
Said counts(bool of_items, const std::array<int, 4>& blue_to_red);

}  // namespace wording
}  // namespace mineward::watch
