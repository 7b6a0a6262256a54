// Object Lock: a version that is retained or held cannot be deleted. Its lock is kept among the headers of
// the version, under the names in which reads show it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "services/s3/dataplane/request.h"

namespace landfall::s3 {

inline constexpr const char* kObjectLockConfiguration = "object-lock";

struct Lock {
  std::string mode;  // GOVERNANCE, COMPLIANCE; empty: not retained
  Timestamp until;
  std::string legal_hold;  // ON, OFF; empty: never set
};

bool is_lock_enabled(const BucketRecord& bucket);
Lock lock_of(const ObjectAttributes& attributes);
void set_lock(ObjectAttributes& attributes, const Lock& lock);

// The lock of a new version: what the upload's headers say, else the bucket's default retention.
S3Result<> lock_new_version(const BucketRecord& bucket, const http::Headers& headers, Timestamp now,
                            ObjectAttributes& attributes);

// Whether a version with that lock may go at `now`; governance gives way to `bypass`. Pure.
enum class Bypass { no, yes };
bool is_locked(const Lock& lock, Timestamp now, Bypass bypass);

// x-amz-bypass-governance-retention, if it is sent and the caller may.
Bypass bypass_of(const S3Request& request, const std::string& object_arn);
// A Precondition for a deletion of a version: refuses where it is locked.
Precondition refuse_if_locked(Timestamp now, Bypass bypass);

// For the operations on one version's lock; they block.
S3Result<Lock> find_lock(S3Request& request, const std::optional<std::string>& version_id);
S3Result<> change_lock(S3Request& request, const std::optional<std::string>& version_id,
                       const std::function<S3Result<>(Lock&)>& change);
// A retention is only made longer or stricter, unless it is governance and the caller may bypass it.
S3Result<> may_shorten(const S3Request& request, const Lock& now, const Lock& wanted);

}  // namespace landfall::s3
