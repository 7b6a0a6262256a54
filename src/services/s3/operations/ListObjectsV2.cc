#include "services/s3/dataplane/listing_text.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
S3Result<ListObjectsV2Output> ListObjectsV2(S3Request& request, const ListObjectsV2Request& in) {
  LF_TRY(const ListingText text, ListingText::of(in.EncodingType));
  LF_TRY(const int64_t most, page_size(in.MaxKeys, "max-keys"));
  ListQuery query{in.Prefix.value_or(""), in.Delimiter.value_or(""), in.StartAfter.value_or(""), "",
                  static_cast<size_t>(most)};
  if (in.ContinuationToken) {
    LF_TRY(query.after_key, parse_token(*in.ContinuationToken));
  }
  auto page = request.store().list_objects(request.bucket->id, query);
  if (!page) return std::unexpected(from_store(page.error()));
  ListObjectsV2Output out;
  out.Name = request.address.bucket;
  out.Prefix = text(query.prefix);
  if (in.Delimiter) out.Delimiter = text(query.delimiter);
  if (in.StartAfter) out.StartAfter = text(*in.StartAfter);
  out.ContinuationToken = in.ContinuationToken;
  out.MaxKeys = most;
  out.EncodingType = text.type();
  out.KeyCount = static_cast<int64_t>(page->entries.size() + page->common_prefixes.size());
  out.IsTruncated = page->truncated;
  if (page->truncated) out.NextContinuationToken = make_token(page->next_key);
  const bool with_owner = in.FetchOwner.value_or(false);
  for (const ListEntry& entry : page->entries)
    out.Contents.push_back(object_entry(request, entry, text, with_owner));
  out.CommonPrefixes = common_prefixes(page->common_prefixes, text);
  return out;
}

}  // namespace landfall::s3
