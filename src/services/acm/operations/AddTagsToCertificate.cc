#include "acm/errors.h"
#include "acm/operations.h"
#include "gateway/call.h"
#include "services/acm/certificates.h"

namespace landfall::acm {

aws::Empty AddTagsToCertificate(Call& call, const AddTagsToCertificateRequest& in) {
  CertificateRecord record = *find_certificate(call, *in.CertificateArn);
  add_tags(call.caller, record, in.Tags);
  call.rows(kCertificates).put(certificate_id(record.arn), record);
  return {};
}

}  // namespace landfall::acm
