#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListRolePoliciesResponse ListRolePolicies(Call& call, const ListRolePoliciesRequest& in) {
  ListRolePoliciesResponse out;
  std::vector<std::string> names;
  const RoleRecord role = find_role(call, in.RoleName.value());
  for (const auto& [name, document] : role.entity.inline_policies) names.push_back(name);
  out.PolicyNames = paginate(in, out, std::move(names), [](const std::string& name) { return name; });
  return out;
}

}  // namespace landfall::iam
