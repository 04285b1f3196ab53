// For those who run the node: is it alive, is it ready, what does it count.
#include "api/application.h"
#include "api/reply.h"
#include "api/schema.h"
#include "base/metrics.h"

namespace mineward::api {

namespace {

/// One reason why the node cannot do its work; empty = it can.
std::string fault_of(const Status& status) { return status ? std::string() : status.error().text(); }

Response ready(Context& context, const Call&) {
  auto& services = context.services;
  const Status database = services.store.database().write([](db::Connection& connection) -> Status {
    const auto answer = connection.query("SELECT 1");
    if (!answer) return answer.error();
    return {};
  });
  const Status history = services.history.healthy();
  Json checks;
  checks.set("database", database ? "ok" : "fault").set("history", history ? "ok" : "fault");
  Json::Array reasons;
  for (const auto& reason : {fault_of(database), fault_of(history)}) {
    if (!reason.empty()) reasons.emplace_back(reason);
  }
  const bool fine = reasons.empty();
  Json out;
  out.set("ready", fine).set("node", context.options.node_name).set("checks", std::move(checks));
  out.set("reasons", std::move(reasons));
  return json_reply(out, fine ? 200 : 503);
}

Response metrics(Context& context, const Call&) {
  const auto size = context.services.history.size();
  gauge("history_samples", "Samples stored").set(static_cast<std::int64_t>(size.samples));
  gauge("history_bytes", "Bytes of the sample store").set(static_cast<std::int64_t>(size.bytes));
  Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body = metrics_text();
  return response;
}

}  // namespace

void add_operator_routes(Router& router, Context& context) {
  using namespace schema;
  router.add({.method = Method::get,
              .pattern = "/healthz",
              .id = "alive",
              .tag = "operation",
              .summary = {"存活", "Alive"},
              .auth = Auth::open,
              .lane = Lane::here,
              .response = object({{"alive", boolean()}}),
              .handler = [](const Call&) { return json_text_reply(R"({"alive":true})"); }});
  router.add({.method = Method::get,
              .pattern = "/readyz",
              .id = "ready",
              .tag = "operation",
              .summary = {"就绪", "Ready, or why not"},
              .auth = Auth::open,
              .response = object({{"ready", boolean()}, {"reasons", list(text())}}),
              .handler = [&context](const Call& call) { return ready(context, call); }});
  router.add({.method = Method::get,
              .pattern = "/metrics",
              .id = "metrics",
              .tag = "operation",
              .summary = {"指标", "Metrics for Prometheus"},
              .auth = Auth::open,
              .response_type = "text/plain",
              .handler = [&context](const Call& call) { return metrics(context, call); }});
}

}  // namespace mineward::api
