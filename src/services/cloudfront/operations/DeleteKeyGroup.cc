// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteKeyGroup.html
#include <algorithm>
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

#include "services/cloudfront/keys.h"

namespace landfall::cloudfront {

aws::Empty DeleteKeyGroup(Call& call, const DeleteKeyGroupRequest& in) {
  const KeyGroupRecord record = find_key_group(call, *in.Id);
  check_if_match(in.IfMatch, record.etag);
  if (!distributions_with(call, record.id).empty())
    throw ResourceInUse("The key group is used by a distribution.");
  call.global_rows(kKeyGroups).erase(record.id);
  return {};
}

}  // namespace landfall::cloudfront
