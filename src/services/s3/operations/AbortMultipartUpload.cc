#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
S3Result<aws::WireResponse> AbortMultipartUpload(S3Request& request) {
  auto aborted = wait_for([&](Done<> done) {
    request.store().abort_upload(request.object(), *request.parameter("uploadId"), std::move(done));
  });
  if (!aborted) return std::unexpected(from_store(aborted.error()));
  return empty_answer(204);
}

}  // namespace landfall::s3
