#include "acm/errors.h"
#include "acm/operations.h"
#include "base/ascii.h"
#include "gateway/call.h"
#include "gateway/vault.h"
#include "services/acm/certificates.h"

namespace landfall::acm {
namespace import_certificate {

CertificateFacts check(Call& call, const ImportCertificateRequest& in) {
  auto facts = inspect_certificate(*in.Certificate);
  if (!facts) throw ValidationException("The certificate field is not valid: " + facts.error().message);
  if (!key_algorithm_from(facts->key_algorithm)) {
    throw ValidationException("The certificate's key is of an algorithm or size that ACM does not support.");
  }
  if (auto matches = check_key_matches(*in.Certificate, Secret(*in.PrivateKey)); !matches) {
    throw ValidationException("The private key is not valid: " + matches.error().message);
  }
  if (in.CertificateChain && !in.CertificateChain->empty()) {
    if (auto chain = check_chain(*in.Certificate, *in.CertificateChain); !chain) {
      throw ValidationException("The certificate chain is not valid: " + chain.error().message);
    }
  } else if (!facts->self_signed) {
    throw ValidationException(
        "Provided certificate is not a valid self signed. Please provide either a valid self-signed "
        "certificate or certificate chain.");
  }
  if (facts->not_after < call.now || call.now < facts->not_before) {
    throw ValidationException("The certificate is expired or not yet valid.");
  }
  return *facts;
}

}  // namespace import_certificate

ImportCertificateResponse ImportCertificate(Call& call, const ImportCertificateRequest& in) {
  const CertificateFacts facts = import_certificate::check(call, in);
  CertificateRecord record;
  std::string id;
  if (in.CertificateArn) {
    record = *find_certificate(call, *in.CertificateArn);
    id = certificate_id(record.arn);
    if (record.type != kImported)
      throw ValidationException("Only an imported certificate can be imported again.");
    // https://docs.aws.amazon.com/acm/latest/userguide/import-reimport.html
    if (record.key_algorithm != facts.key_algorithm)
      throw ValidationException(
          "The key type and size of a certificate cannot be changed when it is imported again: " +
          record.key_algorithm + ", not " + facts.key_algorithm + ".");
    if (!in.Tags.empty()) throw ValidationException("Tagging is not permitted on re-import.");
  } else {
    id = call.random().uuid();
    record.arn = call.arn("acm", "certificate/" + id);
    record.type = kImported;
    record.created = call.now;
    add_tags(call.caller, record, in.Tags);
  }
  record.names.clear();
  for (const std::string& name : facts.names) record.names.push_back(ascii_lower(name));
  record.domain = !facts.common_name.empty() ? facts.common_name
                  : record.names.empty()     ? ""
                                             : record.names[0];
  record.issued = call.now;

  auto vault = Vault::open(call.plane.config.data_dir + "/acm.key");
  if (!vault) throw ServiceError("InternalFailure", 500, "ACM's key file: " + vault.error().message);
  install(record, facts, *in.Certificate, in.CertificateChain.value_or(""),
          vault->seal(record.arn, Secret(*in.PrivateKey), call.random()));
  call.rows(kCertificates).put(id, record);
  return {.CertificateArn = record.arn};
}

}  // namespace landfall::acm
