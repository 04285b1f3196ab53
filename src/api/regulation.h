/// JSON of clauses, duties and pack settings, in the notation of docs/api.md.
#pragma once

#include <functional>

#include "api/application.h"
#include "api/codec.h"
#include "duty/coverage.h"
#include "duty/duty.h"

namespace mineward::api {

/// A handler that gives JSON or an error; the wrapper turns either into an answer.
using JsonHandler = Result<Json> (*)(Context&, const Call&);
Handler json_handler(Context& context, JsonHandler handler);

Json counts_json(const duty::Counts& counts);
Json rule_json(const pack::Catalog& catalog, const pack::DutyRule& rule);
/// `names` remembers titles: one for one answer.
Json duty_json(const duty::Duty& duty, RecordJson& names);
Json clause_json(const pack::Catalog& catalog, const duty::Coverage& coverage, const pack::Clause& clause);

}  // namespace mineward::api
