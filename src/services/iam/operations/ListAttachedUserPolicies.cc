#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListAttachedUserPoliciesResponse ListAttachedUserPolicies(Call& call,
                                                          const ListAttachedUserPoliciesRequest& in) {
  return list_attached<ListAttachedUserPoliciesResponse>(in, find_user(call, in.UserName.value()).entity);
}

}  // namespace landfall::iam
