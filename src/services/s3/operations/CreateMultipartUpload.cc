#include "services/s3/dataplane/checksum_fields.h"
#include "services/s3/dataplane/object_headers.h"
#include "services/s3/dataplane/object_lock.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
S3Result<CreateMultipartUploadOutput> CreateMultipartUpload(S3Request& request,
                                                            const CreateMultipartUploadRequest& in) {
  UploadRecord upload;
  LF_TRY(upload.attributes, attributes_of(request.http().headers));
  LF_CHECK(lock_new_version(*request.bucket, request.http().headers, request.store().clock().now(),
                            upload.attributes));
  if (!upload.attributes.tags.empty()) LF_CHECK(request.authorize("s3:PutObjectTagging"));
  upload.attributes.owner = request.bucket->owner;
  if (in.ChecksumAlgorithm) {
    auto algorithm = parse_checksum_algorithm(*in.ChecksumAlgorithm);
    if (!algorithm)
      return s3_fail("InvalidRequest",
                     "Checksum algorithm provided is unsupported. Please try again with any of the valid "
                     "types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
    upload.checksum_algorithm = *algorithm;
    upload.checksum_type = default_type(*algorithm);
  }
  if (in.ChecksumType) {
    if (!in.ChecksumAlgorithm)
      return s3_fail(
          "InvalidRequest",
          "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
    upload.checksum_type =
        *in.ChecksumType == "COMPOSITE" ? ChecksumType::composite : ChecksumType::full_object;
    const bool crc = upload.checksum_algorithm != ChecksumAlgorithm::sha1 &&
                     upload.checksum_algorithm != ChecksumAlgorithm::sha256;
    const bool possible = upload.checksum_type == ChecksumType::full_object
                              ? crc
                              : upload.checksum_algorithm != ChecksumAlgorithm::crc64nvme;
    if (!possible) {
      return s3_fail("InvalidRequest", "The " + *in.ChecksumType + " checksum type cannot be used with the " +
                                           std::string(name_of(upload.checksum_algorithm)) +
                                           " checksum algorithm.");
    }
  }
  CreateMultipartUploadOutput out;
  if (upload.checksum_algorithm != ChecksumAlgorithm::none) {
    out.ChecksumAlgorithm = std::string(name_of(upload.checksum_algorithm));
    out.ChecksumType = name_of(upload.checksum_type);
  }
  auto id = wait_for<std::string>([&](Done<std::string> done) {
    request.store().create_upload(request.object(), std::move(upload), std::move(done));
  });
  if (!id) return std::unexpected(from_store(id.error()));
  out.Bucket = request.address.bucket;
  out.Key = request.address.key;
  out.UploadId = *id;
  out.ServerSideEncryption = "AES256";
  return out;
}

}  // namespace landfall::s3
