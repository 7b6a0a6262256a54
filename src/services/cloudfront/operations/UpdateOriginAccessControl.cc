// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateOriginAccessControl.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

UpdateOriginAccessControlResult UpdateOriginAccessControl(Call& call,
                                                          const UpdateOriginAccessControlRequest& in) {
  OriginAccessControlRecord record = find_origin_access_control(call, *in.Id);
  check_if_match(in.IfMatch, record.etag);
  call.global_rows(kOriginAccessControls)
      .each([&](std::string_view id, const OriginAccessControlRecord& other) {
        if (id != record.id && other.config.Name == in.OriginAccessControlConfig->Name)
          throw OriginAccessControlAlreadyExists("An origin access control with this name already exists: " +
                                                 *in.OriginAccessControlConfig->Name);
      });
  if (in.OriginAccessControlConfig->OriginAccessControlOriginType != "s3")
    throw InvalidArgument("Landfall has origin access controls for s3 only.");
  record.config = *in.OriginAccessControlConfig;
  record.etag = new_id(call);
  call.global_rows(kOriginAccessControls).put(record.id, record);
  for (const auto& [id, distribution] : call.global_rows(kDistributions).all())
    if (uses(*distribution, record.id)) sync_distribution(call, id);
  return {
      .OriginAccessControl = OriginAccessControl{.Id = record.id, .OriginAccessControlConfig = record.config},
      .ETag = record.etag};
}

}  // namespace landfall::cloudfront
