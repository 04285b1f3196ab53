/// What is kept of each point, by its key: a map in two arrays. An engine is copied before every upload (so
/// that a failed commit leaves no trace) and looked into for every sample; copying arrays of plain values
/// costs a tenth of copying the nodes of a tree, and the keys that a search goes through lie beside each
/// other.
#pragma once

#include <algorithm>
#include <type_traits>
#include <vector>

#include "history/history.h"

namespace mineward::watch {

/// References into it hold until a new key comes.
template <class Value>
class PointMap {
 public:
  /// Made empty when the key is new.
  Value& operator[](history::PointKey key) {
    const std::size_t at = place_of(key);
    if (at == keys_.size() || keys_[at] != key) {
      keys_.insert(keys_.begin() + static_cast<std::ptrdiff_t>(at), key);
      values_.insert(values_.begin() + static_cast<std::ptrdiff_t>(at), Value{});
    }
    return values_[at];
  }
  /// Null when there is none.
  const Value* find(history::PointKey key) const {
    const std::size_t at = place_of(key);
    return at < keys_.size() && keys_[at] == key ? &values_[at] : nullptr;
  }
  Value* find(history::PointKey key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

  std::size_t size() const { return keys_.size(); }
  void clear() {
    keys_.clear();
    values_.clear();
  }
  const std::vector<history::PointKey>& keys() const { return keys_; }  ///< rising
  const std::vector<Value>& values() const { return values_; }          ///< in the order of keys()

  /// The same bytes as a std::map.
  template <class Archive, class Self>
  static void fields(Archive& a, Self& self) {
    auto count = static_cast<std::uint32_t>(self.size());
    a(count);
    if constexpr (std::is_const_v<Self>) {
      for (std::size_t i = 0; i < self.keys_.size(); ++i) a(self.keys_[i], self.values_[i]);
    } else {
      self.clear();
      for (std::uint32_t i = 0; i < count && a.ok(); ++i) {
        history::PointKey key = 0;
        a(key);
        a(self[key]);
      }
    }
  }

 private:
  /// The keys of a mine are mostly given one after the other, so the distance from the first is tried first.
  std::size_t place_of(history::PointKey key) const {
    if (!keys_.empty() && key >= keys_.front()) {
      const std::size_t guess = key - keys_.front();
      if (guess < keys_.size() && keys_[guess] == key) return guess;
    }
    return static_cast<std::size_t>(std::lower_bound(keys_.begin(), keys_.end(), key) - keys_.begin());
  }
  std::vector<history::PointKey> keys_;
  std::vector<Value> values_;
};

}  // namespace mineward::watch
