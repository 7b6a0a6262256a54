// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListTagsForResource.html
#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/store.h"
#include "services/cloudwatch/tagged.h"

namespace landfall::cloudwatch {

ListTagsForResourceOutput ListTagsForResource(Call& call, const ListTagsForResourceInput& in) {
  ListTagsForResourceOutput out;
  for (const auto& [key, value] : tags_of(call, *in.ResourceARN))
    out.Tags.push_back({.Key = key, .Value = value});
  return out;
}

}  // namespace landfall::cloudwatch
