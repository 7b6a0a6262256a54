#include "services/s3/dataplane/checksum_fields.h"
#include "services/s3/dataplane/copy_source.h"
#include "services/s3/dataplane/object_headers.h"
#include "services/s3/dataplane/object_lock.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
S3Result<CopyObjectOutput> CopyObject(S3Request& request, const CopyObjectRequest& in) {
  constexpr uint64_t kMaxCopyBytes = 5ull << 30;
  LF_TRY(CopySource source, find_copy_source(request));
  LF_TRY(ObjectAttributes attributes, attributes_of(request.http().headers));
  LF_TRY(Precondition precondition, write_precondition(request.http().headers));
  const bool replace = in.MetadataDirective.value_or("COPY") == "REPLACE";
  const bool to_itself =
      source.name.bucket == request.address.bucket && source.name.key == request.address.key;
  if (to_itself && !replace && !source.version_id && !in.StorageClass && !in.WebsiteRedirectLocation &&
      !in.ServerSideEncryption) {
    return s3_fail(
        "InvalidRequest",
        "This copy request is illegal because it is trying to copy an object to itself without changing the "
        "object's metadata, storage class, website redirect location or encryption attributes.");
  }
  if (source.record.size > kMaxCopyBytes) {
    return s3_fail(
        "InvalidRequest",
        "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120");
  }
  if (!replace) {
    attributes.headers = source.record.attributes.headers;
    attributes.metadata = source.record.attributes.metadata;
  }
  if (in.TaggingDirective.value_or("COPY") != "REPLACE") attributes.tags = source.record.attributes.tags;
  attributes.owner = request.bucket->owner;
  set_lock(attributes, {});  // the copy's own, not the source's
  LF_CHECK(
      lock_new_version(*request.bucket, request.http().headers, request.store().clock().now(), attributes));

  PutRequest put{request.object(), {}, {}, std::move(precondition)};
  put.record.attributes = std::move(attributes);
  put.record.etag = source.record.etag;
  put.record.checksum = source.record.checksum;
  ChecksumAlgorithm algorithm = source.record.checksum.algorithm;
  if (in.ChecksumAlgorithm) {
    auto wanted = parse_checksum_algorithm(*in.ChecksumAlgorithm);
    if (!wanted) return s3_fail("InvalidRequest", "Checksum algorithm provided is unsupported.");
    algorithm = *wanted;
  }
  // A copy is one whole: what came of parts gets an etag and checksum of its own.
  const bool known = source.record.part_sizes.empty() && source.record.checksum.algorithm == algorithm;
  if (!known) {
    LF_TRY(Hashes hashes,
           hash_stored(request.store(), source.record.segments, {0, source.record.size}, algorithm));
    put.record.etag = std::move(hashes.md5_hex);
    put.record.checksum = std::move(hashes.checksum);
  }
  auto body = request.store().share(source.record.segments, 0, source.record.size);
  if (!body) return std::unexpected(from_store(body.error()));
  put.body = std::move(*body);
  auto stored = wait_for<ObjectRecord>(
      [&](Done<ObjectRecord> done) { request.store().put(std::move(put), std::move(done)); });
  if (!stored) return std::unexpected(from_store(stored.error()));

  CopyObjectOutput out;
  CopyObjectResult result;
  result.ETag = quoted_etag(stored->etag);
  result.LastModified = stored->last_modified;
  set_checksum(result, stored->checksum);
  out.CopyObjectResult = std::move(result);
  out.ServerSideEncryption = "AES256";
  if (source.bucket->versioning != Versioning::never) {
    out.CopySourceVersionId = source.record.version_id.empty() ? "null" : source.record.version_id;
  }
  if (request.bucket->versioning != Versioning::never) {
    out.VersionId = stored->version_id.empty() ? "null" : stored->version_id;
  }
  return out;
}

}  // namespace landfall::s3
