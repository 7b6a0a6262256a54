#include "roles/control_services.h"

#include "services/acm/acm.h"
#include "services/autoscaling/autoscaling.h"
#include "services/cloudformation/cloudformation.h"
#include "services/cloudfront/cloudfront.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/ec2/ec2.h"
#include "services/elasticache/elasticache.h"
#include "services/elasticbeanstalk/elasticbeanstalk.h"
#include "services/elbv2/elbv2.h"
#include "services/iam/iam.h"
#include "services/logs/logs.h"
#include "services/rds/rds.h"
#include "services/route53/route53.h"
#include "services/secretsmanager/secretsmanager.h"

namespace landfall::roles {

std::vector<NamedService> make_services(ControlPlane& plane) {
  std::vector<NamedService> services;
  services.push_back({"iam", iam::make_service(plane)});  // first: it makes the account
  services.push_back({"ec2", ec2::make_service(plane)});
  services.push_back({"acm", acm::make_service(plane)});
  services.push_back({"route53", route53::make_service(plane)});
  services.push_back({"cloudwatch", cloudwatch::make_service(plane)});
  services.push_back({"logs", logs::make_service(plane)});
  services.push_back({"secretsmanager", secretsmanager::make_service(plane)});
  services.push_back({"elbv2", elbv2::make_service(plane)});
  services.push_back({"autoscaling", autoscaling::make_service(plane)});
  services.push_back({"rds", rds::make_service(plane)});
  services.push_back({"elasticache", elasticache::make_service(plane)});
  services.push_back({"cloudfront", cloudfront::make_service(plane)});
  services.push_back({"elasticbeanstalk", elasticbeanstalk::make_service(plane)});
  services.push_back({"cloudformation", cloudformation::make_service(plane)});
  return services;
}

}  // namespace landfall::roles
