#include "services/acm/certificates.h"

#include <algorithm>
#include <set>

#include "acm/errors.h"
#include "aws/arn.h"
#include "base/ascii.h"
#include "base/sha256.h"
#include "gateway/vault.h"
#include "services/acm/acm.h"

namespace landfall::acm {
namespace {

constexpr size_t kMaxTags = 50;  // AWS quota

std::string use_key(std::string_view certificate_id, std::string_view user) {
  return std::string(certificate_id) + "/" + std::string(user);
}

}  // namespace

std::string certificate_id(const std::string& arn) {
  const auto parts = aws::split_arn(arn);
  if (!parts || parts->service != "acm" || parts->resource_type() != "certificate") {
    throw InvalidArnException("The certificate ARN is not valid: " + arn);
  }
  return std::string(parts->resource_name());
}

std::shared_ptr<const CertificateRecord> find_certificate(Call& call, const std::string& arn) {
  auto record = call.rows(kCertificates).get(certificate_id(arn));
  if (!record || record->arn != arn) {
    throw ResourceNotFoundException("Could not find certificate " + arn + " in account " + call.account);
  }
  return record;
}

std::vector<std::string> users(Call& call, std::string_view certificate_id) {
  std::set<std::string> shown;
  call.txn.each<UseRecord>(kUses, call.scope() + std::string(certificate_id) + "/",
                           [&](std::string_view, const UseRecord& use) { shown.insert(use.shown); });
  return {shown.begin(), shown.end()};
}

void attach(Call& call, std::string_view certificate_arn, std::string_view user, std::string_view shown) {
  const std::string id = certificate_id(std::string(certificate_arn));
  call.rows(kUses).put(use_key(id, user), {std::string(shown)});
}

void detach(Call& call, std::string_view certificate_arn, std::string_view user) {
  const std::string key = use_key(certificate_id(std::string(certificate_arn)), user);
  if (call.rows(kUses).has(key)) call.rows(kUses).erase(key);
}

ValidationCname validation_cname(std::string_view account, std::string_view domain) {
  if (domain.starts_with("*.")) domain.remove_prefix(2);
  const std::string seed = std::string(account) + "|" + std::string(domain);
  const std::string digest = hex(sha256("landfall acm validation|" + seed));
  std::string label;
  for (char c : digest.substr(32, 10)) label += static_cast<char>('a' + (c >= 'a' ? c - 'a' + 10 : c - '0'));
  return {"_" + digest.substr(0, 32) + "." + std::string(domain) + ".",
          "_" + hex(sha256("value|" + seed)).substr(0, 32) + "." + label + ".acm-validations.aws."};
}

void install(CertificateRecord& record, const CertificateFacts& facts, std::string certificate_pem,
             std::string chain_pem, std::string sealed_key) {
  record.status = kIssued;
  record.key_algorithm = facts.key_algorithm;
  record.serial = facts.serial;
  record.subject = facts.subject;
  record.issuer = facts.issuer;
  record.signature_algorithm = facts.signature_algorithm;
  record.not_before = facts.not_before;
  record.not_after = facts.not_after;
  record.certificate_pem = std::move(certificate_pem);
  record.chain_pem = std::move(chain_pem);
  record.sealed_key = std::move(sealed_key);
  record.renew_now = false;
}

void add_tags(const Caller& caller, CertificateRecord& record, const std::vector<Tag>& tags) {
  for (const Tag& tag : tags) {
    const std::string key = tag.Key.value_or("");
    if (key.empty() || (key.starts_with("aws:") && caller.kind != CallerKind::service))
      throw InvalidTagException("The tag key is not valid: '" + key + "'");
    record.tags[key] = tag.Value.value_or("");
  }
  if (record.tags.size() > kMaxTags) throw TooManyTagsException("A certificate can have at most 50 tags.");
}

std::optional<CertificateMaterial> certificate_material(const ControlConfig& config, store::Txn& txn,
                                                        std::string_view arn) {
  const auto parts = aws::split_arn(arn);
  if (!parts || parts->resource_type() != "certificate") return std::nullopt;
  const std::string key = std::string(parts->account) + "/" + std::string(parts->region) + "/" +
                          std::string(parts->resource_name());
  const auto record = txn.get(kCertificates, key);
  if (!record || record->status != kIssued) return std::nullopt;
  auto vault = Vault::open(config.data_dir + "/acm.key");
  LF_INVARIANT(vault.has_value(), "ACM's key file cannot be read");
  auto private_key = vault->unseal(record->arn, record->sealed_key);
  LF_INVARIANT(private_key.has_value(), "a stored private key does not open");
  return CertificateMaterial{record->certificate_pem + record->chain_pem, std::move(*private_key),
                             record->names};
}

}  // namespace landfall::acm
