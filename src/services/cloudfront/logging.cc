// What enabling standard logs asks of the bucket.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
#include <fmt/format.h>

#include "cloudfront/errors.h"
#include "gateway/ask_s3.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

// CloudFront writes by a grant that it puts into the bucket's ACL when logging is enabled: the bucket must
// have ACLs, and who enables it must be allowed to change them.
void check_logging(const Call& call, const DistributionConfig& config) {
  if (!config.Logging || !config.Logging->Enabled.value_or(false)) return;
  const std::string domain = config.Logging->Bucket.value_or("");
  const std::string bucket = bucket_of(domain);
  const auto invalid = [&] {
    return InvalidArgument("The parameter Logging Bucket does not refer to a valid S3 bucket: " + domain);
  };
  if (bucket.empty()) throw invalid();
  const auto reply = ask_s3(
      call,
      {.method = "GET",
       .path = "/" + bucket,
       .query = "ownershipControls",
       .principal = fmt::format(R"({{"service":"cloudfront.amazonaws.com","account":"{}"}})", call.account)});
  if (!reply) return;
  if (reply->error_code == "NoSuchBucket" || reply->error_code == "InvalidBucketName") throw invalid();
  if (reply->status == 403)
    throw AccessDenied("CloudFront is not allowed to write its logs to the bucket " + bucket);
  if (reply->status == 200 && reply->body.find("BucketOwnerEnforced") != std::string::npos)
    throw InvalidArgument(
        "The S3 bucket that you specified for CloudFront logs does not enable ACL access: " + domain);
  for (const char* action : {"s3:GetBucketAcl", "s3:PutBucketAcl"})
    call.authorize(action, "arn:" + call.partition() + ":s3:::" + bucket, {});
}

}  // namespace landfall::cloudfront
