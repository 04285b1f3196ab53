/// What the query string of a list asks for: filters, words, order, page.
#pragma once

#include <string>

#include "api/http.h"
#include "base/result.h"
#include "record/record.h"

namespace mineward::api {

/// `bad_input` names the parameter that is wrong. Which parameters there are is for the table of routes to
/// say, whether the fields exist for the store.
Result<record::ListQuery> list_query_of(const Request& request, std::string type);

}  // namespace mineward::api
