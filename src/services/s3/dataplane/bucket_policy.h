// Bucket policies, compiled, and what makes one public.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "aws/policy/evaluate.h"
#include "services/s3/dataplane/records.h"

namespace landfall::s3 {

// True if some Allow of it reaches beyond a fixed set of principals, networks or sources.
bool is_public(const aws::policy::Policy& policy);

struct PublicAccessBlock {
  bool block_public_acls = false, ignore_public_acls = false, block_public_policy = false,
       restrict_public_buckets = false;
};
PublicAccessBlock public_access_block_of(const BucketRecord& bucket);
inline constexpr const char* kPublicAccessBlockConfiguration = "publicAccessBlock";
inline constexpr const char* kPolicyConfiguration = "policy";

struct BucketPolicy {
  aws::policy::NamedPolicy named;
  bool is_public = false;
};

// The compiled policy of each bucket, remembered by the record's revision. Threads: any.
class BucketPolicies {
 public:
  // Null: the bucket has no policy.
  std::shared_ptr<const BucketPolicy> of(const BucketRecord& bucket);

 private:
  struct Entry {
    uint64_t revision = 0;
    std::shared_ptr<const BucketPolicy> policy;
  };
  std::mutex mutex_;
  std::map<BucketId, Entry> entries_;
};

}  // namespace landfall::s3
