#include "acm/errors.h"
#include "acm/operations.h"
#include "gateway/call.h"
#include "services/acm/acm.h"
#include "services/acm/certificates.h"

namespace landfall::acm {

ExportCertificateResponse ExportCertificate(Call& call, const ExportCertificateRequest& in) {
  CertificateRecord record = *find_certificate(call, *in.CertificateArn);
  if (record.type != kAmazonIssued || record.exportable != "ENABLED") {
    throw ValidationException("The certificate " + record.arn + " is not exportable.");
  }
  if (record.status != kIssued) {
    throw RequestInProgressException("The certificate request for " + record.arn + " is in progress.");
  }
  const auto material = certificate_material(call.plane.config, call.txn, record.arn);
  auto key = encrypt_key(material->key_pem, Secret(*in.Passphrase));
  if (!key) throw ServiceError("InternalFailure", 500, key.error().message);
  record.exported = call.now;
  call.rows(kCertificates).put(certificate_id(record.arn), record);
  return {.Certificate = record.certificate_pem, .CertificateChain = record.chain_pem, .PrivateKey = *key};
}

}  // namespace landfall::acm
