// GetObject and HeadObject: conditions, ranges, and the verified bytes, streamed with back-pressure.
#pragma once

#include "services/s3/dataplane/request.h"

namespace landfall::s3 {

enum class BodyWanted { yes, no };
void read_object(std::shared_ptr<S3Request> request, BodyWanted wanted);

// The version that was found, though by another name than the request's own. `error_status`: it is the page
// of an error, whole and without conditions.
struct FoundOptions {
  BodyWanted wanted = BodyWanted::yes;
  int error_status = 0;
};
void send_found(std::shared_ptr<S3Request> request, SharedRecord record, FoundOptions options);

// What a missing key is to someone who may not list the bucket: AccessDenied, so that names do not leak.
S3Error missing_key(const S3Request& request, const StoreError& error);

}  // namespace landfall::s3
