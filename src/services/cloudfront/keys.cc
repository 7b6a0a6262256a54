#include "services/cloudfront/keys.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>

#include "cloudfront/errors.h"

namespace landfall::cloudfront {
namespace {

constexpr size_t kMaxKeysInGroup = 5;
constexpr size_t kMaxGroupsOfBehavior = 4;
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

std::vector<std::string> key_ids_of(const Call& call, const std::optional<TrustedKeyGroups>& groups) {
  std::vector<std::string> ids;
  if (!groups) return ids;
  for (const std::string& group : groups->Items)
    for (const std::string& id : find_key_group(call, group).config.Items)
      if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  return ids;
}

ActiveTrustedKeyGroups active_key_groups(const Call& call, const DistributionConfig& config) {
  ActiveTrustedKeyGroups out{.Enabled = false, .Quantity = 0};
  const auto add = [&](const std::optional<TrustedKeyGroups>& groups) {
    if (!groups) return;
    for (const std::string& id : groups->Items) {
      if (std::ranges::find(out.Items, id, &KGKeyPairIds::KeyGroupId) != out.Items.end()) continue;
      const auto keys = find_key_group(call, id).config.Items;
      out.Items.push_back(
          {.KeyGroupId = id,
           .KeyPairIds = KeyPairIds{.Quantity = static_cast<int64_t>(keys.size()), .Items = keys}});
    }
  };
  add(config.DefaultCacheBehavior->TrustedKeyGroups);
  if (config.CacheBehaviors)
    for (const CacheBehavior& behavior : config.CacheBehaviors->Items) add(behavior.TrustedKeyGroups);
  out.Quantity = static_cast<int64_t>(out.Items.size());
  out.Enabled = !out.Items.empty();
  return out;
}

void check_trusted(const Call& call, const std::optional<TrustedKeyGroups>& groups) {
  if (!groups) return;
  if (groups->Enabled.value_or(false) == groups->Items.empty())
    throw InvalidArgument("The parameter TrustedKeyGroups must be enabled, with items, or neither.");
  if (groups->Items.size() > kMaxGroupsOfBehavior)
    throw TooManyKeyGroupsAssociatedToDistribution("A cache behavior can have at most 4 key groups.");
  for (const std::string& id : groups->Items)
    if (!call.global_rows(kKeyGroups).has(id))
      throw TrustedKeyGroupDoesNotExist("The specified key group does not exist: " + id);
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
