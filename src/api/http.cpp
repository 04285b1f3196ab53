#include "api/http.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

#include "base/text.h"

namespace mineward::api {

namespace {

constexpr std::array<std::pair<Method, std::string_view>, 7> kMethods = {{{Method::get, "GET"},
                                                                          {Method::head, "HEAD"},
                                                                          {Method::post, "POST"},
                                                                          {Method::put, "PUT"},
                                                                          {Method::patch, "PATCH"},
                                                                          {Method::del, "DELETE"},
                                                                          {Method::options, "OPTIONS"}}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<std::string> decode_part(std::string_view text, bool plus) {
  auto decoded = percent_decode(text, plus);
  if (!decoded) return bad_input(fmt::format("bad percent escape in '{}'", as_utf8(text)), "request target");
  if (decoded->find('\0') != std::string::npos) return bad_input("found a NUL", "request target");
  if (!is_utf8(*decoded)) return bad_input("the text is not UTF-8", "request target");
  return *std::move(decoded);
}

}  // namespace

std::string_view name_of(Method method) {
  for (const auto& [m, name] : kMethods) {
    if (m == method) return name;
  }
  return "OTHER";
}

Method parse_method(std::string_view text) {
  for (const auto& [m, name] : kMethods) {
    if (name == text) return m;
  }
  return Method::other;
}

std::string_view find_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return {};
}

std::optional<std::string_view> Request::parameter(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string_view Request::cookie(std::string_view name) const {
  for (std::string_view part : split(header("cookie"), ';')) {
    part = trim(part);
    const auto equals = part.find('=');
    if (equals != std::string_view::npos && part.substr(0, equals) == name) return part.substr(equals + 1);
  }
  return {};
}

std::optional<std::string> percent_decode(std::string_view text, bool plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus) {
      out += ' ';
    } else if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

Result<std::int64_t> whole_parameter(const Request& request, std::string_view name, std::int64_t otherwise,
                                     std::int64_t least, std::int64_t most) {
  const auto text = request.parameter(name);
  if (!text || text->empty()) return otherwise;
  const auto value = parse_integer(*text);
  if (!value || *value < least || *value > most) {
    return bad_input(fmt::format("found '{}', expected a whole number from {} to {}", *text, least, most),
                     std::string(name));
  }
  return *value;
}

Status parse_target(Request& request) {
  std::string_view target = request.target;
  if (target.empty() || target[0] != '/') {
    return bad_input(fmt::format("found '{}', expected a path that begins with /", as_utf8(target)),
                     "request target");
  }
  target = target.substr(0, target.find('#'));
  const auto mark = target.find('?');
  const std::string_view path = target.substr(1, mark == std::string_view::npos ? mark : mark - 1);
  request.segments.clear();
  request.query.clear();
  if (!path.empty()) {
    for (std::string_view part : split(path, '/')) {
      MW_ASSIGN(auto decoded, decode_part(part, false));
      request.segments.push_back(std::move(decoded));
    }
  }
  if (mark == std::string_view::npos) return {};
  for (std::string_view part : split(target.substr(mark + 1), '&')) {
    if (part.empty()) continue;
    const auto equals = part.find('=');
    MW_ASSIGN(auto key, decode_part(part.substr(0, equals), true));
    MW_ASSIGN(
        auto value,
        decode_part(equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1), true));
    request.query.emplace_back(std::move(key), std::move(value));
  }
  return {};
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return "Status";
  }
}

std::string head_of(const Response& response, bool keep_alive, std::string_view date) {
  std::string out;
  out.reserve(512);
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status,
                 reason_phrase(response.status), date);
  if (!response.content_type.empty()) {
    fmt::format_to(std::back_inserter(out), "Content-Type: {}\r\n", response.content_type);
  }
  if (response.status != 204 && response.status != 304) {
    fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", response.content().size());
  }
  if (!keep_alive) out += "Connection: close\r\n";
  for (const auto& [name, value] : response.headers) {
    fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
  }
  out += "\r\n";
  return out;
}

std::string http_date(std::int64_t utc_ms) {
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = utc_ms / 1000;
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[static_cast<std::size_t>(tm.tm_wday)],
                     tm.tm_mday, kMonths[static_cast<std::size_t>(tm.tm_mon)], tm.tm_year + 1900, tm.tm_hour,
                     tm.tm_min, tm.tm_sec);
}

bool accepts_gzip(std::string_view accept_encoding) {
  for (std::string_view part : split(accept_encoding, ',')) {
    const auto semicolon = part.find(';');
    const std::string_view coding = trim(part.substr(0, semicolon));
    if (coding != "gzip" && coding != "x-gzip") continue;
    if (semicolon == std::string_view::npos) return true;
    std::string_view weight = trim(part.substr(semicolon + 1));
    if (weight.substr(0, 2) != "q=") return true;
    return parse_number(weight.substr(2)).value_or(0) > 0;
  }
  return false;
}

}  // namespace mineward::api
