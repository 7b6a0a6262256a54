#include "gateway/vault.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>

#include "base/encoding.h"
#include "base/files.h"

namespace landfall {
namespace {

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherPtr = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

constexpr size_t kKeyBytes = 32;
constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;

const unsigned char* octets(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }
unsigned char* octets(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }

}  // namespace

Result<Vault> Vault::open(const std::string& path) {
  auto key = read_file(path);
  if (!key && key.error().error_number == ENOENT) {
    LF_CHECK(write_file(path, Random::system().bytes(kKeyBytes), 0600));
    key = read_file(path);
  }
  if (!key) return std::unexpected(key.error());
  if (key->size() != kKeyBytes) return fail(path + " does not hold a key");
  return Vault(Secret(std::move(*key)));
}

std::string Vault::seal(std::string_view context, const Secret& value, Random& random) const {
  const std::string& plain = value.reveal();
  std::string out = random.bytes(kNonceBytes);
  std::string sealed(plain.size(), '\0'), tag(kTagBytes, '\0');
  CipherPtr cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  LF_INVARIANT(
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, octets(key_.reveal()), octets(out)) == 1);
  LF_INVARIANT(EVP_EncryptUpdate(cipher.get(), nullptr, &size, octets(context),
                                 static_cast<int>(context.size())) == 1);
  LF_INVARIANT(EVP_EncryptUpdate(cipher.get(), octets(sealed), &size, octets(plain),
                                 static_cast<int>(plain.size())) == 1);
  LF_INVARIANT(EVP_EncryptFinal_ex(cipher.get(), nullptr, &size) == 1);
  LF_INVARIANT(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1);
  return to_base64(out + sealed + tag);
}

Result<Secret> Vault::unseal(std::string_view context, std::string_view text) const {
  LF_TRY(std::string bytes, from_base64(text));
  if (bytes.size() < kNonceBytes + kTagBytes) return fail("a sealed value is too short");
  std::string tag = bytes.substr(bytes.size() - kTagBytes);
  const std::string_view sealed =
      std::string_view(bytes).substr(kNonceBytes, bytes.size() - kNonceBytes - kTagBytes);
  std::string plain(sealed.size(), '\0');
  CipherPtr cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  const bool opened = EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, octets(key_.reveal()),
                                         octets(std::string_view(bytes))) == 1 &&
                      EVP_DecryptUpdate(cipher.get(), nullptr, &size, octets(context),
                                        static_cast<int>(context.size())) == 1 &&
                      EVP_DecryptUpdate(cipher.get(), octets(plain), &size, octets(sealed),
                                        static_cast<int>(sealed.size())) == 1 &&
                      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
                      EVP_DecryptFinal_ex(cipher.get(), nullptr, &size) == 1;
  if (!opened) {
    ERR_clear_error();
    return fail("a sealed value is not of this vault or this resource");
  }
  return Secret(std::move(plain));
}

}  // namespace landfall
