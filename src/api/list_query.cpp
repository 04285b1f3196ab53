#include "api/list_query.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"

namespace mineward::api {

using record::Filter;
using record::ListQuery;
using Op = Filter::Op;

namespace {

constexpr std::int64_t kLargestPage = 500;

std::vector<std::string> texts_of(std::string_view value) {
  std::vector<std::string> out;
  for (std::string_view part : split(value, ',')) out.emplace_back(part);
  return out;
}

/// "f.level=a,b", "f.found_at.ge=2026-01-01".
Result<Filter> filter_of(std::string_view key, std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, Op>, 6> kOps = {{{"ge", Op::ge},
                                                                           {"gt", Op::gt},
                                                                           {"le", Op::le},
                                                                           {"lt", Op::lt},
                                                                           {"ne", Op::ne},
                                                                           {"contains", Op::contains}}};
  key.remove_prefix(2);
  const auto dot = key.rfind('.');
  const std::string field(key.substr(0, dot));
  if (dot == std::string_view::npos) {
    auto values = texts_of(value);
    const Op op = values.size() > 1 ? Op::in : Op::eq;
    return Filter{field, op, std::move(values)};
  }
  const std::string_view op = key.substr(dot + 1);
  if (op == "null") {
    if (value != "0" && value != "1")
      return bad_input(fmt::format("found '{}', expected 0 or 1", value), std::string(key));
    return Filter{field, value == "1" ? Op::is_null : Op::not_null, {}};
  }
  for (const auto& [name, which] : kOps) {
    if (name == op) return Filter{field, which, {std::string(value)}};
  }
  return bad_input(fmt::format("found '{}', expected ge, gt, le, lt, ne, contains or null", op),
                   std::string(key));
}

}  // namespace

Result<ListQuery> list_query_of(const Request& request, std::string type) {
  ListQuery query;
  query.type = std::move(type);
  MW_ASSIGN(const auto limit, whole_parameter(request, "limit", 50, 1, kLargestPage));
  query.limit = static_cast<int>(limit);
  for (const auto& [key, value] : request.query) {
    if (key.starts_with("f.")) {
      MW_ASSIGN(auto filter, filter_of(key, value));
      query.filters.push_back(std::move(filter));
    } else if (key == "after") {
      query.after = value;
    } else if (key == "q") {
      query.words = value;
    } else if (key == "total") {
      query.count_total = value == "1";
    } else if (key == "sort") {
      query.descending = value.starts_with('-');
      query.sort = value.substr(query.descending ? 1 : 0);
    }
  }
  return query;
}

}  // namespace mineward::api
