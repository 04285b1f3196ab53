/// Who supervises the supervisors: what a regulator let slip, by regulator and by the officer who had it
/// last.
///
/// What counts is data: each entry of the dictionary `supervision_matter` is one matter (alarms nobody
/// answered, overdue rechecks, late publications ...), told by its extra columns:
///   clocks   "type.clock type.clock ..." that have run out; "*" = every other clock that only regulators owe
///   records  a record type, with `states` "a b ..." (empty: all that are not final), `set` a field that must
///   be set,
///            `since` the field from which it waits, `days` for how long nothing was done with it
/// A matter belongs to the record's `authority`, else to the nearest regulator above its owner.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "duty/regulators.h"

namespace mineward::duty {

using record::Actor;

/// One thing that a regulator let slip.
struct Lapse {
  std::string matter;  ///< code in the dictionary
  std::string type;
  RecordId id;
  RecordId regulator;
  std::string officer;  ///< account name of who of the regulator changed the record last; empty: nobody there
  std::string clock;    ///< that ran out; empty: it merely waits
  std::int64_t since = 0;  ///< UTC ms: when it ran out, or from when it waits
};

inline constexpr std::string_view kNobody = "-";

struct SupervisionQuery {
  RecordId under;       ///< 0 = the whole scope; else regulators at or below this organisation
  std::string matter;   ///< empty = all
  RecordId regulator;   ///< 0 = all
  std::string officer;  ///< account name; empty = all; kNobody = what lies with nobody in particular
};

struct Supervision {
  std::vector<Regulator> regulators;   ///< every one in the scope, also one without a lapse
  std::vector<Lapse> lapses;           ///< longest first
  std::vector<std::string> matters;    ///< codes that the actor may look at
  std::vector<std::string> cut_short;  ///< matters with more than kMostLapses
};
inline constexpr int kMostLapses = 5'000;

/// Everything within the scope of the actor, of types that he may read. `not_found` for an organisation
/// outside it.
Result<Supervision> supervise(record::Store&, const Actor&, const SupervisionQuery&, ArrivalTime now);

}  // namespace mineward::duty
