// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteOriginAccessControl.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

aws::Empty DeleteOriginAccessControl(Call& call, const DeleteOriginAccessControlRequest& in) {
  const OriginAccessControlRecord record = find_origin_access_control(call, *in.Id);
  check_if_match(in.IfMatch, record.etag);
  call.global_rows(kDistributions).each([&](std::string_view id, const DistributionRecord& distribution) {
    if (uses(distribution, record.id))
      throw OriginAccessControlInUse("Cannot delete the origin access control because distribution " +
                                     std::string(id) + " uses it.");
  });
  call.global_rows(kOriginAccessControls).erase(record.id);
  return {};
}

}  // namespace landfall::cloudfront
