#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListRoleTagsResponse ListRoleTags(Call& call, const ListRoleTagsRequest& in) {
  ListRoleTagsResponse out;
  out.Tags = paginate(in, out, answer(find_role(call, in.RoleName.value()).entity.tags),
                      [](const Tag& tag) { return *tag.Key; });
  return out;
}

}  // namespace landfall::iam
