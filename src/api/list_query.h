/// What the query string of a list asks for: filters, words, order, page.
#pragma once

#include <string>

#include "api/http.h"
#include "base/result.h"
#include "record/record.h"

namespace mineward::api {

/// `bad_input` names the parameter that is unknown or wrong. Whether the fields exist is for the store to
/// say.
Result<record::ListQuery> list_query_of(const Request& request, std::string type);

}  // namespace mineward::api
