/// Accounts and passwords, for the sign-in and for the command line. Passwords are kept as argon2id
/// (libsodium).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "record/store.h"

namespace mineward::api {

/// What one hash costs. The default (64 MiB, 2 passes) takes about 0.1 s of one core; tests take less.
struct PasswordCost {
  unsigned long long passes = 2;
  std::size_t memory = 64u << 20;
};

/// Hashes with a fresh salt. `unavailable` without memory.
Result<std::string> hash_password(std::string_view password, PasswordCost cost = {});
/// Takes as long as hashing did.
bool password_matches(const std::string& hash, std::string_view password);
/// At least 10 characters, at most 200 bytes, UTF-8, without the account name. The error says which rule is
/// broken.
Status check_password(std::string_view account_name, std::string_view password);
/// 16 letters and digits that are hard to mix up, about 79 bits.
std::string make_password(Random& random);

struct NewAccount {
  std::string name, display_name;
  record::RecordId organisation;
  std::vector<std::string> roles;
  std::string password;  ///< empty = none: nobody can sign in until one is set
  bool must_change_password = true;
};
/// Makes an account with its password. `actor` is on whose behalf, for the log.
record::Outcome<record::Record> create_account(record::Store&, const record::Actor& actor, const NewAccount&,
                                               PasswordCost cost = {});
/// Nullopt when there is none of that name. Sees every organisation; secret fields are not in it.
Result<std::optional<record::Record>> find_account(record::Store&, std::string_view name);
/// Sets a password, ends a lock-out and all sessions of the account. Checks the rules of check_password.
Status set_password(record::Store&, const record::Actor& actor, record::RecordId account,
                    std::string_view password, bool must_change_password, PasswordCost cost = {});
/// Nobody can sign in with it any more; its sessions and tokens end.
Status disable_account(record::Store&, const record::Actor& actor, record::RecordId account);
/// Makes a bearer token for a machine; the account's older tokens end. The text is shown once and kept as a
/// hash.
Result<std::string> issue_token(record::Store&, const record::Actor& actor, record::RecordId account, Random&,
                                ArrivalTime now);

/// Makes the tables `session` and `api_token` if they are missing. Before any of the above.
Status prepare_account_tables(db::Database&);

}  // namespace mineward::api
