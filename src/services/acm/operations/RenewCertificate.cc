#include "acm/errors.h"
#include "acm/operations.h"
#include "gateway/call.h"
#include "services/acm/certificates.h"

namespace landfall::acm {

// AWS renews private certificates only by this operation; here it renews any that Landfall issued, at once:
// the same way as the reconciler does before the certificate ends.
aws::Empty RenewCertificate(Call& call, const RenewCertificateRequest& in) {
  CertificateRecord record = *find_certificate(call, *in.CertificateArn);
  if (record.status == kPending) {
    throw RequestInProgressException("The certificate request for " + record.arn + " is in progress.");
  }
  if (record.type != kAmazonIssued || record.status != kIssued) {
    throw ValidationException("The certificate " + record.arn + " is not eligible for renewal.");
  }
  record.renew_now = true;
  call.rows(kCertificates).put(certificate_id(record.arn), record);
  return {};
}

}  // namespace landfall::acm
