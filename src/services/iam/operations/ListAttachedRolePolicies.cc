#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListAttachedRolePoliciesResponse ListAttachedRolePolicies(Call& call,
                                                          const ListAttachedRolePoliciesRequest& in) {
  return list_attached<ListAttachedRolePoliciesResponse>(in, find_role(call, in.RoleName.value()).entity);
}

}  // namespace landfall::iam
