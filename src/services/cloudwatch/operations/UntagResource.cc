// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_UntagResource.html
#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/store.h"
#include "services/cloudwatch/tagged.h"

namespace landfall::cloudwatch {

UntagResourceOutput UntagResource(Call& call, const UntagResourceInput& in) {
  change_tags(call, *in.ResourceARN, [&](Tags& tags) {
    for (const std::string& key : in.TagKeys) tags.erase(key);
  });
  return {};
}

}  // namespace landfall::cloudwatch
