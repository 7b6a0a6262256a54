#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty PutGroupPolicy(Call& call, const PutGroupPolicyRequest& in) {
  GroupRecord group = find_group(call, in.GroupName.value());
  const std::string& name = in.PolicyName.value();
  check_document(call, in.PolicyDocument.value(), DocumentUse::group_inline,
                 inline_bytes_without(group.entity, name));
  group.entity.inline_policies[name] = *in.PolicyDocument;
  put_group(call, std::move(group));
  return {};
}

}  // namespace landfall::iam
