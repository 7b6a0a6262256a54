#include "acm/errors.h"
#include "acm/operations.h"
#include "gateway/call.h"
#include "services/acm/certificates.h"

namespace landfall::acm {

ListTagsForCertificateResponse ListTagsForCertificate(Call& call, const ListTagsForCertificateRequest& in) {
  ListTagsForCertificateResponse out;
  for (const auto& [key, value] : find_certificate(call, *in.CertificateArn)->tags)
    out.Tags.push_back({key, value});
  return out;
}

}  // namespace landfall::acm
