#include "services/s3/dataplane/checksum_fields.h"
#include "services/s3/dataplane/listing_text.h"
#include "services/s3/dataplane/object_headers.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
S3Result<ListPartsOutput> ListParts(S3Request& request, const ListPartsRequest& in) {
  LF_TRY(const int64_t most, page_size(in.MaxParts, "max-parts"));
  const std::string id = in.UploadId.value_or("");
  auto upload = request.store().find_upload(request.object(), id);
  if (!upload) return std::unexpected(from_store(upload.error()));
  const int64_t after = std::clamp<int64_t>(in.PartNumberMarker.value_or(0), 0, UINT32_MAX - 1);
  auto page = request.store().list_parts(id, static_cast<uint32_t>(after), static_cast<size_t>(most));
  if (!page) return std::unexpected(from_store(page.error()));
  ListPartsOutput out;
  out.Bucket = request.address.bucket;
  out.Key = request.address.key;
  out.UploadId = id;
  out.PartNumberMarker = after;
  out.NextPartNumberMarker = page->entries.empty() ? 0 : page->entries.back().number;
  out.MaxParts = most;
  out.IsTruncated = page->truncated;
  out.StorageClass = upload->attributes.storage_class;
  out.Owner = owner_of(request);
  out.Initiator = Initiator{.ID = request.owner_id()};
  if (upload->checksum_algorithm != ChecksumAlgorithm::none) {
    out.ChecksumAlgorithm = std::string(name_of(upload->checksum_algorithm));
    out.ChecksumType = name_of(upload->checksum_type);
  }
  for (const PartRecord& record : page->entries) {
    Part part;
    part.PartNumber = record.number;
    part.LastModified = record.last_modified;
    part.ETag = quoted_etag(record.etag);
    part.Size = static_cast<int64_t>(record.size);
    set_checksum(part, record.checksum);
    out.Parts.push_back(std::move(part));
  }
  return out;
}

}  // namespace landfall::s3
