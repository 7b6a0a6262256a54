#include "services/s3/dataplane/listing_text.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
S3Result<ListObjectsOutput> ListObjects(S3Request& request, const ListObjectsRequest& in) {
  LF_TRY(const ListingText text, ListingText::of(in.EncodingType));
  LF_TRY(const int64_t most, page_size(in.MaxKeys, "max-keys"));
  ListQuery query{in.Prefix.value_or(""), in.Delimiter.value_or(""), in.Marker.value_or(""), "",
                  static_cast<size_t>(most)};
  auto page = request.store().list_objects(request.bucket->id, query);
  if (!page) return std::unexpected(from_store(page.error()));
  ListObjectsOutput out;
  out.Name = request.address.bucket;
  out.Prefix = text(query.prefix);
  out.Marker = text(query.after_key);
  if (in.Delimiter) out.Delimiter = text(query.delimiter);
  out.MaxKeys = in.MaxKeys ? std::min(*in.MaxKeys, kMaxListing) : kMaxListing;
  out.EncodingType = text.type();
  out.IsTruncated = page->truncated;
  if (page->truncated && in.Delimiter) out.NextMarker = text(page->next_key);
  for (const ListEntry& entry : page->entries)
    out.Contents.push_back(object_entry(request, entry, text, true));
  out.CommonPrefixes = common_prefixes(page->common_prefixes, text);
  return out;
}

}  // namespace landfall::s3
