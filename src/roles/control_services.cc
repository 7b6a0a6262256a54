#include "roles/control_services.h"

#include "services/acm/acm.h"
#include "services/cloudformation/cloudformation.h"
#include "services/iam/iam.h"
#include "services/ec2/ec2.h"
#include "services/route53/route53.h"

namespace landfall::roles {

std::vector<NamedService> make_services(ControlPlane& plane) {
  std::vector<NamedService> services;
  services.push_back({"iam", iam::make_service(plane)});  // first: it makes the account
  services.push_back({"ec2", ec2::make_service(plane)});
  services.push_back({"acm", acm::make_service(plane)});
  services.push_back({"route53", route53::make_service(plane)});
  services.push_back({"cloudformation", cloudformation::make_service(plane)});
  return services;
}

}  // namespace landfall::roles
