// Lifecycle: what a bucket's rules say is to go (pure), and the thread that lets it go, each hour. As on AWS,
// days are counted to the next midnight UTC.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "s3/shapes.h"
#include "services/s3/dataplane/object_store.h"
#include "services/s3/dataplane/s3_error.h"

namespace landfall::s3 {

inline constexpr const char* kLifecycleConfiguration = "lifecycle";
inline constexpr const char* kLifecycleMinimumSize = "lifecycle-minimum-size";

S3Result<> check_lifecycle(const std::vector<LifecycleRule>& rules);

struct ExpirationRule {
  std::string prefix;
  StringPairs tags;
  std::optional<int64_t> larger_than, smaller_than;
  std::optional<int64_t> days;  // of the current version
  std::optional<Timestamp> date;
  bool lone_markers = false;  // ExpiredObjectDeleteMarker
  std::optional<int64_t> noncurrent_days;
  int64_t newer_noncurrent = 0;  // this many noncurrent versions stay
  std::optional<int64_t> abort_uploads_days;
};
// The enabled rules of a stored document; empty if there is none.
std::vector<ExpirationRule> expiration_rules_of(const BucketRecord& bucket);

// How a version stands among its key's.
struct Standing {
  bool is_latest = true;
  bool is_only = false;          // the key has no other version
  int64_t newer_noncurrent = 0;  // noncurrent versions that are newer
  Timestamp noncurrent_since;    // when the next newer version came; of noncurrent ones
};
bool is_expired(const std::vector<ExpirationRule>& rules, const std::string& key, const ObjectRecord& record,
                const Standing& standing, Timestamp now);

// One pass over every bucket that has rules; blocks. How many versions and uploads went.
size_t apply_lifecycles(ObjectStore& store, Timestamp now);

}  // namespace landfall::s3
