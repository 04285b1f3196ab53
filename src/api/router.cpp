#include "api/router.h"

#include <algorithm>
#include <cassert>

#include "base/text.h"

namespace mineward::api {

namespace {

bool is_name(std::string_view segment) { return segment.size() > 2 && segment.front() == '{'; }

/// 0 = no match; else higher for more literal segments, weighted from the left.
std::uint64_t rank(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  if (pattern.size() != segments.size()) return 0;
  std::uint64_t rank = 1;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    rank <<= 1;
    if (pattern[i] == segments[i]) {
      rank |= 1;
    } else if (!is_name(pattern[i]) || segments[i].empty()) {
      return 0;
    }
  }
  return rank;
}

std::vector<std::string> parts_of(std::string_view pattern) {
  std::vector<std::string> parts;
  for (std::string_view part : split(pattern.substr(1), '/')) parts.emplace_back(part);
  return parts;
}

}  // namespace

std::string_view Call::path_value(std::string_view name) const {
  for (const auto& [key, value] : path) {
    if (key == name) return value;
  }
  return {};
}

void Router::add(Route route) {
  assert(route.pattern.starts_with('/') && "a pattern begins with /");
  auto parts = parts_of(route.pattern);
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    assert(!(routes_[i].method == route.method && patterns_[i] == parts) && "the route is there already");
  }
  patterns_.push_back(std::move(parts));
  routes_.push_back(std::move(route));
}

Router::Match Router::match(Method method, const std::vector<std::string>& segments) const {
  const Method wanted = method == Method::head ? Method::get : method;
  Match match;
  std::uint64_t best = 0;
  std::size_t best_index = 0;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const std::uint64_t r = rank(patterns_[i], segments);
    if (r == 0) continue;
    if (std::find(match.allowed.begin(), match.allowed.end(), routes_[i].method) == match.allowed.end()) {
      match.allowed.push_back(routes_[i].method);
    }
    if (routes_[i].method != wanted || r <= best) continue;
    best = r;
    best_index = i;
  }
  if (best == 0) return match;
  match.allowed.clear();
  match.route = &routes_[best_index];
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string& part = patterns_[best_index][i];
    if (is_name(part)) match.path.emplace_back(part.substr(1, part.size() - 2), segments[i]);
  }
  return match;
}

}  // namespace mineward::api
