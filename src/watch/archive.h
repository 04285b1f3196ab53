/// Saving and loading plain state as bytes. A state struct lists its members once, in
/// `template <class A, class S> static void fields(A& a, S& s) { a(s.x, s.y); }`, and that list serves both
/// ways. Numbers are little-endian and of fixed width; every list carries its length. The reader never trusts
/// a length.
#pragma once

#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/time.h"

namespace mineward::watch {

class Saver {
 public:
  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  template <class T>
  requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void put(const T& v) {
    bytes_.append(reinterpret_cast<const char*>(&v), sizeof v);
  }
  template <class Tag>
  void put(const Instant<Tag>& v) {
    put(v.utc_ms);
  }
  void put(const std::string& v) {
    put(static_cast<std::uint32_t>(v.size()));
    bytes_ += v;
  }
  template <class T>
  void put(const std::optional<T>& v) {
    put(v.has_value());
    if (v) put(*v);
  }
  template <class T>
  void put(const std::vector<T>& v) {
    put(static_cast<std::uint32_t>(v.size()));
    for (const T& x : v) put(x);
  }
  template <class T, std::size_t N>
  void put(const std::array<T, N>& v) {
    for (const T& x : v) put(x);
  }
  template <class K, class V>
  void put(const std::map<K, V>& v) {
    put(static_cast<std::uint32_t>(v.size()));
    for (const auto& [k, x] : v) {
      put(k);
      put(x);
    }
  }
  template <class T>
  requires std::is_class_v<T>
  void put(const T& v) { T::fields(*this, v); }
  std::string bytes_;
};

/// Reads what Saver wrote. After the first fault ok() is false and everything read is zero.
class Loader {
 public:
  explicit Loader(std::string_view bytes) : in_(bytes) {}
  bool ok() const { return ok_; }
  bool at_end() const { return in_.empty(); }
  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }

 private:
  bool take(void* to, std::size_t n) {
    if (!ok_ || in_.size() < n) {
      ok_ = false;
      return false;
    }
    std::memcpy(to, in_.data(), n);
    in_.remove_prefix(n);
    return true;
  }
  /// A length that the rest of the input can hold.
  std::uint32_t length() {
    std::uint32_t n = 0;
    get(n);
    if (n > in_.size()) ok_ = false;
    return ok_ ? n : 0;
  }
  template <class T>
  requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void get(T& v) {
    if constexpr (std::is_same_v<T, bool>) {
      unsigned char byte = 0;
      take(&byte, 1);
      v = byte != 0;
    } else {
      v = T{};
      take(&v, sizeof v);
    }
  }
  template <class Tag>
  void get(Instant<Tag>& v) {
    get(v.utc_ms);
  }
  void get(std::string& v) {
    const auto n = length();
    v.assign(in_.substr(0, n));
    in_.remove_prefix(n);
  }
  template <class T>
  void get(std::optional<T>& v) {
    bool there = false;
    get(there);
    v.reset();
    if (there && ok_) get(v.emplace());
  }
  template <class T>
  void get(std::vector<T>& v) {
    const auto n = length();
    v.clear();
    for (std::uint32_t i = 0; i < n && ok_; ++i) get(v.emplace_back());
  }
  template <class T, std::size_t N>
  void get(std::array<T, N>& v) {
    for (T& x : v) get(x);
  }
  template <class K, class V>
  void get(std::map<K, V>& v) {
    const auto n = length();
    v.clear();
    for (std::uint32_t i = 0; i < n && ok_; ++i) {
      K k{};
      get(k);
      get(v[k]);
    }
  }
  template <class T>
  requires std::is_class_v<T>
  void get(T& v) { T::fields(*this, v); }
  std::string_view in_;
  bool ok_ = true;
};

}  // namespace mineward::watch
