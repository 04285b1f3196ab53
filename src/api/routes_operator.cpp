// For those who run the node: is it alive, is it ready, what does it count.
#include <fmt/format.h>

#include <filesystem>

#include "api/application.h"
#include "api/reply.h"
#include "api/schema.h"
#include "base/metrics.h"

namespace mineward::api {

namespace {

/// One reason why the node cannot do its work, in both languages; empty = it can.
std::string fault_of(const Status& status, std::string_view in_chinese = {}) {
  if (status) return {};
  return (in_chinese.empty() ? std::string() : std::string(in_chinese) + " / ") + status.error().text();
}

/// With less room than this the node says that it is not ready: the next files may not fit.
constexpr std::uintmax_t kLeastSpace = 8u << 20;

Status room_in(const std::string& folder) {
  if (folder.empty()) return {};
  std::error_code failed;
  const auto space = std::filesystem::space(folder, failed);
  if (failed || space.available >= kLeastSpace) return {};  // a folder that cannot be asked fails elsewhere
  return unavailable(fmt::format(
      "磁盘空间不足，上传将被拒绝 / the disk is full or nearly so: {} KiB left, expected {} KiB or more; "
      "uploads are refused until there is room",
      space.available >> 10, kLeastSpace >> 10));
}

Response ready(Context& context, const Call&) {
  auto& services = context.services;
  const Status database = services.store.database().write([](db::Connection& connection) -> Status {
    const auto answer = connection.query("SELECT 1");
    if (!answer) return answer.error();
    return {};
  });
  const Status history = services.history.healthy();
  const Status space = room_in(context.options.data_folder);
  Json checks;
  checks.set("database", database ? "ok" : "fault").set("history", history ? "ok" : "fault");
  checks.set("space", space ? "ok" : "fault");
  Json::Array reasons;
  for (const auto& reason : {fault_of(database, "数据库不能写入"),
                             fault_of(history, "采样数据不能写入，上传将被拒绝"), fault_of(space)}) {
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
