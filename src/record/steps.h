/// Inside record/: what can be told of a step before it is taken.
#pragma once

#include "record/model.h"

namespace mineward::record {

/// Whether a condition of the step (`when`) fails on a field that neither the step itself, nor what is worked
/// out from what it carries, could change: it would be refused whatever is given with it. False when in
/// doubt.
bool cannot_be_met(const TypeModel&, const pack::Transition&, const Record&);

}  // namespace mineward::record
