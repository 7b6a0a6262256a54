#include "services/s3/dataplane/bucket_policy.h"
#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
S3Result<aws::WireResponse> PutBucketPolicy(S3Request& request) {
  namespace policy = aws::policy;
  if (request.body.empty()) return s3_fail("MissingRequestBodyError");
  if (policy::policy_size(request.body) > policy::kMaxBucketPolicyBytes) {
    return s3_fail("MalformedPolicy", "Policies must be valid JSON and the size must not exceed 20 KB");
  }
  auto parsed = policy::parse_policy(request.body, policy::DocumentKind::resource);
  if (!parsed) return s3_fail("MalformedPolicy", parsed.error().message);
  for (const policy::Statement& statement : parsed->statements) {
    for (const policy::Pattern& resource : statement.resources) {
      const std::string& arn = resource.source();
      const std::string own = request.bucket_arn();
      if (arn != own && !arn.starts_with(own + "/") && arn != own + "*") {
        return std::unexpected(
            with_detail(s3_error("MalformedPolicy", "Policy has invalid resource"), "Detail", arn));
      }
    }
    for (const policy::Pattern& action : statement.actions) {
      if (!action.source().starts_with("s3:") && action.source() != "*") {
        return s3_fail("MalformedPolicy", "Policy has invalid action");
      }
    }
  }
  if (is_public(*parsed) && public_access_block_of(*request.bucket).block_public_policy) {
    return s3_fail("AccessDenied", "User: " + request.principal.who.arn +
                                       " is not authorized to perform: s3:PutBucketPolicy on resource: \"" +
                                       request.bucket_arn() +
                                       "\" because public policies are prevented by the BlockPublicPolicy "
                                       "setting in S3 Block Public Access.");
  }
  LF_CHECK(put_configuration(request, kPolicyConfiguration, request.body));
  return empty_answer(204);
}

}  // namespace landfall::s3
