#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/object_headers.h"
#include "services/s3/dataplane/tags.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
S3Result<aws::WireResponse> PutBucketTagging(S3Request& request, const PutBucketTaggingRequest& in) {
  constexpr size_t kMaxBucketTags = 50;
  if (!in.Tagging) return s3_fail("MalformedXML");
  LF_CHECK(check_tags(pairs_of(in.Tagging->TagSet), kMaxBucketTags));
  const GetBucketTaggingOutput out{.TagSet = in.Tagging->TagSet};
  LF_CHECK(put_configuration(request, kTaggingConfiguration, document_of("GetBucketTagging", &out)));
  return empty_answer(204);
}

}  // namespace landfall::s3
