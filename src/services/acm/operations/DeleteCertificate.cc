#include "acm/errors.h"
#include "acm/operations.h"
#include "gateway/call.h"
#include "services/acm/certificates.h"

namespace landfall::acm {

aws::Empty DeleteCertificate(Call& call, const DeleteCertificateRequest& in) {
  const auto record = find_certificate(call, *in.CertificateArn);
  const std::string id = certificate_id(record->arn);
  if (!users(call, id).empty()) throw ResourceInUseException("Certificate " + record->arn + " in use.");
  call.rows(kCertificates).erase(id);
  return {};
}

}  // namespace landfall::acm
