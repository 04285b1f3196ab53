/// Opening sealed fields. Nobody opens them alone: one person asks and says why (Writer::ask_to_unseal makes
/// a record of type `sealed_opening`), another person agrees by the flow of that type, then the one who asked
/// may look (Writer::unseal) until the time that the pack gives is over. Who may ask, who may agree, and for
/// how long, say the packs: `access.create`, the roles of the step that leads to `open`, and the table that
/// the type's `minutes` are worked out from. docs/packs.md, "Opening sealed fields".
#pragma once

#include <optional>

#include "record/record.h"

namespace mineward::record {

inline constexpr std::string_view kOpeningType = "sealed_opening";
inline constexpr std::string_view kOpenState = "open";

/// When the time of an agreed opening is over; nullopt while nobody has agreed or no time is set.
std::optional<EventTime> open_until(const Record& opening);

}  // namespace mineward::record
