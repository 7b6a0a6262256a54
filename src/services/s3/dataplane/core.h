// S3Core: what every request of the service shares.
#pragma once

#include <atomic>
#include <memory>

#include "services/iam/dataplane/authenticator.h"
#include "services/s3/dataplane/access_logs.h"
#include "services/s3/dataplane/bucket_policy.h"
#include "services/s3/dataplane/lifecycle_thread.h"
#include "services/s3/dataplane/object_store.h"
#include "services/s3/s3.h"

namespace landfall::s3 {

struct S3Core {
  S3Options options;
  std::unique_ptr<ObjectStore> store;
  BucketPolicies policies;
  std::atomic<std::shared_ptr<const iam::IamSnapshot>> iam;
  S3Counters counters;
  AccessLogs access_logs;
  std::unique_ptr<LifecycleThread> lifecycle;  // last: it ends before the store does
};

}  // namespace landfall::s3
