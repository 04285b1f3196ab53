/// Requests and responses as plain values, and the small grammar around them. Knows no socket and no Asio.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace mineward::api {

enum class Method { get, head, post, put, patch, del, options, other };
std::string_view name_of(Method method);
Method parse_method(std::string_view text);

/// Names compare without regard to case.
using Headers = std::vector<std::pair<std::string, std::string>>;
std::string_view find_header(const Headers& headers, std::string_view name);

struct Request {
  Method method = Method::other;
  std::string target;                                      ///< as received: "/a%20b?x=1"
  std::vector<std::string> segments;                       ///< of the path, decoded: {"a b"}; "/" has none
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order
  Headers headers;
  std::string body;
  std::string address;  ///< of the client
  std::string id;       ///< for logs and error answers
  bool tls = false;     ///< the client spoke TLS to us or to the proxy in front

  std::string_view header(std::string_view name) const { return find_header(headers, name); }
  /// First value of a query parameter.
  std::optional<std::string_view> parameter(std::string_view name) const;
  /// Value of a cookie; empty if there is none.
  std::string_view cookie(std::string_view name) const;
};

/// A whole number between bounds, or `otherwise` when the query has no such parameter.
Result<std::int64_t> whole_parameter(const Request& request, std::string_view name, std::int64_t otherwise,
                                     std::int64_t least, std::int64_t most);

/// Splits and decodes `request.target` into segments and query. Refuses what is no origin form ("/..."), a
/// bad percent escape, a NUL, and text that is not UTF-8.
Status parse_target(Request& request);

/// Decodes %XX (and + as a blank when `plus`); nullopt on a bad escape.
std::optional<std::string> percent_decode(std::string_view text, bool plus = false);

struct Response {
  int status = 200;
  std::string content_type;  ///< empty = no body
  Headers headers;
  std::string body;
  std::shared_ptr<const std::string> shared_body;  ///< instead of `body`, for content kept in memory
  bool close = false;                              ///< close the connection afterwards
  std::string_view route = "other";  ///< pattern of the route, for the access log; points to static text

  std::string_view content() const {
    return shared_body ? std::string_view(*shared_body) : std::string_view(body);
  }
};

std::string_view reason_phrase(int status);

/// Status line and header fields with the empty line. `date` is an IMF-fixdate.
std::string head_of(const Response& response, bool keep_alive, std::string_view date);
/// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::int64_t utc_ms);

/// Whether an Accept-Encoding allows gzip (q=0 refuses it).
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace mineward::api
