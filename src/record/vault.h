/// Inside record/: fields that are stored encrypted. AES-256-GCM (OpenSSL) under one key of the node; the
/// name of the field and the id of the record are authenticated with it, so that a value moved to another
/// place does not open.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"

namespace mineward::record {

class Vault {
 public:
  using Key = std::array<std::uint8_t, 32>;

  explicit Vault(const Key& key) : key_(key) {}
  ~Vault();
  Vault(const Vault&) = default;
  Vault& operator=(const Vault&) = delete;

  /// Reads the key from a file of 64 hexadecimal digits; makes it (synced, readable by its owner only) when
  /// there is none.
  static Result<Vault> open(Files& files, Random& random, const std::string& path);

  /// "enc1:" and hexadecimal digits. The nonce is random. Safe from any thread.
  std::string seal(std::string_view place, RecordId id, std::string_view text) const;
  /// nullopt when it was not sealed for this place with this key, or was altered.
  std::optional<std::string> unseal(std::string_view place, RecordId id, std::string_view sealed) const;

  static bool is_sealed(std::string_view text) { return text.starts_with("enc1:"); }

 private:
  Key key_;
};

}  // namespace mineward::record
