#include "services/s3/dataplane/checksum_fields.h"
#include "services/s3/dataplane/copy_source.h"
#include "services/s3/dataplane/multipart.h"
#include "services/s3/dataplane/object_headers.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
S3Result<UploadPartCopyOutput> UploadPartCopy(S3Request& request, const UploadPartCopyRequest& in) {
  LF_TRY(const uint32_t number, part_number_of(request));
  auto upload = request.store().find_upload(request.object(), in.UploadId.value_or(""));
  if (!upload) return std::unexpected(from_store(upload.error()));
  LF_TRY(CopySource source, find_copy_source(request));
  ByteRange range{0, source.record.size};
  if (in.CopySourceRange) {
    const auto status = parse_range(*in.CopySourceRange, source.record.size, range);
    // Unlike a download's, this range must be written out and lie within the object.
    const bool exact = status == RangeStatus::satisfiable &&
                       in.CopySourceRange == "bytes=" + std::to_string(range.first) + "-" +
                                                 std::to_string(range.first + range.length - 1);
    if (!exact) {
      return std::unexpected(with_detail(
          s3_error("InvalidArgument",
                   "The x-amz-copy-source-range value must be of the form bytes=first-last where first and "
                   "last are the zero-based offsets of the first and last bytes to copy"),
          "ArgumentName", "x-amz-copy-source-range"));
    }
  }
  LF_TRY(Hashes hashes,
         hash_stored(request.store(), source.record.segments, range, upload->checksum_algorithm));
  auto body = request.store().share(source.record.segments, range.first, range.length);
  if (!body) return std::unexpected(from_store(body.error()));
  PartRecord part;
  part.number = number;
  part.etag = std::move(hashes.md5_hex);
  part.checksum = std::move(hashes.checksum);
  auto stored = wait_for<PartRecord>([&](Done<PartRecord> done) {
    request.store().put_part(request.object(), *in.UploadId, std::move(part), std::move(*body),
                             std::move(done));
  });
  if (!stored) return std::unexpected(from_store(stored.error()));
  UploadPartCopyOutput out;
  CopyPartResult result;
  result.ETag = quoted_etag(stored->etag);
  result.LastModified = stored->last_modified;
  set_checksum(result, stored->checksum);
  out.CopyPartResult = std::move(result);
  out.ServerSideEncryption = "AES256";
  if (source.bucket->versioning != Versioning::never) {
    out.CopySourceVersionId = source.record.version_id.empty() ? "null" : source.record.version_id;
  }
  return out;
}

}  // namespace landfall::s3
