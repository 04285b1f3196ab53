/// Who is asking: sessions of browsers and tokens of machines, in the tables `session` and `api_token`. Both
/// are kept as hashes, so that who reads the database cannot sign in with what he finds.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "api/options.h"
#include "api/router.h"
#include "base/clock.h"

namespace mineward::api {

/// A fresh sign-in. `token` goes into the cookie and is kept nowhere.
struct SignedIn {
  std::string token;
  std::string csrf;
  Caller caller;
};
struct SignInRefusal {
  enum class Why { bad_credentials, locked, unavailable } why{};
  Millis retry_after{};
  Error error;  ///< for unavailable
};

/// Any thread; waits for SQL, so never on a network thread.
class Sessions {
 public:
  Sessions(record::Store& store, Clock& clock, Random& random, SessionOptions options);

  /// Unknown, disabled and wrong all give the same answer in the same time; both count towards the lock.
  std::variant<SignedIn, SignInRefusal> sign_in(std::string_view name, std::string_view password,
                                                const std::string& address);
  void sign_out(const Caller& caller);
  /// Checks the old password, sets the new one, ends every other session of the account.
  /// `unauthenticated` when the old one is wrong (counts towards the lock).
  Status change_password(const Caller& caller, std::string_view old_password, std::string_view new_password);

  /// `unauthenticated` when the cookie or token is unknown, has run out, or its account is disabled.
  Result<Caller> by_cookie(std::string_view token, const std::string& address);
  Result<Caller> by_bearer(std::string_view token, const std::string& address);
  /// The same by the hash, for an open live connection; counts as use.
  Result<Caller> by_hash(const std::string& session, const std::string& address);
  /// The CSRF token that belongs to a session; follows from the session token, which only its browser knows.
  static std::string csrf_of(std::string_view token);

  /// Deletes sessions that ran out. By a timer.
  Status forget_expired();
  const SessionOptions& options() const { return options_; }

 private:
  Result<Caller> caller_of(record::RecordId account, const std::string& address);
  std::optional<Millis> count_unknown(std::string_view name);
  bool is_locked(std::int64_t until, std::int64_t now) const;

  record::Store& store_;
  Clock& clock_;
  Random& random_;
  const SessionOptions options_;
  std::string decoy_hash_;  ///< checked for accounts that don't exist, so that they take as long
  struct Failures {
    int count = 0;
    std::int64_t locked_until = 0;
  };
  std::mutex unknown_mutex_;                              // guards unknown_
  std::map<std::string, Failures, std::less<>> unknown_;  ///< at most 1000 names that are no accounts
};

}  // namespace mineward::api
