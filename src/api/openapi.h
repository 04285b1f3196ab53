/// The OpenAPI 3.1 document, made from the route table and the record types of the packs.
#pragma once

#include "api/router.h"

namespace mineward::api {

Json openapi_document(const Router& router, const pack::Catalog& catalog, const std::string& node_name);

}  // namespace mineward::api
