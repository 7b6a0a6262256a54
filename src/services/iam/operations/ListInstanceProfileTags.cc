#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListInstanceProfileTagsResponse ListInstanceProfileTags(Call& call,
                                                        const ListInstanceProfileTagsRequest& in) {
  ListInstanceProfileTagsResponse out;
  out.Tags = paginate(in, out, answer(find_instance_profile(call, in.InstanceProfileName.value()).tags),
                      [](const Tag& tag) { return *tag.Key; });
  return out;
}

}  // namespace landfall::iam
