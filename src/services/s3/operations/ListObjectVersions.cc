#include "services/s3/dataplane/listing_text.h"
#include "services/s3/dataplane/object_headers.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
S3Result<ListObjectVersionsOutput> ListObjectVersions(S3Request& request,
                                                      const ListObjectVersionsRequest& in) {
  LF_TRY(const ListingText text, ListingText::of(in.EncodingType));
  LF_TRY(const int64_t most, page_size(in.MaxKeys, "max-keys"));
  if (in.VersionIdMarker && !in.VersionIdMarker->empty() && in.KeyMarker.value_or("").empty()) {
    return s3_fail("InvalidArgument", "A version-id marker cannot be specified without a key marker.");
  }
  ListQuery query{in.Prefix.value_or(""), in.Delimiter.value_or(""), in.KeyMarker.value_or(""),
                  in.VersionIdMarker.value_or(""), static_cast<size_t>(most)};
  auto page = request.store().list_versions(request.bucket->id, query);
  if (!page) return std::unexpected(from_store(page.error()));
  ListObjectVersionsOutput out;
  out.Name = request.address.bucket;
  out.Prefix = text(query.prefix);
  out.KeyMarker = text(query.after_key);
  out.VersionIdMarker = query.after_version;
  if (in.Delimiter) out.Delimiter = text(query.delimiter);
  out.MaxKeys = most;
  out.EncodingType = text.type();
  out.IsTruncated = page->truncated;
  if (page->truncated) {
    out.NextKeyMarker = text(page->next_key);
    if (!page->next_version.empty()) out.NextVersionIdMarker = page->next_version;
  }
  for (const ListEntry& entry : page->entries) {
    const std::string version = entry.record.version_id.empty() ? "null" : entry.record.version_id;
    if (entry.record.delete_marker) {
      out.DeleteMarkers.push_back({.Owner = owner_of(request),
                                   .Key = text(entry.key),
                                   .VersionId = version,
                                   .IsLatest = entry.is_latest,
                                   .LastModified = entry.record.last_modified});
      continue;
    }
    ObjectVersion object;
    object.ETag = quoted_etag(entry.record.etag);
    object.Size = static_cast<int64_t>(entry.record.size);
    object.StorageClass = entry.record.attributes.storage_class;
    object.Key = text(entry.key);
    object.VersionId = version;
    object.IsLatest = entry.is_latest;
    object.LastModified = entry.record.last_modified;
    object.Owner = owner_of(request);
    out.Versions.push_back(std::move(object));
  }
  out.CommonPrefixes = common_prefixes(page->common_prefixes, text);
  return out;
}

}  // namespace landfall::s3
