// CompleteMultipartUpload's request and answer, to and from the store's.
#pragma once

#include "s3/shapes.h"
#include "services/s3/dataplane/request.h"

namespace landfall::s3 {

S3Result<CompleteRequest> complete_request_of(const S3Request& request,
                                              const CompleteMultipartUploadRequest& in);
CompleteMultipartUploadOutput complete_output_of(const S3Request& request, const ObjectRecord& record);

}  // namespace landfall::s3
