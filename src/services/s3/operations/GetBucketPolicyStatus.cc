#include "services/s3/dataplane/bucket_policy.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html
S3Result<GetBucketPolicyStatusOutput> GetBucketPolicyStatus(S3Request& request,
                                                            const GetBucketPolicyStatusRequest&) {
  auto policy = request.core.policies.of(*request.bucket);
  if (!policy)
    return std::unexpected(with_detail(s3_error("NoSuchBucketPolicy"), "BucketName", request.address.bucket));
  GetBucketPolicyStatusOutput out;
  out.PolicyStatus = PolicyStatus{.IsPublic = policy->is_public};
  return out;
}

}  // namespace landfall::s3
