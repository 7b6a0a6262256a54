// ACM for the rest of control: certificates by ARN, and certificates for Landfall itself.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "services/service.h"

namespace landfall {
struct Call;
struct ControlConfig;
struct ControlPlane;
namespace store {
class Txn;
}
}  // namespace landfall

namespace landfall::acm {

std::unique_ptr<Service> make_service(ControlPlane& plane);

struct CertificateMaterial {
  std::string chain_pem;           // the certificate, then its chain: what a server sends
  Secret key_pem;                  // PKCS #8
  std::vector<std::string> names;  // lower case; "*.example.com" stands for one label
};

// nullopt unless the certificate exists and is ISSUED. A certificate that is renewed or imported again keeps
// its ARN: watch kCertificatesTable and ask again.
std::optional<CertificateMaterial> certificate_material(const ControlConfig& config, store::Txn& txn,
                                                        std::string_view arn);
inline constexpr char kCertificatesTable[] = "acm.certificate";  // ids "<account>/<region>/<certificate id>"

// Which certificate serves what: InUseBy, and why DeleteCertificate refuses. Whoever attaches a certificate
// says so in its transaction. `user` is the thing itself (a listener's or a distribution's ARN), `shown` what
// InUseBy names (AWS names the load balancer).
void attach(Call& call, std::string_view certificate_arn, std::string_view user, std::string_view shown);
void detach(Call& call, std::string_view certificate_arn, std::string_view user);

// A certificate of Landfall's own (EC P-256): the region's endpoints, the engines. DNS names and IP
// addresses.
Result<CertificateMaterial> issue_internal(ControlPlane& plane, const std::vector<std::string>& names);
// What clients trust; made at first start.
Result<std::string> ca_certificate_pem(ControlPlane& plane);

}  // namespace landfall::acm
