// Files from mines, and files that belong to records.
#include <fmt/format.h>

#include <algorithm>

#include "api/application.h"
#include "api/codec.h"
#include "api/gzip.h"
#include "api/reply.h"
#include "api/schema.h"
#include "base/text.h"

namespace mineward::api {

namespace {

Result<std::string> unpacked(const Context& context, const Request& request) {
  const std::string coding = lower_ascii(trim(request.header("content-encoding")));
  if (coding.empty() || coding == "identity") return request.body;
  if (coding == "gzip" || coding == "x-gzip") return gunzip(request.body, context.options.upload_limit);
  return bad_input(fmt::format("found '{}', expected gzip or none", coding), "Content-Encoding");
}

Status check_file_name(std::string_view name) {
  constexpr std::size_t kLongest = 200;
  if (name.empty()) return bad_input("found none, expected the name of the file", "name");
  if (name.size() > kLongest)
    return bad_input(fmt::format("found {} bytes, expected at most {}", name.size(), kLongest), "name");
  if (name.find_first_of("/\\") != std::string_view::npos)
    return bad_input(fmt::format("found '{}', expected the file name without folder", name), "name");
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(name.begin(), name.end(), is_control))
    return bad_input("found a control character, expected a name that can be printed", "name");
  return {};
}

Response upload(Context& context, const Call& call) {
  const auto name = call.request.parameter("name");
  if (const Status fits = check_file_name(name.value_or("")); !fits)
    return error_reply(fits.error(), call.request.id);
  auto bytes = unpacked(context, call.request);
  if (!bytes) return error_reply(bytes.error(), call.request.id);
  feed::Upload upload;
  upload.name = std::string(*name);
  upload.bytes = *std::move(bytes);
  upload.origin = "http:" + call.caller.actor.name;
  upload.scope = call.caller.actor.scope;
  const feed::Receipt receipt = context.services.intake.accept(upload);
  // Not on disk: anything but an error would let the sender forget the file.
  if (receipt.verdict == feed::Verdict::waiting) {
    const bool is_full = receipt.code == feed::kDiskFullCode;
    return error_reply(is_full ? disk_full(upload.name) : unavailable(receipt.message), call.request.id);
  }
  return json_reply(receipt_json(receipt), receipt.verdict == feed::Verdict::rejected ? 422 : 200);
}

Response health(Context& context, const Call& call) {
  auto mine = mine_parameter(context, call);
  if (!mine) return error_reply(mine.error(), call.request.id);
  auto feeds =
      feed::feed_health(context.services.store, call.caller.actor, context.services.clock.now(), *mine);
  if (!feeds) return error_reply(feeds.error(), call.request.id);
  RecordJson names(context.services.store, call.caller.actor);
  Json::Array rows;
  for (const auto& feed : *feeds) rows.push_back(health_json(feed, names.title("mine", feed.mine)));
  Json out;
  return json_reply(out.set("feeds", std::move(rows)));
}

Response ledger(Context& context, const Call& call) {
  feed::LedgerQuery query;
  auto mine = mine_parameter(context, call);
  if (!mine) return error_reply(mine.error(), call.request.id);
  auto limit = whole_parameter(call.request, "limit", 50, 1, 500);
  if (!limit) return error_reply(limit.error(), call.request.id);
  query.mine = *mine;
  query.file_type = std::string(call.request.parameter("file_type").value_or(""));
  query.verdict = std::string(call.request.parameter("verdict").value_or(""));
  query.limit = static_cast<int>(*limit);
  if (const auto before = call.request.parameter("before"); before && !before->empty()) {
    const auto id = parse_record_id(*before);
    if (!id) return error_reply(bad_input("expected `next` of the page before", "before"), call.request.id);
    query.before = *id;
  }
  auto found = feed::list_uploads(context.services.store, call.caller.actor, query);
  if (!found) return error_reply(found.error(), call.request.id);
  RecordJson names(context.services.store, call.caller.actor);
  Json::Array rows;
  for (const auto& row : *found) rows.push_back(ledger_json(row, names.title("mine", row.mine)));
  const bool more = static_cast<std::int64_t>(found->size()) == *limit;
  Json out;
  out.set("rows", std::move(rows));
  return json_reply(out.set("next", more ? id_json(found->back().id) : Json()));
}

Response quarantine(Context& context, const Call& call) {
  auto mine = mine_parameter(context, call);
  if (!mine) return error_reply(mine.error(), call.request.id);
  auto found = feed::list_quarantine(context.services.store, call.caller.actor, *mine);
  if (!found) return error_reply(found.error(), call.request.id);
  RecordJson names(context.services.store, call.caller.actor);
  Json::Array rows;
  for (const auto& row : *found) rows.push_back(quarantine_json(row, names.title("mine", row.mine)));
  Json out;
  return json_reply(out.set("rows", std::move(rows)));
}

Response attach(Context& context, const Call& call) {
  const auto name = call.request.parameter("name").value_or("");
  if (name.empty()) return error_reply(bad_input("expected the name of the file", "name"), call.request.id);
  auto stored = context.services.store.attach(call.caller.actor, name, call.request.body);
  if (!stored) return error_reply(stored.error(), call.request.id);
  Json out;
  out.set("sha256", stored->sha256).set("size", stored->size).set("media_type", stored->media_type);
  return json_reply(out.set("name", stored->name));
}

Response get_attachment(Context& context, const Call& call) {
  auto found = context.services.store.attachment(call.caller.actor, call.path_value("sha256"));
  if (!found) return error_reply(found.error(), call.request.id);
  auto& [file, bytes] = *found;
  const bool show = file.media_type.starts_with("image/") && file.media_type != "image/svg+xml";
  Response response;
  response.content_type = file.media_type;
  response.headers.emplace_back("Content-Disposition",
                                disposition(show ? FileUse::show : FileUse::keep, file.name));
  response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; sandbox");
  response.headers.emplace_back("Cache-Control", "private, max-age=3600");
  response.body = std::move(bytes);
  return response;
}

}  // namespace

