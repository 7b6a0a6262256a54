#include <algorithm>

#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/object_headers.h"
#include "services/s3/dataplane/tags.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
S3Result<aws::WireResponse> PutBucketTagging(S3Request& request, const PutBucketTaggingRequest& in) {
  constexpr size_t kMaxBucketTags = 50;
  if (!in.Tagging) return s3_fail("MalformedXML");
  StringPairs tags = pairs_of(in.Tagging->TagSet);
  // CloudFormation marks what it makes with aws:cloudformation:* tags; nobody else may set such tags.
  const bool by_service = std::any_of(request.caller_context.begin(), request.caller_context.end(),
                                      [](const auto& pair) { return pair.first == "aws:CalledVia"; });
  if (by_service) std::erase_if(tags, [](const auto& tag) { return tag.first.starts_with("aws:"); });
  LF_CHECK(check_tags(tags, kMaxBucketTags));
  const GetBucketTaggingOutput out{.TagSet = in.Tagging->TagSet};
  LF_CHECK(put_configuration(request, kTaggingConfiguration, document_of("GetBucketTagging", &out)));
  return empty_answer(204);
}

}  // namespace landfall::s3
