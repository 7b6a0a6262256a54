// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateOriginAccessControl.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

CreateOriginAccessControlResult CreateOriginAccessControl(Call& call,
                                                          const CreateOriginAccessControlRequest& in) {
  const auto& config = *in.OriginAccessControlConfig;
  call.global_rows(kOriginAccessControls).each([&](std::string_view, const OriginAccessControlRecord& other) {
    if (other.config.Name == config.Name)
      throw OriginAccessControlAlreadyExists("An origin access control with this name already exists: " +
                                             *config.Name);
  });
  if (config.OriginAccessControlOriginType != "s3")
    throw InvalidArgument("Landfall has origin access controls for s3 only.");
  OriginAccessControlRecord record{.id = new_id(call), .etag = new_id(call), .config = config};
  call.global_rows(kOriginAccessControls).put(record.id, record);
  return {
      .OriginAccessControl = OriginAccessControl{.Id = record.id, .OriginAccessControlConfig = record.config},
      .Location = "https://cloudfront.amazonaws.com/2020-05-31/origin-access-control/" + record.id,
      .ETag = record.etag};
}

}  // namespace landfall::cloudfront
