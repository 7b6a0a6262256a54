// IAM for the rest of Landfall: what other services, the gateway and the roles may include. The data plane's
// part, for edge too: dataplane/directory.h (snapshots), dataplane/authenticator.h, dataplane/issuer.h.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/auth_error.h"
#include "gateway/call.h"
#include "services/iam/dataplane/authenticator.h"
#include "services/iam/dataplane/directory.h"
#include "services/service.h"

namespace landfall::iam {

// Control's part of IAM: makes the account's row and root access key at first start (the key from
// <data_dir>/root-credentials.json, which `up` wrote; generated if there is none), and keeps the snapshot
// that authentication reads, updated within each commit.
class IamService : public Service {
 public:
  virtual std::shared_ptr<const IamSnapshot> snapshot() = 0;
};
std::unique_ptr<IamService> make_service(ControlPlane& plane);

// The account's row, token key and root access key, made where they are missing: at start, and after a reset.
void ensure_account(Call& call);

// The gateway's bridge from authentication to Call.
Caller caller_of(const Principal& principal, const http::Request& request);

// For other services' handlers.
struct InstanceProfileInfo {
  std::string name, arn, id;
  std::string role_name, role_arn;  // empty: no role in it
};
std::optional<InstanceProfileInfo> instance_profile_info(Call& call, std::string_view name_or_arn);
// Whether the role is there and its trust policy lets that service assume it
// ("cloudformation.amazonaws.com").
bool trusts_service(Call& call, std::string_view role_arn, std::string_view service);
struct RoleInfo {
  std::string name, arn, id;
};
std::optional<RoleInfo> role_info(Call& call, std::string_view name_or_arn);
// iam:PassRole for that role to that service ("ec2.amazonaws.com"); throws AccessDenied.
void check_pass_role(Call& call, std::string_view role_arn, std::string_view to_service);
// The service-linked role of "autoscaling.amazonaws.com" and the like: its ARN; made if it is not there.
std::string ensure_service_linked_role(Call& call, std::string_view service);
// The keyring of the account, for STS.
aws::TokenKeyring token_keyring(Call& call);

}  // namespace landfall::iam
