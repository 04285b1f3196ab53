#include "api/reply.h"

#include <cctype>

#include "base/files.h"
#include "base/log.h"

namespace mineward::api {

namespace {

/// Until a fault of disk or database is worth another try.
constexpr Millis kRetryAfterFault{5000};

}  // namespace

Response json_reply(const Json& body, int status) { return json_text_reply(body.dump(), status); }

Response json_text_reply(std::string json, int status) {
  Response response;
  response.status = status;
  response.content_type = "application/json; charset=utf-8";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body = std::move(json);
  return response;
}

std::string disposition(FileUse use, std::string_view name, std::string_view plain) {
  std::string ascii, encoded;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool safe = byte < 0x80 && (std::isalnum(byte) || c == '.' || c == '-' || c == '_');
    ascii += safe ? c : '_';
    encoded += safe ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  const std::string_view shown = plain.empty() ? std::string_view(ascii) : plain;
  std::string out = fmt::format("{}; filename=\"{}\"", use == FileUse::show ? "inline" : "attachment", shown);
  if (shown != name) out += "; filename*=UTF-8''" + encoded;
  return out;
}

Response file_reply(std::string content_type, std::string_view name, std::string bytes,
                    std::string_view plain, FileUse use) {
  Response response;
  response.content_type = std::move(content_type);
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Content-Disposition", disposition(use, name, plain));
  response.body = std::move(bytes);
  return response;
}

int status_of(Errc code) {
  switch (code) {
    case Errc::bad_input: return 400;
    case Errc::unauthenticated: return 401;
    case Errc::forbidden: return 403;
    case Errc::not_found: return 404;
    case Errc::conflict: return 409;
    case Errc::too_large: return 413;
    case Errc::unavailable: return 503;
    case Errc::corrupt:
    case Errc::internal: return 500;
  }
  return 500;
}

Response error_reply(const ErrorBody& error, const std::string& request) {
  Json inner;
  inner.set("code", error.code).set("message", error.message);
  Json::Array faults;
  for (const auto& fault : error.faults) {
    Json f;
    f.set("field", fault.field).set("code", fault.code).set("message", fault.message);
    if (!fault.words.zh.empty())
      f.set("words", Json(Json::Object{{"zh", fault.words.zh}, {"en", fault.words.en}}));
    faults.push_back(std::move(f));
  }
  inner.set("faults", std::move(faults));
  if (!error.current.is_null()) inner.set("current", error.current);
  const std::int64_t wait_s = (error.retry_after.count() + 999) / 1000;
  if (wait_s > 0) inner.set("retry_after", wait_s);
  inner.set("request", request);
  Json body;
  body.set("error", std::move(inner));
  Response response = json_reply(body, error.status);
  if (wait_s > 0) response.headers.emplace_back("Retry-After", std::to_string(wait_s));
  return response;
}

Response error_reply(const Error& error, const std::string& request) {
  const int status = status_of(error.code);
  std::string code(name_of(error.code)), message = error.text();
  if (status >= 500) {
    log_error("request_failed", {{"request", request}, {"code", code}, {"error", message}});
    message = status == 503                 ? "the server cannot do this now"
              : error.code == Errc::corrupt ? "the server found damaged data; see its log"
                                            : "the server made a mistake; see its log";
  }
  if (is_disk_full(error)) {  // in both languages: the log of a machine that uploads is read by people
    code = "disk_full";
    message =
        "服务器磁盘已满，本次内容未写入，请保留并稍后重发 / the server's disk is full; nothing of this was "
        "written: keep it and send it again later";
  }
  const Millis retry_after = status == 503 ? kRetryAfterFault : Millis{};
  return error_reply(ErrorBody{status, std::move(code), std::move(message), {}, {}, retry_after}, request);
}

Response error_reply(const record::Refusal& refusal, Json current, const std::string& request) {
  const int status = status_of(refusal.error.code);
  if (status >= 500) return error_reply(refusal.error, request);
  return error_reply(ErrorBody{status,
                               std::string(name_of(refusal.error.code)),
                               refusal.error.text(),
                               refusal.faults,
                               std::move(current),
                               {}},
                     request);
}

void add_security_headers(Response& response, bool tls) {
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "same-origin");
  if (find_header(response.headers, "Content-Security-Policy").empty()) {
    // Element Plus and ECharts set style attributes; scripts come from files of our own only.
    response.headers.emplace_back(
        "Content-Security-Policy",
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  }
  response.headers.emplace_back("X-Frame-Options", "DENY");
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.emplace_back("Permissions-Policy", "camera=(self), geolocation=(), microphone=()");
  if (tls) response.headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace mineward::api
