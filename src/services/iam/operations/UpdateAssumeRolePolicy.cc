#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty UpdateAssumeRolePolicy(Call& call, const UpdateAssumeRolePolicyRequest& in) {
  RoleRecord role = find_role_to_change(call, in.RoleName.value());
  check_document(call, in.PolicyDocument.value(), DocumentUse::trust);
  role.trust_policy = *in.PolicyDocument;
  put_role(call, std::move(role));
  return {};
}

}  // namespace landfall::iam
