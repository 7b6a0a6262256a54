#include "services/s3/dataplane/body_upload.h"
#include "services/s3/dataplane/multipart.h"
#include "services/s3/dataplane/object_headers.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
void UploadPart(std::shared_ptr<S3Request> request) {
  auto number = part_number_of(*request);
  if (!number) return request->fail(number.error());
  upload_body(request, [request, number = *number](UploadedBody uploaded) {
    PartRecord part;
    part.number = number;
    part.etag = std::move(uploaded.md5_hex);
    part.checksum = std::move(uploaded.checksum);
    request->store().put_part(request->object(), *request->parameter("uploadId"), std::move(part),
                              std::move(uploaded.body), [request](StoreResult<PartRecord> stored) {
                                request->post([request, stored = std::move(stored)] {
                                  if (!stored) return request->fail(from_store(stored.error()));
                                  aws::WireResponse response;
                                  response.headers.add("ETag", quoted_etag(stored->etag));
                                  response.headers.add("x-amz-server-side-encryption", "AES256");
                                  if (stored->checksum.algorithm != ChecksumAlgorithm::none) {
                                    response.headers.add(std::string(header_of(stored->checksum.algorithm)),
                                                         stored->checksum.value);
                                  }
                                  request->respond(std::move(response));
                                });
                              });
  });
}

}  // namespace landfall::s3
