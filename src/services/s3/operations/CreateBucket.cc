#include "services/s3/dataplane/bucket_policy.h"
#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/object_lock.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
S3Result<CreateBucketOutput> CreateBucket(S3Request& request, const CreateBucketRequest& in) {
  const std::string& region = request.core.options.region;
  const std::string& name = request.address.bucket;
  if (!is_valid_bucket_name(name))
    return std::unexpected(with_detail(s3_error("InvalidBucketName"), "BucketName", name));
  if (in.ACL && *in.ACL != "private") {
    return s3_fail("InvalidBucketAclWithObjectOwnership");
  }
  std::string wanted;
  if (in.CreateBucketConfiguration) wanted = in.CreateBucketConfiguration->LocationConstraint.value_or("");
  // us-east-1 has no name as a location constraint; elsewhere the constraint names the endpoint's region.
  if (region == "us-east-1" && wanted == "us-east-1") {
    return std::unexpected(with_detail(s3_error("InvalidLocationConstraint"), "LocationConstraint", wanted));
  }
  if (region == "us-east-1" ? !wanted.empty() : wanted != region) {
    const std::string said = wanted.empty() ? "unspecified" : wanted;
    return s3_fail("IllegalLocationConstraintException",
                   "The " + said +
                       " location constraint is incompatible for the region specific endpoint this request "
                       "was sent to.");
  }
  BucketRecord record;
  record.name = name;
  record.owner = request.caller_account();
  record.region = region;
  // What AWS gives every new bucket since April 2023.
  PublicAccessBlockConfiguration block{true, true, true, true};
  const GetPublicAccessBlockOutput block_output{.PublicAccessBlockConfiguration = block};
  record.configuration[kPublicAccessBlockConfiguration] = document_of("GetPublicAccessBlock", &block_output);
  OwnershipControls controls;
  controls.Rules.push_back({.ObjectOwnership = in.ObjectOwnership.value_or("BucketOwnerEnforced")});
  const GetBucketOwnershipControlsOutput controls_output{.OwnershipControls = controls};
  record.configuration[kOwnershipConfiguration] = document_of("GetBucketOwnershipControls", &controls_output);
  if (in.ObjectLockEnabledForBucket.value_or(false)) {
    const GetObjectLockConfigurationOutput lock{
        .ObjectLockConfiguration = ObjectLockConfiguration{.ObjectLockEnabled = "Enabled", .Rule = {}}};
    record.configuration[kObjectLockConfiguration] = document_of("GetObjectLockConfiguration", &lock);
    record.versioning = Versioning::enabled;
  }
  if (in.CreateBucketConfiguration && !in.CreateBucketConfiguration->Tags.empty()) {
    const GetBucketTaggingOutput tags{.TagSet = in.CreateBucketConfiguration->Tags};
    record.configuration[kTaggingConfiguration] = document_of("GetBucketTagging", &tags);
  }
  auto created =
      wait_for([&](Done<> done) { request.store().create_bucket(std::move(record), std::move(done)); });
  if (!created && created.error().code != StoreErrc::bucket_exists)
    return std::unexpected(from_store(created.error()));
  if (!created) {
    auto existing = request.store().find_bucket(name);
    const bool own = existing && existing->owner == request.caller_account();
    if (!own) return std::unexpected(with_detail(s3_error("BucketAlreadyExists"), "BucketName", name));
    // In us-east-1 alone AWS answers 200 to the owner, from before it had regions.
    if (region != "us-east-1")
      return std::unexpected(with_detail(s3_error("BucketAlreadyOwnedByYou"), "BucketName", name));
  }
  CreateBucketOutput out;
  out.Location = "/" + name;
  return out;
}

}  // namespace landfall::s3
