// Instance profiles as IAM publishes them (services/iam/snapshot.h): by name or ARN, with their role.
#pragma once

#include <optional>
#include <string>

#include "gateway/call.h"

namespace landfall::ec2 {

struct InstanceProfile {
  std::string name, arn, id;
  std::string role_name, role_arn, role_id;  // empty: the profile has no role
};
std::optional<InstanceProfile> find_instance_profile(const Call& call, const std::string& name);
std::string profile_name_of_arn(const std::string& arn);

struct ProfileReference {
  std::optional<std::string> arn, name;
};
// Also checks that the caller may pass the role to EC2. Throws InvalidParameterValue.
InstanceProfile require_instance_profile(const Call& call, const ProfileReference& reference);

}  // namespace landfall::ec2
