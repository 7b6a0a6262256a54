#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListPolicyTagsResponse ListPolicyTags(Call& call, const ListPolicyTagsRequest& in) {
  ListPolicyTagsResponse out;
  std::vector<Tag> tags;
  if (find_managed_policy(in.PolicyArn.value()) == nullptr)
    tags = answer(find_policy(call, *in.PolicyArn).tags);
  out.Tags = paginate(in, out, std::move(tags), [](const Tag& tag) { return *tag.Key; });
  return out;
}

}  // namespace landfall::iam
