#include "services/s3/dataplane/copy_source.h"

#include "base/encoding.h"
#include "services/s3/dataplane/object_read.h"
#include "services/s3/dataplane/stored_body.h"

namespace landfall::s3 {
namespace {

// "/bucket/key?versionId=id" or "bucket/key", percent-encoded.
S3Result<CopySource> parse(std::string_view header) {
  CopySource source;
  const size_t mark = header.find("?versionId=");
  if (mark != std::string_view::npos) {
    source.version_id = std::string(header.substr(mark + std::string_view("?versionId=").size()));
    header = header.substr(0, mark);
  }
  auto decoded = codec::percent_decode(header);
  if (!decoded) return s3_fail("InvalidArgument", "Copy Source must be URL-encoded");
  std::string_view path = *decoded;
  if (path.starts_with('/')) path.remove_prefix(1);
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == path.size()) {
    return s3_fail("InvalidArgument",
                   "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  }
  source.name.bucket = path.substr(0, slash);
  source.name.key = path.substr(slash + 1);
  return source;
}

}  // namespace

S3Result<CopySource> find_copy_source(const S3Request& request) {
  LF_TRY(CopySource source, parse(request.header("x-amz-copy-source").value_or("")));
  source.bucket = request.store().find_bucket(source.name.bucket);
  if (!source.bucket) {
    return std::unexpected(with_detail(s3_error("NoSuchBucket"), "BucketName", source.name.bucket));
  }
  const auto owner = request.header("x-amz-source-expected-bucket-owner");
  if (owner && *owner != source.bucket->owner) return s3_fail("AccessDenied");
  source.name.bucket_id = source.bucket->id;
  const std::string bucket_arn = "arn:aws:s3:::" + source.name.bucket;
  LF_CHECK(request.authorize_on(source.bucket.get(),
                                source.version_id ? "s3:GetObjectVersion" : "s3:GetObject",
                                bucket_arn + "/" + source.name.key));
  auto found = request.store().find(source.name, source.version_id);
  if (!found) {
    if (!request.authorize_on(source.bucket.get(), "s3:ListBucket", bucket_arn))
      return s3_fail("AccessDenied");
    return std::unexpected(with_detail(from_store(found.error()), "Key", source.name.key));
  }
  source.record = **found;
  if (source.record.delete_marker) {
    if (source.version_id)
      return s3_fail(
          "InvalidRequest",
          "The source of a copy request may not specifically refer to a delete marker by version id.");
    return std::unexpected(with_detail(s3_error("NoSuchKey"), "Key", source.name.key));
  }
  const Verdict verdict = judge_read(request.http().headers, "x-amz-copy-source-", source.record.etag,
                                     source.record.last_modified);
  if (verdict != Verdict::proceed) {
    return std::unexpected(
        with_detail(s3_error("PreconditionFailed"), "Condition", "x-amz-copy-source-If-Match"));
  }
  return source;
}

S3Result<Hashes> hash_stored(ObjectStore& store, const std::vector<Segment>& segments, ByteRange range,
                             ChecksumAlgorithm algorithm) {
  auto body = store.open_body(segments);
  if (!body) return std::unexpected(from_store(body.error()));
  auto md5 = Digest::md5();
  auto checksum = Digest::of(algorithm);
  for (uint64_t done = 0; done < range.length;) {
    auto bytes = (*body)->read(range.first + done, range.length - done);
    if (!bytes) return std::unexpected(from_store(bytes.error()));
    md5->update(*bytes);
    if (checksum) checksum->update(*bytes);
    done += bytes->size();
  }
  Hashes hashes;
  hashes.md5_hex = to_hex(md5->finish());
  if (checksum) hashes.checksum = {algorithm, ChecksumType::full_object, to_base64(checksum->finish())};
  return hashes;
}

}  // namespace landfall::s3
