// What the packs say, and the description of this interface.
#include "api/application.h"
#include "api/codec.h"
#include "api/reply.h"
#include "api/schema.h"

namespace mineward::api {
namespace {

/// A browser keeps it and asks each time whether it is still the one.
constexpr const char* kAskAgain = "private, no-cache";

}  // namespace

void add_catalog_routes(Router& router, Context& context) {
  using namespace schema;
  const auto page = [&](std::string pattern, std::string id, pack::Label summary, Json response,
                        Handler handler) {
    router.add({.method = Method::get,
                .pattern = std::move(pattern),
                .id = std::move(id),
                .tag = "catalog",
                .summary = std::move(summary),
                .response = std::move(response),
                .handler = std::move(handler)});
  };
  page("/api/v1/catalog", "getCatalog",
       {"台账类型、流程与字典", "Record types, workflows, dictionaries, roles"}, named("Catalog"),
       [&context](const Call& call) { return context.catalog->serve(call.request, kAskAgain); });
  page("/api/v1/packs", "listPacks", {"在用规则包", "Packs in force"}, list(anything()),
       [&context](const Call&) { return json_reply(packs_json(*context.services.catalog)); });
  page("/api/v1/packs/rules", "listRules", {"在用报警规则", "Alarm rules in force"},
       object({{"rules", list(anything())}, {"escalation", list(anything())}}),
       [&context](const Call&) { return json_reply(rules_json(*context.services.catalog)); });
  page("/api/v1/packs/limits", "listLimits", {"在用限值", "Limits in force"},
       object({{"limits", list(anything())}}),
       [&context](const Call&) { return json_reply(limits_json(*context.services.catalog)); });
  router.add(
      {.method = Method::get,
       .pattern = "/api/v1/openapi.json",
       .id = "getOpenApi",
       .tag = "catalog",
       .summary = {"接口描述", "This description"},
       .auth = Auth::open,
       .response = anything(),
       .handler = [&context](const Call& call) { return context.openapi->serve(call.request, kAskAgain); }});
}

}  // namespace mineward::api
