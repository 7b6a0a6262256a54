#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListUserTagsResponse ListUserTags(Call& call, const ListUserTagsRequest& in) {
  ListUserTagsResponse out;
  out.Tags = paginate(in, out, answer(find_user(call, in.UserName.value()).entity.tags),
                      [](const Tag& tag) { return *tag.Key; });
  return out;
}

}  // namespace landfall::iam
