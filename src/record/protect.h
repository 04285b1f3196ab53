/// Inside record/: what of a protected field leaves the store, and in which form it comes in.
#pragma once

#include "record/write.h"

namespace mineward::record {

/// What stands in the place of a sealed value.
inline constexpr std::string_view kSealedMark = "******";

/// A given value of a protected field: checks the text, leaves it alone when it is what the actor was shown,
/// else seals it into the draft. Adds faults.
void take_protected(Draft&, const pack::Field&, const FieldValue& given);

/// What a protected value says, for unsealing.h only; nullopt when it does not open here.
std::optional<std::string> clear_text(const TypeModel&, const pack::Field&, RecordId, const FieldValue&);

/// For a reader: in clear for the program and for who may see it, else masked; sealed ones as kSealedMark.
void show_protected(const Actor&, const TypeModel&, Record&);
/// Sealed texts in a diff become "***".
Json hidden(const Json& diff);

}  // namespace mineward::record
