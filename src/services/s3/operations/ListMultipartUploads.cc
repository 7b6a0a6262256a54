#include "services/s3/dataplane/checksum_fields.h"
#include "services/s3/dataplane/listing_text.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
S3Result<ListMultipartUploadsOutput> ListMultipartUploads(S3Request& request,
                                                          const ListMultipartUploadsRequest& in) {
  LF_TRY(const ListingText text, ListingText::of(in.EncodingType));
  LF_TRY(const int64_t most, page_size(in.MaxUploads, "max-uploads"));
  ListQuery query{in.Prefix.value_or(""), in.Delimiter.value_or(""), in.KeyMarker.value_or(""),
                  in.UploadIdMarker.value_or(""), static_cast<size_t>(most)};
  auto page = request.store().list_uploads(request.bucket->id, query);
  if (!page) return std::unexpected(from_store(page.error()));
  ListMultipartUploadsOutput out;
  out.Bucket = request.address.bucket;
  out.KeyMarker = text(query.after_key);
  out.UploadIdMarker = query.after_version;
  out.Prefix = text(query.prefix);
  if (in.Delimiter) out.Delimiter = text(query.delimiter);
  out.MaxUploads = most;
  out.EncodingType = text.type();
  out.IsTruncated = page->truncated;
  if (page->truncated) {
    out.NextKeyMarker = text(page->next_key);
    out.NextUploadIdMarker = page->next_upload_id;
  }
  for (const UploadEntry& entry : page->entries) {
    MultipartUpload upload;
    upload.UploadId = entry.record.upload_id;
    upload.Key = text(entry.key);
    upload.Initiated = entry.record.initiated;
    upload.StorageClass = entry.record.attributes.storage_class;
    upload.Owner = owner_of(request);
    upload.Initiator = Initiator{.ID = request.owner_id()};
    if (entry.record.checksum_algorithm != ChecksumAlgorithm::none) {
      upload.ChecksumAlgorithm = std::string(name_of(entry.record.checksum_algorithm));
      upload.ChecksumType = name_of(entry.record.checksum_type);
    }
    out.Uploads.push_back(std::move(upload));
  }
  out.CommonPrefixes = common_prefixes(page->common_prefixes, text);
  return out;
}

}  // namespace landfall::s3
