// Enabling standard logs: what is asked of the bucket, and what edge is told.
#include <gtest/gtest.h>

#include <filesystem>

#include "cloudfront/operations.h"
#include "gateway/ask_s3.h"
#include "gateway/testing.h"
#include "services/acm/acm.h"
#include "services/cloudfront/cloudfront.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

TEST(StandardLogging, NeedsABucketWithAcls) {
  char name[] = "/tmp/landfall-cloudfront-XXXXXX";
  testing_support::TestPlane t;
  t.config.data_dir = mkdtemp(name);
  const auto acm = acm::make_service(t.plane), service = make_service(t.plane);
  acm->start();
  service->start();
  DistributionConfig logged{.CallerReference = "logged", .Comment = "", .Enabled = true};
  logged.Origins =
      cloudfront::Origins{.Quantity = 1,
                          .Items = {Origin{.Id = "site",
                                           .DomainName = "assets.s3.us-east-1.amazonaws.com",
                                           .S3OriginConfig = S3OriginConfig{.OriginAccessIdentity = ""}}}};
  logged.DefaultCacheBehavior = DefaultCacheBehavior{.TargetOriginId = "site",
                                                     .ViewerProtocolPolicy = "allow-all",
                                                     .CachePolicyId = "658327ea-f89d-4fab-a63d-7e88639e58f6"};
  logged.Logging = LoggingConfig{
      .Enabled = true, .IncludeCookies = false, .Bucket = "logs.s3.amazonaws.com", .Prefix = "cdn/"};
  const auto create_with = [&](const S3Reply& reply) {
    S3Answers answers;
    t.s3_answers = &answers;
    for (;;) {
      try {
        auto refusal = t.refusal(CreateDistribution, CreateDistributionRequest{.DistributionConfig = logged});
        t.s3_answers = nullptr;
        return refusal;
      } catch (const S3Wanted& wanted) {
        EXPECT_EQ(wanted.request.path + "?" + wanted.request.query, "/logs?ownershipControls");
        answers.add(wanted.request, reply);
      }
    }
  };
  EXPECT_EQ(create_with({.status = 404, .error_code = "NoSuchBucket"}),
            "InvalidArgument: The parameter Logging Bucket does not refer to a valid S3 bucket: "
            "logs.s3.amazonaws.com");
  EXPECT_EQ(
      create_with({.status = 200, .body = "<ObjectOwnership>BucketOwnerEnforced</ObjectOwnership>"}),
      "InvalidArgument: The S3 bucket that you specified for CloudFront logs does not enable ACL access: "
      "logs.s3.amazonaws.com");
  EXPECT_EQ(create_with({.status = 200, .body = "<ObjectOwnership>BucketOwnerPreferred</ObjectOwnership>"}),
            "");
  const DistributionSnapshot snapshot = t.call([&](Call& call) {
    const auto all = call.global_rows(kDistributions).all();
    return snapshot_of(call, *all.at(0).second);
  });
  EXPECT_EQ(snapshot.logging.bucket, "logs");
  EXPECT_EQ(snapshot.logging.prefix, "cdn/");
  std::filesystem::remove_all(name);
}

}  // namespace landfall::cloudfront
