#include "record/vault.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"

namespace mineward::record {
namespace {

constexpr std::size_t kNonce = 12, kTag = 16;
constexpr std::string_view kMark = "enc1:";

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

std::string place_of(std::string_view place, RecordId id) { return fmt::format("{}/{}", place, id.value); }

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Vault::~Vault() { OPENSSL_cleanse(key_.data(), key_.size()); }

Result<Vault> Vault::open(Files& files, Random& random, const std::string& path) {
  if (!files.exists(path)) {
    Key made;
    random.fill(made);
    MW_TRY(write_atomically(files, path, to_hex(made) + "\n"));
  }
  // Also of a file that a restore has put there.
  std::error_code failed;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                               failed);
  MW_ASSIGN(const std::string text, files.read(path));
  const auto bytes = from_hex(trim(text));
  Key key;
  if (!bytes || bytes->size() != key.size())
    return bad_input("found no key, expected 64 hexadecimal digits (from a backup of this folder)", path);
  std::copy(bytes->begin(), bytes->end(), reinterpret_cast<char*>(key.data()));
  return Vault(key);
}

std::string Vault::seal(std::string_view place, RecordId id, std::string_view text) const {
  std::string nonce(kNonce, '\0'), body(text.size(), '\0'), tag(kTag, '\0');
  const std::string where = place_of(place, id);
  int n = 0;
  const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  const bool done =
      cipher && RAND_bytes(reinterpret_cast<unsigned char*>(nonce.data()), kNonce) == 1 &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(), bytes_of(nonce)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &n, bytes_of(where), static_cast<int>(where.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), reinterpret_cast<unsigned char*>(body.data()), &n, bytes_of(text),
                        static_cast<int>(text.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), nullptr, &n) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, tag.data()) == 1;
  if (!done) return {};  // the caller refuses to store an empty seal
  return std::string(kMark) + to_hex(nonce + body + tag);
}

std::optional<std::string> Vault::unseal(std::string_view place, RecordId id, std::string_view sealed) const {
  if (!is_sealed(sealed)) return std::nullopt;
  const auto bytes = from_hex(sealed.substr(kMark.size()));
  if (!bytes || bytes->size() < kNonce + kTag) return std::nullopt;
  const std::string_view nonce = std::string_view(*bytes).substr(0, kNonce);
  const std::string_view body = std::string_view(*bytes).substr(kNonce, bytes->size() - kNonce - kTag);
  std::string tag = bytes->substr(bytes->size() - kTag), text(body.size(), '\0');
  const std::string where = place_of(place, id);
  int n = 0;
  const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  const bool done =
      cipher &&
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(), bytes_of(nonce)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &n, bytes_of(where), static_cast<int>(where.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), reinterpret_cast<unsigned char*>(text.data()), &n, bytes_of(body),
                        static_cast<int>(body.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), nullptr, &n) == 1;
  if (!done) return std::nullopt;
  return text;
}

}  // namespace mineward::record
