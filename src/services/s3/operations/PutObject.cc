#include "services/s3/dataplane/body_upload.h"
#include "services/s3/dataplane/object_headers.h"
#include "services/s3/dataplane/object_lock.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
void PutObject(std::shared_ptr<S3Request> request) {
  auto attributes = attributes_of(request->http().headers);
  if (!attributes) return request->fail(attributes.error());
  if (auto locked = lock_new_version(*request->bucket, request->http().headers,
                                     request->store().clock().now(), *attributes);
      !locked)
    return request->fail(locked.error());
  if (!attributes->tags.empty()) {
    if (auto allowed = request->authorize("s3:PutObjectTagging"); !allowed)
      return request->fail(allowed.error());
  }
  auto precondition = write_precondition(request->http().headers);
  if (!precondition) return request->fail(precondition.error());
  attributes->owner = request->bucket->owner;
  upload_body(request, [request, attributes = std::move(*attributes),
                        precondition = std::move(*precondition)](UploadedBody uploaded) mutable {
    PutRequest put{request->object(), {}, std::move(uploaded.body), std::move(precondition)};
    put.record.etag = std::move(uploaded.md5_hex);
    put.record.checksum = std::move(uploaded.checksum);
    put.record.attributes = std::move(attributes);
    request->store().put(std::move(put), [request](StoreResult<ObjectRecord> stored) {
      request->post([request, stored = std::move(stored)] {
        if (!stored) return request->fail(from_store(stored.error()));
        aws::WireResponse response;
        response.headers.add("ETag", quoted_etag(stored->etag));
        response.headers.add("x-amz-server-side-encryption", "AES256");
        add_version_header(*request->bucket, *stored, response.headers);
        add_checksum_headers(stored->checksum, response.headers);
        request->respond(std::move(response));
      });
    });
  });
}

}  // namespace landfall::s3
