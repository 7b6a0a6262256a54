// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetOriginAccessControlConfig.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

GetOriginAccessControlConfigResult GetOriginAccessControlConfig(
    Call& call, const GetOriginAccessControlConfigRequest& in) {
  const OriginAccessControlRecord record = find_origin_access_control(call, *in.Id);
  return {.OriginAccessControlConfig = record.config, .ETag = record.etag};
}

}  // namespace landfall::cloudfront
