#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
S3Result<aws::WireResponse> DeleteBucket(S3Request& request) {
  auto deleted =
      wait_for([&](Done<> done) { request.store().delete_bucket(request.address.bucket, std::move(done)); });
  if (!deleted) {
    return std::unexpected(with_detail(from_store(deleted.error()), "BucketName", request.address.bucket));
  }
  return empty_answer(204);
}

}  // namespace landfall::s3
