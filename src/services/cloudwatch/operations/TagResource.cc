// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_TagResource.html
#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/store.h"
#include "services/cloudwatch/tagged.h"

namespace landfall::cloudwatch {

TagResourceOutput TagResource(Call& call, const TagResourceInput& in) {
  change_tags(call, *in.ResourceARN, [&](Tags& tags) { add_tags(call, tags, in.Tags); });
  return {};
}

}  // namespace landfall::cloudwatch
