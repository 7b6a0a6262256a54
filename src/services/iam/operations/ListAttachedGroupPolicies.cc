#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListAttachedGroupPoliciesResponse ListAttachedGroupPolicies(Call& call,
                                                            const ListAttachedGroupPoliciesRequest& in) {
  return list_attached<ListAttachedGroupPoliciesResponse>(in, find_group(call, in.GroupName.value()).entity);
}

}  // namespace landfall::iam
