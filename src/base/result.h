/// Errors as values. `Result<T>` is a T or an Error, never empty.
#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace mineward {

/// For programs: chooses the HTTP status, the exit code, whether to retry, and the label on the screen.
enum class Errc {
  bad_input,
  not_found,
  conflict,
  forbidden,
  unauthenticated,
  unavailable,
  corrupt,
  too_large,
  internal  ///< a mistake of ours: a statement that the database does not understand
};

std::string_view name_of(Errc code);
/// Whether whoever asked could have done nothing about it: HTTP 500 and 503. The text is for the log only.
constexpr bool is_own_fault(Errc code) {
  return code == Errc::unavailable || code == Errc::corrupt || code == Errc::internal;
}

struct [[nodiscard]] Error {
  Errc code = Errc::bad_input;
  std::string message;  ///< for engineers: what was found, what was expected
  std::string where;    ///< from the inside out: "line 7, field 3 < 1401_CDSS_20260112.txt < mine 1401"

  /// Adds an outer place.
  Error&& in(std::string_view place) && {
    if (!where.empty()) where += " < ";
    where += place;
    return std::move(*this);
  }
  /// "where: message", or the message alone.
  std::string text() const { return where.empty() ? message : where + ": " + message; }
};

inline Error bad_input(std::string message, std::string where = {}) {
  return {Errc::bad_input, std::move(message), std::move(where)};
}
inline Error not_found(std::string message) { return {Errc::not_found, std::move(message), {}}; }
inline Error conflict(std::string message) { return {Errc::conflict, std::move(message), {}}; }
inline Error forbidden(std::string message) { return {Errc::forbidden, std::move(message), {}}; }
inline Error unavailable(std::string message) { return {Errc::unavailable, std::move(message), {}}; }
inline Error internal_error(std::string message) { return {Errc::internal, std::move(message), {}}; }
inline Error corrupt(std::string message, std::string where = {}) {
  return {Errc::corrupt, std::move(message), std::move(where)};
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

  explicit operator bool() const { return state_.index() == 0; }
  bool ok() const { return state_.index() == 0; }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }
  T value_or(T other) && { return ok() ? std::move(value()) : std::move(other); }

 private:
  T& value() {
    assert(ok() && "Result holds an error");
    return *std::get_if<0>(&state_);
  }
  const T& value() const {
    assert(ok() && "Result holds an error");
    return *std::get_if<0>(&state_);
  }
  std::variant<T, Error> state_;
};

/// Success, or why not.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT: implicit by design
  explicit operator bool() const { return ok_; }
  bool ok() const { return ok_; }
  const Error& error() const& { return error_; }
  Error&& error() && { return std::move(error_); }

 private:
  Error error_;
  bool ok_ = true;
};
using Status = Result<void>;

#define MW_CONCAT_(a, b) a##b
#define MW_CONCAT(a, b) MW_CONCAT_(a, b)
/// Leaves the function with the error of `expr`, if it has one.
#define MW_TRY(expr)                                                                      \
  do {                                                                                    \
    if (auto mw_status_ = (expr); !mw_status_.ok()) return std::move(mw_status_).error(); \
  } while (false)
/// `MW_ASSIGN(auto x, f())`: x is the value of f(), or the function leaves with its error.
#define MW_ASSIGN(target, expr) MW_ASSIGN_(MW_CONCAT(mw_result_, __LINE__), target, expr)
#define MW_ASSIGN_(tmp, target, expr)           \
  auto tmp = (expr);                            \
  if (!tmp.ok()) return std::move(tmp).error(); \
  target = *std::move(tmp)

}  // namespace mineward
