#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListUserPoliciesResponse ListUserPolicies(Call& call, const ListUserPoliciesRequest& in) {
  ListUserPoliciesResponse out;
  std::vector<std::string> names;
  const UserRecord user = find_user(call, in.UserName.value());
  for (const auto& [name, document] : user.entity.inline_policies) names.push_back(name);
  out.PolicyNames = paginate(in, out, std::move(names), [](const std::string& name) { return name; });
  return out;
}

}  // namespace landfall::iam
