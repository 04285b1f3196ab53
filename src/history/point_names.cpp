#include <fmt/format.h>

#include "history/store.h"

namespace mineward::history {

std::string PointNames::joined(std::string_view mine, std::string_view code) {
  std::string out(mine);
  out += '\0';
  out += code;
  return out;
}

void PointNames::add(PointName name) {
  if (name.key >= names_.size()) names_.resize(name.key + std::size_t{1});
  keys_[joined(name.mine, name.code)] = name.key;
  names_[name.key] = std::move(name);
}

void PointNames::restore(PointName name, bool indexed) {
  const std::lock_guard lock(names_mutex_);
  if (name.key < names_.size() && names_[name.key] == name) return;
  if (!indexed) not_in_index_.push_back(name);
  add(std::move(name));
}

PointKey PointNames::make(std::string_view mine, std::string_view code) {
  if (const auto known = find(mine, code)) return *known;
  const std::lock_guard lock(names_mutex_);
  if (const auto it = keys_.find(joined(mine, code)); it != keys_.end()) return it->second;
  if (names_.empty()) names_.resize(1);
  if (names_.size() > kMaxPointKey) return 0;  // no key is left; our own reader would refuse a larger one
  PointName name{static_cast<PointKey>(names_.size()), std::string(mine), std::string(code)};
  not_in_journal_.push_back(name);
  const PointKey key = name.key;
  add(std::move(name));
  return key;
}

std::optional<PointKey> PointNames::find(std::string_view mine, std::string_view code) const {
  thread_local std::string name;
  name.assign(mine);
  name += '\0';
  name += code;
  const std::shared_lock lock(names_mutex_);
  const auto it = keys_.find(name);
  if (it == keys_.end()) return std::nullopt;
  return it->second;
}

bool PointNames::knows(PointKey key) const {
  const std::shared_lock lock(names_mutex_);
  return key > 0 && key < names_.size();
}

std::string PointNames::text_of(PointKey key) const {
  const std::shared_lock lock(names_mutex_);
  if (key == 0 || key >= names_.size()) return fmt::format("point {}", key);
  return fmt::format("mine {} point {}", names_[key].mine, names_[key].code);
}

std::vector<PointName> PointNames::not_in_journal() const {
  const std::shared_lock lock(names_mutex_);
  return not_in_journal_;
}

void PointNames::in_journal(std::span<const PointName> names) {
  const std::lock_guard lock(names_mutex_);
  not_in_index_.insert(not_in_index_.end(), names.begin(), names.end());
  not_in_journal_.erase(not_in_journal_.begin(),
                        not_in_journal_.begin() + static_cast<std::ptrdiff_t>(names.size()));
}

std::vector<PointName> PointNames::not_in_index() const {
  const std::shared_lock lock(names_mutex_);
  return not_in_index_;
}

void PointNames::in_index(std::span<const PointName> names) {
  const std::lock_guard lock(names_mutex_);
  not_in_index_.erase(not_in_index_.begin(),
                      not_in_index_.begin() + static_cast<std::ptrdiff_t>(names.size()));
}

}  // namespace mineward::history
