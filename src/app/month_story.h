/// What happens in the management of the example region, month after month, as data (examples/month.yaml).
///
/// A story says who enters which record when, which steps follow, and what goes wrong on purpose; the trips
/// underground are told as times and places, out of which position files are made. demo_month.h plays it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/simulator_region.h"
#include "base/time.h"
#include "pack/catalog.h"

namespace mineward::app {

/// The value of a field, as the story writes it: a text, a list of texts of which the seed picks one, or
///   {day} {day+10} {day-1}    the day of the event
///   {time} {time+90 min}      its planned time (a late entry keeps it)
///   {2..5}                    a whole number that the seed picks
///   {mine} {person 矿长}       the mine; the first of its people with that post or work type
///   {account safety_officer}  somebody of the mine with that role, or the account of that name
///   {region 990000}           the region with that code
///   {last inspection}         the newest record of that type at this mine, or by this body; unset if none
///   {photo}                   the example photo
///   {own organisation}        the organisation of who enters it
struct StoryValue {
  enum class Kind { text, pick, day, time, number, mine, person, account, region, last, photo, own };
  Kind kind = Kind::text;
  std::string text;                  ///< text; what a person, account, region or record is asked for by
  std::vector<std::string> choices;  ///< pick
  int days = 0;                      ///< day
  Millis shift{0};                   ///< time
  std::int64_t from = 0, to = 0;     ///< number
  int line = 0;
};
using StoryFields = std::map<std::string, StoryValue>;

/// On which days, and when. Days count within months; month 1 is the one in which the play begins.
struct Schedule {
  enum class Every { once, day, week, month } every = Every::once;
  std::vector<std::pair<int, int>> dates;  ///< once: month and day
  std::set<int> weekdays;                  ///< week: 1 = Monday .. 7
  std::set<int> days;                      ///< month: 1..31; 0 = its last day
  int times_from = 0, times_to = 0;        ///< month: so often, on days that the seed picks; 0 = `days` says
  Millis at{0};                            ///< after midnight
  Millis within{0};                        ///< up to so much later, as the seed picks
};

struct StoryStep {
  std::string step;       ///< transition
  bool sign = false;      ///< a signature of a step that waits for it, not the step itself
  pack::Conditions when;  ///< only if the record is like this then; else the story goes on with the next step
  std::string by;         ///< role at the mine, or account
  Millis after{0};        ///< since the event before it
  double share = 1;       ///< in so many cases the story goes on with it; else it ends here
  std::string reason;
  StoryFields fields;
  int line = 0;
};

/// What is different on one day of one mine.
struct StoryException {
  std::string mine;  ///< name; empty = no mine, for what belongs to none
  int month = 0, day = 0;
  bool skipped = false;
  Millis late{0};               ///< entered so much later; its planned time stays
  std::vector<StoryStep> then;  ///< further steps
  int line = 0;
};

/// A record that is entered again and again, with the steps that follow.
struct Routine {
  std::string name, record, by;
  std::vector<std::string> mines;  ///< names; empty = belongs to no mine
  Schedule when;
  StoryFields fields;
  std::vector<StoryStep> steps;
  std::vector<StoryException> exceptions;
  double skipped_share = 0, late_share = 0;  ///< chance, except at exact mines
  Millis late{0};
  int line = 0;
};

/// Going underground, told by position files.
struct TripPlan {
  std::string name;
  std::string who;  ///< post or work type
  int nth = 1;      ///< which of them
  std::vector<std::string> mines;
  Schedule when;                           ///< going down
  Millis lasts{0}, lasts_to{0};            ///< the seed picks between the two
  std::string area;                        ///< where he goes; empty = to the shaft station only
  Millis area_after{0};                    ///< there so much after going down
  std::optional<Millis> area_lasts;        ///< and so long; none = until half an hour before he comes up
  std::vector<StoryException> exceptions;  ///< skipped only
  int line = 0;
};

struct MonthStory {
  std::string file;
  std::set<std::string> exact;  ///< names of the mines at which nothing is left to chance
  std::vector<Routine> routines;
  std::vector<TripPlan> trips;
  std::string photo;  ///< bytes of the picture that stands for every photo; the caller reads it
};

struct StoryOutcome {
  MonthStory story;
  std::vector<std::string> mistakes;  ///< "file:line: found ..., expected ..."; the story counts if empty
};
/// Reads a story and checks it against those who act in it (region) and what they write (catalog).
StoryOutcome parse_month(std::string_view yaml, const std::string& file, const Region&, const pack::Catalog&);

}  // namespace mineward::app
