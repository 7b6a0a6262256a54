// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetOriginAccessControl.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

GetOriginAccessControlResult GetOriginAccessControl(Call& call, const GetOriginAccessControlRequest& in) {
  const OriginAccessControlRecord record = find_origin_access_control(call, *in.Id);
  return {
      .OriginAccessControl = OriginAccessControl{.Id = record.id, .OriginAccessControlConfig = record.config},
      .ETag = record.etag};
}

}  // namespace landfall::cloudfront
