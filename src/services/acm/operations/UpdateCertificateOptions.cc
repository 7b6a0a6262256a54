#include "acm/errors.h"
#include "acm/operations.h"
#include "gateway/call.h"
#include "services/acm/certificates.h"

namespace landfall::acm {

aws::Empty UpdateCertificateOptions(Call& call, const UpdateCertificateOptionsRequest& in) {
  CertificateRecord record = *find_certificate(call, *in.CertificateArn);
  if (record.type != kAmazonIssued)
    throw InvalidStateException("Options of an imported certificate cannot be changed.");
  record.transparency = in.Options->CertificateTransparencyLoggingPreference.value_or(record.transparency);
  record.exportable = in.Options->Export.value_or(record.exportable);
  call.rows(kCertificates).put(certificate_id(record.arn), record);
  return {};
}

}  // namespace landfall::acm
