/// What the public may do without an account: leave a tip-off, follow it by its code, write to the officer,
/// and say how the reward is to be claimed. Everything is written through the store by the program itself
/// with the scope of the body that is to answer; of where it came from nothing is kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/accounts.h"
#include "base/clock.h"
#include "base/random.h"
#include "record/store.h"

namespace mineward::api {

constexpr std::size_t kMostTipPhotos = 6;
constexpr std::size_t kLargestTipPhoto = 8u << 20;  ///< bytes; a phone's camera makes 3 to 6 MB

/// As the form gives it; empty = not said.
struct TipReport {
  std::optional<record::RecordId> mine, authority;
  std::string about;  ///< which mine or place, in words; needed without `mine`
  std::string place, happened, matter, content, reporter_kind;
  std::string name, phone;          ///< sealed at once; none of both: anonymous
  std::vector<std::string> photos;  ///< bytes
  bool by_code = false;             ///< came by a QR code
};

struct TipReceipt {
  std::string number, authority;
  std::string code;  ///< shown this once
};

class TipDoor {
 public:
  TipDoor(record::Store& store, Clock& clock, Random& random, PasswordCost cost)
      : store_(store), clock_(clock), random_(random), cost_(cost) {}

  /// Regulators that may get a tip-off: of a mine those above it, nearest first; without one all, the
  /// smallest first. not_found when there is no such mine.
  Result<std::vector<record::Record>> authorities(std::optional<record::RecordId> mine);
  /// Mines whose name has these characters, at most 20; of a regulator's own area when one is given.
  Result<std::vector<record::Record>> mines(std::string_view words,
                                            std::optional<record::RecordId> authority);

  /// The faults bear the names of the form's fields.
  record::Outcome<TipReceipt> report(const TipReport& report);

  /// The tip-off of a code, with its secrets; not_found when it is none.
  Result<record::Record> find(std::string_view code);
  /// All that is sent in a matter, oldest first.
  Result<std::vector<record::Record>> messages(const record::Record& tip);
  /// Rewards of it, oldest first.
  Result<std::vector<record::Record>> rewards(const record::Record& tip);
  /// Notes that the officer's messages were read.
  Status note_read(const record::Record& tip);
  record::Outcome<record::Record> write(const record::Record& tip, const std::string& text,
                                        const std::vector<std::string>& photos);
  /// A word that is asked for when the reward is paid; kept as a slow hash. Wrong tries are forgotten.
  record::Outcome<record::Record> set_payout_word(const record::Record& tip, std::string_view word);
  /// An account that is sealed like the name.
  record::Outcome<record::Record> set_payout_account(const record::Record& tip, std::string_view account);

  /// A code for a tip-off that came by telephone, letter or in person. conflict when it has one.
  record::Outcome<TipReceipt> give_code(const record::Actor& officer, record::RecordId tip);
  /// Pays a reward to whom knows the word: checks it, notes that, and makes the step `pay` in the name of
  /// `actor` with the fields. After five wrong words the reporter must set another.
  record::Outcome<record::Record> pay(const record::Actor& actor, record::RecordId reward,
                                      std::int64_t version, std::string_view word,
                                      const record::Fields& fields);

 private:
  /// Stored without what betrays; a fault of the field "photos" otherwise.
  record::Outcome<std::vector<std::string>> store_photos(const record::Actor& actor,
                                                         const std::vector<std::string>& photos);
  record::Outcome<record::Record> change_tip(const record::Record& tip, const record::Fields& fields,
                                             bool forget_failures);

  record::Store& store_;
  Clock& clock_;
  Random& random_;
  const PasswordCost cost_;
};

}  // namespace mineward::api
