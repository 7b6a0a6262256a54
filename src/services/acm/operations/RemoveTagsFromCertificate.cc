#include "acm/errors.h"
#include "acm/operations.h"
#include "gateway/call.h"
#include "services/acm/certificates.h"

namespace landfall::acm {

// A tag given with a value is removed only if it has that value.
aws::Empty RemoveTagsFromCertificate(Call& call, const RemoveTagsFromCertificateRequest& in) {
  CertificateRecord record = *find_certificate(call, *in.CertificateArn);
  for (const Tag& tag : in.Tags) {
    const auto it = record.tags.find(tag.Key.value_or(""));
    if (it != record.tags.end() && (!tag.Value || *tag.Value == it->second)) record.tags.erase(it);
  }
  call.rows(kCertificates).put(certificate_id(record.arn), record);
  return {};
}

}  // namespace landfall::acm
