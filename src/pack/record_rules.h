/// What a record type may say beyond its columns: who signs, what runs against the clock, what may be made of
/// it, what must hold, what is worked out.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pack/basics.h"

namespace mineward::pack {

/// One stage of a step that several people make together, in the order of the stages.
struct Signature {
  std::string name;
  Label label;
  std::vector<std::string> roles;
  int count = 1;  ///< so many different people; nobody signs twice for one step
};

/// How long something may take: "24 hours", "7 working days", "90 days", "3 months", "1 years"; "0 days" is
/// on the day itself.
struct TimeLimit {
  enum class Unit { hours, working_days, days, months, years };
  int count = 0;
  Unit unit = Unit::days;
  friend bool operator==(const TimeLimit&, const TimeLimit&) = default;
};
/// nullopt for anything else.
std::optional<TimeLimit> parse_time_limit(std::string_view text);
std::string text_of(const TimeLimit& limit);

/// A time limit that runs for one record from an event of its own. Judged by record/clock.h.
struct ClockRule {
  std::string name;
  Label label;
  std::string starts;  ///< date or instant field; unset = it does not run yet
  TimeLimit limit;
  bool before = false;  ///< counts back from `starts`: what must be done so long before a day
  std::string ends;     ///< date or instant field; set = done then. Empty: over only by `ends_in`.
  std::vector<std::string> ends_in;    ///< states in which it is over without a judgement
  std::vector<std::string> pauses_in;  ///< states in which it stands still
  std::string extended_by;             ///< integer field: so many more units
  bool last_day_moves = false;         ///< a last day off moves to the next working day
  bool reminder = false;               ///< nobody owes it: past its day it is over, never late
  std::vector<std::string> owed_by;    ///< roles that are reminded
  Conditions when;                     ///< only records like this
  Source source;
  Place place;
};

/// What may be made of a record with one press; a link both ways is kept.
struct Raise {
  std::string name;
  std::string record;  ///< type that is made
  Label label;
  std::map<std::string, std::string> sets;  ///< field there -> field here, or "=literal"
  std::vector<std::string> roles;           ///< empty = who may create the other one
  std::vector<std::string> in;              ///< states; empty = any
  /// Reference field there: one record may be made for every record that it can name, like `each_when`.
  /// Empty: one is made.
  std::string each;
  Conditions each_when;
  Place place;
};

/// What a step writes into another record that this one names, in the same transaction.
struct Effect {
  std::string of;  ///< reference field here
  std::map<std::string, std::string>
      sets;         ///< field there -> field here, "=literal" (or =today, =now, =me), unset
  Conditions when;  ///< only if this record is like this
  Place place;
};

/// When a record is closed for good: nothing new may name it, but for what the systems in `except` keep.
struct Closing {
  Conditions when;  ///< empty: it never is
  Label label;      ///< what people read at the field
  std::vector<std::string> except;
};

/// What must hold whenever a record is stored.
struct RecordRule {
  enum class Rule {
    order,       ///< `fields` (dates or instants, those that are set) do not fall
    one_of,      ///< at least one of `fields` is set
    sum_within,  ///< the sum of `fields` is at most `field`
    single,      ///< at most one living record like `when` for each value of `per`
    not_past,    ///< `field` is not before the day of entry
    not_future,  ///< none of `fields` lies after the moment of entry; a date not after its day
    needs,       ///< a living `record` like `alike` stands there, its `match` fields equal to those here
    within,      ///< `field` lies between the outputs `least` and `most` of a table
    same,        ///< those of `paths` that are set lead to the same value
  };
  Rule rule = Rule::order;
  std::vector<std::string> fields, per;
  std::vector<std::string> paths;  ///< for same: "id", a field, or a field of what references lead to
  std::string field, table, on, least, most;
  std::map<std::string, std::string> from;  ///< table input -> field
  Conditions when;
  std::string record, until;                 ///< for needs; `until`: a date there that must not be over
  std::map<std::string, std::string> match;  ///< for needs: field there -> field here, or id
  Conditions alike;                          ///< for needs: what the other one must be like
  bool where_there_is_a_row = false;         ///< for within: a case without a row passes; else it is refused
  Label label;                               ///< what people read at the field
  Place place;
};

/// A field that is worked out whenever a record is stored.
struct Compute {
  enum class Rule {
    decide,      ///< outputs of a table
    product,     ///< of numbers, or of the number in a column of the codes
    sum,         ///< likewise
    difference,  ///< first minus second; of two dates: days
    quotient,    ///< first divided by second, times `times`; unset when the second is 0
    date_after,  ///< a date so long after another
    total,  ///< of `add` over the records of another type that match, as they are when this one or one of
            ///< them is stored; nothing counts as 0. Without `add`: how many they are.
  };
  Rule rule = Rule::decide;
  std::string table, on;
  std::map<std::string, std::string> from;  ///< table input -> field
  std::map<std::string, std::string>
      gives;                     ///< table output -> field; for date_after: key is the output with months
  std::string row, provisional;  ///< fields that keep the row's id, and whether the answer is a lower bound
  std::vector<std::string> of;
  std::string column;  ///< column of a dictionary that holds the number of a code
  std::string into;
  int plus_days = 0, plus_months = 0;
  double times = 1;
  std::string record;                        ///< for total: type that is summed
  std::map<std::string, std::string> match;  ///< for total: field there -> field here, or id
  Conditions when;                           ///< for total: which of them count
  std::string add;                           ///< for total: number there
  std::string at, since, until;  ///< for total: date or time there; those here between which it lies, both
                                 ///< inclusive, unset = open
  Place place;
};

/// How a record that was entered by mistake is withdrawn. It stays, with the reason in the change log.
enum class Withdrawal {
  declared,  ///< by a step or field of its pack
  flag,      ///< its pack has none, nor a workflow: the reader gave it the field `withdrawn`
  step,  ///< its pack has none: the reader gave its workflow the state `withdrawn` and the step `withdraw`
  none,  ///< not at all
};
/// Names that the reader gives.
inline constexpr std::string_view kWithdrawn = "withdrawn", kWithdraw = "withdraw";

}  // namespace mineward::pack
