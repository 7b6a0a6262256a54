// Service-linked roles: https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
#pragma once

#include <string>

#include "gateway/call.h"
#include "services/iam/store.h"

namespace landfall::iam {

struct ServiceLinkedRole {
  std::string service;     // "autoscaling.amazonaws.com"
  std::string role_name;   // "AWSServiceRoleForAutoScaling"
  std::string policy_arn;  // empty: none known
};
// Throws InvalidInput if it is not a service's name.
ServiceLinkedRole service_linked_role(const std::string& service, const std::string& suffix);
RoleRecord create_service_linked_role(Call& call, const ServiceLinkedRole& linked,
                                      const std::string& description);

}  // namespace landfall::iam
