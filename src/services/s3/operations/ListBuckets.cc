#include "services/s3/dataplane/listing_text.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
S3Result<ListBucketsOutput> ListBuckets(S3Request& request, const ListBucketsRequest& in) {
  ListBucketsOutput out;
  out.Owner = owner_of(request);
  out.Prefix = in.Prefix;
  const std::string after = in.ContinuationToken.value_or("");
  const size_t most = in.MaxBuckets ? static_cast<size_t>(std::max<int64_t>(*in.MaxBuckets, 1)) : SIZE_MAX;
  for (const auto& record : request.store().buckets()) {
    if (record->owner != request.caller_account()) continue;
    if (!record->name.starts_with(in.Prefix.value_or("")) || record->name <= after) continue;
    if (out.Buckets.size() == most) {
      out.ContinuationToken = out.Buckets.back().Name;
      break;
    }
    Bucket bucket;
    bucket.Name = record->name;
    bucket.CreationDate = record->created;
    if (in.MaxBuckets || in.Prefix) bucket.BucketRegion = record->region;
    out.Buckets.push_back(std::move(bucket));
  }
  return out;
}

}  // namespace landfall::s3
