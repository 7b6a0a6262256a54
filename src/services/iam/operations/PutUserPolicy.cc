#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty PutUserPolicy(Call& call, const PutUserPolicyRequest& in) {
  UserRecord user = find_user(call, in.UserName.value());
  const std::string& name = in.PolicyName.value();
  check_document(call, in.PolicyDocument.value(), DocumentUse::user_inline,
                 inline_bytes_without(user.entity, name));
  user.entity.inline_policies[name] = *in.PolicyDocument;
  put_user(call, std::move(user));
  return {};
}

}  // namespace landfall::iam
