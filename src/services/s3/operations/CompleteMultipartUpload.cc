#include "services/s3/dataplane/multipart_complete.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
S3Result<CompleteMultipartUploadOutput> CompleteMultipartUpload(S3Request& request,
                                                                const CompleteMultipartUploadRequest& in) {
  LF_TRY(CompleteRequest complete, complete_request_of(request, in));
  auto stored = wait_for<ObjectRecord>([&](Done<ObjectRecord> done) {
    request.store().complete_upload(std::move(complete), std::move(done));
  });
  if (!stored)
    return std::unexpected(with_detail(from_store(stored.error()), "UploadId", in.UploadId.value_or("")));
  return complete_output_of(request, *stored);
}

}  // namespace landfall::s3
