#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html
S3Result<aws::WireResponse> PutBucketOwnershipControls(S3Request& request,
                                                       const PutBucketOwnershipControlsRequest& in) {
  if (!in.OwnershipControls || in.OwnershipControls->Rules.size() != 1) return s3_fail("MalformedXML");
  const std::string ownership = in.OwnershipControls->Rules[0].ObjectOwnership.value_or("");
  if (ownership != "BucketOwnerEnforced" && ownership != "BucketOwnerPreferred" &&
      ownership != "ObjectWriter") {
    return s3_fail("MalformedXML");
  }
  const GetBucketOwnershipControlsOutput out{.OwnershipControls = in.OwnershipControls};
  LF_CHECK(
      put_configuration(request, kOwnershipConfiguration, document_of("GetBucketOwnershipControls", &out)));
  return empty_answer();
}

}  // namespace landfall::s3
