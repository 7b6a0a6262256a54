#include "services/s3/dataplane/object_read.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
void GetObject(std::shared_ptr<S3Request> request) { read_object(std::move(request), BodyWanted::yes); }

}  // namespace landfall::s3
