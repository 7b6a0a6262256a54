// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetKeyGroup.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/keys.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

GetKeyGroupResult GetKeyGroup(Call& call, const GetKeyGroupRequest& in) {
  const KeyGroupRecord record = find_key_group(call, *in.Id);
  return {.KeyGroup =
              KeyGroup{.Id = record.id, .LastModifiedTime = record.modified, .KeyGroupConfig = record.config},
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
