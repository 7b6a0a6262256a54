#include "services/cloudfront/keys.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "cloudfront/errors.h"

namespace landfall::cloudfront {
namespace {

constexpr size_t kMaxKeysInGroup = 5;
constexpr int kRsaBits = 2048;

// RSA of 2048 bits or ECDSA P-256, in PEM.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html
bool is_usable(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  EVP_PKEY* key = PEM_read_bio_PUBKEY(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  ERR_clear_error();
  if (key == nullptr) return false;
  const bool usable = (EVP_PKEY_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_bits(key) == kRsaBits) ||
                      (EVP_PKEY_base_id(key) == EVP_PKEY_EC && EVP_PKEY_bits(key) == 256);
  EVP_PKEY_free(key);
  return usable;
}

}  // namespace

PublicKeyRecord find_public_key(const Call& call, std::string_view id) {
  const auto stored = call.global_rows(kPublicKeys).get(id);
  if (!stored) throw NoSuchPublicKey("The specified public key does not exist.");
  return *stored;
}

KeyGroupRecord find_key_group(const Call& call, std::string_view id) {
  const auto stored = call.global_rows(kKeyGroups).get(id);
  if (!stored) throw NoSuchResource("The specified key group does not exist.");
  return *stored;
}

void check_public_key(const Call&, const PublicKeyConfig& config) {
  if (!is_usable(config.EncodedKey.value_or("")))
    throw InvalidArgument("Your request contains empty/invalid/out of limits RSA Encoded Key");
}

void check_key_group(const Call& call, const KeyGroupConfig& config) {
  if (config.Items.empty()) throw InvalidArgument("A key group must have at least one public key.");
  if (config.Items.size() > kMaxKeysInGroup)
    throw TooManyPublicKeysInKeyGroup("A key group can have at most 5 public keys.");
  for (const std::string& id : config.Items)
    if (!call.global_rows(kPublicKeys).has(id)) throw InvalidArgument("The public key does not exist: " + id);
}

}  // namespace landfall::cloudfront
