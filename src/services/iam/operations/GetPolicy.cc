#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

GetPolicyResponse GetPolicy(Call& call, const GetPolicyRequest& in) {
  if (const ManagedPolicy* managed = find_managed_policy(in.PolicyArn.value()))
    return {.Policy = answer(call, *managed, Detail::full)};
  return {.Policy = answer(call, find_policy(call, *in.PolicyArn), Detail::full)};
}

}  // namespace landfall::iam
