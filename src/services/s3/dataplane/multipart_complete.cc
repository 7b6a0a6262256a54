#include "services/s3/dataplane/multipart_complete.h"

#include "services/s3/dataplane/checksum_fields.h"
#include "services/s3/dataplane/conditions.h"
#include "services/s3/dataplane/multipart.h"
#include "services/s3/dataplane/object_headers.h"

namespace landfall::s3 {
namespace {

// What the client says about the whole and about each part, to be compared within the commit.
struct Claims {
  std::optional<int64_t> size;
  std::map<ChecksumAlgorithm, std::string> whole;
  std::map<std::pair<uint32_t, ChecksumAlgorithm>, std::string> parts;
};

StoreResult<> check_parts(const Claims& claims, const std::vector<PartRecord>& parts) {
  for (const PartRecord& part : parts) {
    auto claim = claims.parts.find({part.number, part.checksum.algorithm});
    if (claim != claims.parts.end() && claim->second != part.checksum.value) {
      return store_fail(StoreErrc::invalid_part, std::to_string(part.number));
    }
  }
  return {};
}

StoreResult<> finish(const Claims& claims, const std::vector<PartRecord>& parts, const UploadRecord& upload,
                     ObjectRecord& record) {
  if (claims.size && static_cast<uint64_t>(*claims.size) != record.size) {
    return store_fail(StoreErrc::refused, "InvalidRequest");
  }
  LF_CHECK(check_parts(claims, parts));
  record.etag = multipart_etag(parts);
  if (upload.checksum_algorithm == ChecksumAlgorithm::none) return {};
  auto combined = combine_checksums(upload.checksum_algorithm, upload.checksum_type, parts);
  if (!combined) return store_fail(StoreErrc::refused, "InvalidRequest");  // a part came without its checksum
  auto claim = claims.whole.find(upload.checksum_algorithm);
  // A composite may be claimed with or without its "-N".
  if (claim != claims.whole.end() && claim->second != combined->value &&
      claim->second != combined->value.substr(0, combined->value.find('-'))) {
    return store_fail(StoreErrc::refused, "BadDigest");
  }
  record.checksum = std::move(*combined);
  return {};
}

}  // namespace

S3Result<CompleteRequest> complete_request_of(const S3Request& request,
                                              const CompleteMultipartUploadRequest& in) {
  if (!in.MultipartUpload || in.MultipartUpload->Parts.empty()) return s3_fail("MalformedXML");
  CompleteRequest complete;
  complete.name = request.object();
  complete.upload_id = in.UploadId.value_or("");
  Claims claims;
  claims.size = in.MpuObjectSize;
  for (ChecksumAlgorithm algorithm : kChecksumAlgorithms) {
    if (auto& value = checksum_field(in, algorithm)) claims.whole[algorithm] = *value;
  }
  int64_t previous = 0;
  for (const CompletedPart& part : in.MultipartUpload->Parts) {
    const int64_t number = part.PartNumber.value_or(0);
    if (!part.ETag || number < 1 || number > kMaxParts) return s3_fail("MalformedXML");
    if (number <= previous) return s3_fail("InvalidPartOrder");
    previous = number;
    complete.parts.push_back({static_cast<uint32_t>(number), std::string(unquote(*part.ETag))});
    for (ChecksumAlgorithm algorithm : kChecksumAlgorithms) {
      if (auto& value = checksum_field(part, algorithm)) claims.parts[{number, algorithm}] = *value;
    }
  }
  LF_TRY(complete.precondition, write_precondition(request.http().headers));
  complete.finish = [claims = std::move(claims)](const std::vector<PartRecord>& parts,
                                                 const UploadRecord& upload, ObjectRecord& record) {
    return finish(claims, parts, upload, record);
  };
  return complete;
}

CompleteMultipartUploadOutput complete_output_of(const S3Request& request, const ObjectRecord& record) {
  CompleteMultipartUploadOutput out;
  out.Location = std::string(request.http().peer.tls ? "https://" : "http://") + request.http().authority +
                 std::string(request.http().path());
  out.Bucket = request.address.bucket;
  out.Key = request.address.key;
  out.ETag = quoted_etag(record.etag);
  set_checksum(out, record.checksum);
  if (record.checksum.algorithm != ChecksumAlgorithm::none) out.ChecksumType = name_of(record.checksum.type);
  out.ServerSideEncryption = "AES256";
  if (request.bucket->versioning != Versioning::never) {
    out.VersionId = record.version_id.empty() ? "null" : record.version_id;
  }
  return out;
}

}  // namespace landfall::s3
