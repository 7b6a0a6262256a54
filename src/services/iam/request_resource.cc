#include "services/iam/request_resource.h"

#include <algorithm>

#include "aws/arn.h"

namespace landfall::iam {
namespace {

constexpr std::string_view kAboutOneself[] = {"GetUser", "CreateAccessKey", "DeleteAccessKey",
                                              "ListAccessKeys", "UpdateAccessKey"};

}  // namespace

std::string request_resource(const IamSnapshot& snapshot, const Principal& principal,
                             std::string_view operation, std::string arn) {
  if (arn == "*")
    return std::ranges::find(kAboutOneself, operation) != std::end(kAboutOneself) && principal.identity
               ? principal.who.arn
               : arn;
  const auto parts = aws::split_arn(arn);
  if (!parts || parts->service != "iam" || parts->account != principal.who.account) return arn;
  const AccountIdentities* account = snapshot.account(parts->account);
  if (account == nullptr) return arn;
  const std::string_view name = parts->resource_name();
  if (parts->resource_type() == "user") {
    if (const auto user = account->user(name)) return user->arn;
  } else if (parts->resource_type() == "group") {
    if (const auto* group_arn = account->group_arn(name)) return *group_arn;
  } else if (parts->resource_type() == "role") {
    if (const auto role = account->role(name)) return role->arn;
  } else if (parts->resource_type() == "instance-profile") {
    if (const auto* profile = account->instance_profile(name)) return profile->arn;
  }
  return arn;
}

}  // namespace landfall::iam
