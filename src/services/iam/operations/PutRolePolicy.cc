#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty PutRolePolicy(Call& call, const PutRolePolicyRequest& in) {
  RoleRecord role = find_role_to_change(call, in.RoleName.value());
  const std::string& name = in.PolicyName.value();
  check_document(call, in.PolicyDocument.value(), DocumentUse::role_inline,
                 inline_bytes_without(role.entity, name));
  role.entity.inline_policies[name] = *in.PolicyDocument;
  put_role(call, std::move(role));
  return {};
}

}  // namespace landfall::iam
