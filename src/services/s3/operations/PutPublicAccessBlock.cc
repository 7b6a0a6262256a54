#include "services/s3/dataplane/bucket_policy.h"
#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html
S3Result<aws::WireResponse> PutPublicAccessBlock(S3Request& request, const PutPublicAccessBlockRequest& in) {
  if (!in.PublicAccessBlockConfiguration) return s3_fail("MalformedXML");
  PublicAccessBlockConfiguration block = *in.PublicAccessBlockConfiguration;
  for (auto* flag : {&block.BlockPublicAcls, &block.IgnorePublicAcls, &block.BlockPublicPolicy,
                     &block.RestrictPublicBuckets}) {
    if (!*flag) *flag = false;
  }
  const GetPublicAccessBlockOutput out{.PublicAccessBlockConfiguration = block};
  LF_CHECK(
      put_configuration(request, kPublicAccessBlockConfiguration, document_of("GetPublicAccessBlock", &out)));
  return empty_answer();
}

}  // namespace landfall::s3
