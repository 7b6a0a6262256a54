#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListGroupPoliciesResponse ListGroupPolicies(Call& call, const ListGroupPoliciesRequest& in) {
  ListGroupPoliciesResponse out;
  std::vector<std::string> names;
  const GroupRecord group = find_group(call, in.GroupName.value());
  for (const auto& [name, document] : group.entity.inline_policies) names.push_back(name);
  out.PolicyNames = paginate(in, out, std::move(names), [](const std::string& name) { return name; });
  return out;
}

}  // namespace landfall::iam
