#include "acm/errors.h"
#include "acm/operations.h"
#include "gateway/call.h"
#include "services/acm/certificates.h"

namespace landfall::acm {

GetCertificateResponse GetCertificate(Call& call, const GetCertificateRequest& in) {
  const auto record = find_certificate(call, *in.CertificateArn);
  if (record->status == kPending) {
    throw RequestInProgressException("The certificate request for " + record->arn + " is in progress.");
  }
  if (record->status != kIssued) {
    throw ResourceNotFoundException("The certificate " + record->arn + " was not issued: " + record->status);
  }
  GetCertificateResponse out{.Certificate = record->certificate_pem};
  if (!record->chain_pem.empty()) out.CertificateChain = record->chain_pem;
  return out;
}

}  // namespace landfall::acm
