/// The one place where errors become HTTP answers, and where JSON answers are made.
#pragma once

#include <string_view>

#include "api/http.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "record/record.h"

namespace mineward::api {

Response json_reply(const Json& body, int status = 200);
/// `json` is ready text.
Response json_text_reply(std::string json, int status = 200);
/// Media type of a workbook (Office Open XML).
inline constexpr std::string_view kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// What a browser does with a file: keeps it under its name, or shows it.
enum class FileUse { keep, show };
/// The value of Content-Disposition (RFC 6266). `plain` is the name for clients that know ASCII only; empty:
/// `name` with "_" for everything else.
std::string disposition(FileUse use, std::string_view name, std::string_view plain = {});
/// A file of a name in UTF-8; no cache keeps it.
Response file_reply(std::string content_type, std::string_view name, std::string bytes,
                    std::string_view plain = {}, FileUse use = FileUse::keep);

/// 400, 401, 403, 404, 409, 413, 503; `corrupt` and `internal` are 500.
int status_of(Errc code);

struct ErrorBody {
  int status = 400;
  std::string code;     ///< a label key: "conflict", "bad_credentials"
  std::string message;  ///< English, for engineers
  std::vector<record::FieldFault> faults;
  Json current;          ///< null = none
  Millis retry_after{};  ///< when another try is worth it; in whole seconds, as a member and as Retry-After;
                         ///< 0 = not said
};
/// `{"error": {...}}`.
Response error_reply(const ErrorBody& error, const std::string& request);
/// Server-side faults (`unavailable`, `corrupt`, `internal`) are logged here with the request id, and their
/// text is kept from the client.
Response error_reply(const Error& error, const std::string& request);
/// `current` is the JSON of Refusal::current, made by the caller, who knows the labels.
Response error_reply(const record::Refusal& refusal, Json current, const std::string& request);

/// Cache-Control: no-store and the headers that every answer carries.
void add_security_headers(Response& response, bool tls);

}  // namespace mineward::api
