#include "services/s3/dataplane/object_read.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
void HeadObject(std::shared_ptr<S3Request> request) { read_object(std::move(request), BodyWanted::no); }

}  // namespace landfall::s3
