// The ARN that an IAM request is about: requests give names, policies are written about ARNs with paths.
#pragma once

#include <string>
#include <string_view>

#include "services/iam/dataplane/authenticator.h"

namespace landfall::iam {

// `arn` as aws::policy::resource_arn() made it from the request's members. Gives users, roles and instance
// profiles the path they have, and the operations about oneself (GetUser, ListAccessKeys... without UserName)
// the caller's own ARN.
std::string request_resource(const IamSnapshot& snapshot, const Principal& principal,
                             std::string_view operation, std::string arn);

}  // namespace landfall::iam