void add_upload_routes(Router& router, Context& context) {
  using namespace schema;
  const auto bind = [&context](Response (*handler)(Context&, const Call&)) -> Handler {
    return [&context, handler](const Call& call) { return handler(context, call); };
  };
  router.add({.method = Method::post,
              .pattern = "/api/v1/upload",
              .id = "upload",
              .tag = "uploads",
              .summary = {"上传数据文件", "Upload a file of a mine"},
              .roles = {"uploader", "dispatcher", "safety_officer", "mine_manager", "county_officer",
                        "city_officer", "province_officer", "system_admin"},
              .body = BodyKind::raw,
              .lane = Lane::uploads,
              .query = {{"name", "string", "file name, as the upload standard has it", true}},
              .response = named("Receipt"),
              .handler = bind(upload)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/uploads/health",
              .id = "uploadHealth",
              .tag = "uploads",
              .summary = {"联网状态", "How each feed is doing"},
              .query = {{"mine", "string", "only this mine"}},
              .response = object({{"feeds", list(anything())}}),
              .handler = bind(health)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/uploads",
              .id = "listUploads",
              .tag = "uploads",
              .summary = {"上传台账", "Ledger of uploads"},
              .query = {{"mine", "string", "only this mine"},
                        {"file_type", "string", "such as CDSS"},
                        {"verdict", "string", "such as rejected"},
                        {"before", "string", "`next` of the page before"},
                        {"limit", "integer", "1 to 500; default 50"}},
              .response = object({{"rows", list(anything())}, {"next", maybe(schema::id())}}),
              .handler = bind(ledger)});
  router.add({.method = Method::get,
              .pattern = "/api/v1/uploads/quarantine",
              .id = "listQuarantine",
              .tag = "uploads",
              .summary = {"隔离数据", "Readings of unknown points"},
              .query = {{"mine", "string", "only this mine"}},
              .response = object({{"rows", list(anything())}}),
              .handler = bind(quarantine)});
}

void add_file_routes(Router& router, Context& context) {
  using namespace schema;
  router.add(
      {.method = Method::post,
       .pattern = "/api/v1/attachments",
       .id = "attach",
       .tag = "attachments",
       .summary = {"上传附件", "Store a file"},
       .body = BodyKind::raw,
       .body_limit = context.options.attachment_limit,
       .query = {{"name", "string", "file name", true}},
       .response = object({{"sha256", text()}, {"size", whole()}, {"media_type", text()}, {"name", text()}}),
       .handler = [&context](const Call& call) { return attach(context, call); }});
  router.add({.method = Method::get,
              .pattern = "/api/v1/attachments/{sha256}",
              .id = "getAttachment",
              .tag = "attachments",
              .summary = {"下载附件", "A stored file"},
              .response_type = "application/octet-stream",
              .handler = [&context](const Call& call) { return get_attachment(context, call); }});
}

}  // namespace mineward::api
