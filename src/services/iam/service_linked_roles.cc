#include "services/iam/service_linked_roles.h"

#include <cctype>

#include "iam/errors.h"
#include "services/iam/records.h"

namespace landfall::iam {
namespace {

struct Known {
  const char *service, *name, *policy;
};
constexpr Known kKnown[] = {
    {"autoscaling.amazonaws.com", "AutoScaling", "AutoScalingServiceRolePolicy"},
    {"elasticloadbalancing.amazonaws.com", "ElasticLoadBalancing",
     "AWSElasticLoadBalancingServiceRolePolicy"},
    {"rds.amazonaws.com", "RDS", "AmazonRDSServiceRolePolicy"},
    {"elasticache.amazonaws.com", "ElastiCache", "ElastiCacheServiceRolePolicy"},
    {"elasticbeanstalk.amazonaws.com", "ElasticBeanstalk", "AWSElasticBeanstalkServiceRolePolicy"},
};

}  // namespace

ServiceLinkedRole service_linked_role(const std::string& service, const std::string& suffix) {
  constexpr std::string_view kEnd = ".amazonaws.com";
  if (!service.ends_with(kEnd) || service.size() == kEnd.size())
    throw InvalidInputException("Service Name is not valid: " + service);
  ServiceLinkedRole linked{.service = service};
  for (const Known& known : kKnown) {
    if (service != known.service) continue;
    linked.role_name = std::string("AWSServiceRoleFor") + known.name;
    linked.policy_arn = std::string("arn:aws:iam::aws:policy/aws-service-role/") + known.policy;
  }
  if (linked.role_name.empty()) {
    std::string name = service.substr(0, service.find('.'));
    name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    linked.role_name = "AWSServiceRoleFor" + name;
  }
  if (!suffix.empty()) linked.role_name += "_" + suffix;
  return linked;
}

RoleRecord create_service_linked_role(Call& call, const ServiceLinkedRole& linked,
                                      const std::string& description) {
  if (call.global_rows(kRoles).has(linked.role_name))
    throw InvalidInputException("Service role name " + linked.role_name +
                                " has been taken in this account, please try a different suffix.");
  RoleRecord role{
      .trust_policy = R"({"Version":"2012-10-17","Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow",)"
                      R"("Principal":{"Service":[")" +
                      linked.service + R"("]}}]})",
      .description = description,
      .linked_service = linked.service};
  role.entity = {.name = linked.role_name,
                 .path = "/aws-service-role/" + linked.service + "/",
                 .id = new_id(call, "AROA"),
                 .created = call.now};
  role.entity.arn = entity_arn(call, "role", role.entity.path, linked.role_name);
  if (!linked.policy_arn.empty()) role.entity.attached.push_back(linked.policy_arn);
  put_role(call, role);
  return role;
}

}  // namespace landfall::iam
