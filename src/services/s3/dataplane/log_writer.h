// In whose name a delivered log is written.
#pragma once

#include "delivery/log_delivery.h"
#include "services/s3/dataplane/request.h"

namespace landfall::s3 {

// Makes the request the writer's, for the log that `object` says (its body is not looked at).
// PermanentRedirect: the bucket is in another region than it must be; AccessControlListNotSupported: the
// writer stands for a grant in an ACL, and the bucket's ownership has none.
S3Result<> become_log_writer(S3Request& request, const delivery::PutObject& object);

}  // namespace landfall::s3
