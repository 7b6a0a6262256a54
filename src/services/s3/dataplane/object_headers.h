// The headers that say what an object is: taken from an upload, given with a download.
#pragma once

#include "services/s3/dataplane/request.h"

namespace landfall::s3 {

inline constexpr size_t kMaxMetadataBytes = 2 * 1024;  // of names and values together: MetadataTooLarge
inline constexpr size_t kMaxObjectTags = 10;
inline constexpr size_t kKeptHeaders = 256;  // records a thread

// Content-Type and the like, x-amz-meta-*, x-amz-tagging, x-amz-storage-class. Refuses what Landfall does not
// do (KMS, SSE-C, ACLs).
S3Result<ObjectAttributes> attributes_of(const http::Headers& headers);
S3Result<StringPairs> parse_tagging_header(std::string_view encoded);
S3Result<> check_tags(const StringPairs& tags, size_t most);

std::string quoted_etag(std::string_view etag);
// "null" or the id, where the bucket has versions.
void add_version_header(const BucketRecord& bucket, const ObjectRecord& record, http::Headers& headers);
void add_checksum_headers(const StoredChecksum& checksum, http::Headers& headers);
// Everything but Content-Length, Content-Range and checksums. A thread keeps what it made for the records it
// was asked for lately.
void add_object_headers(const BucketRecord& bucket, const SharedRecord& record, http::Headers& headers);

// If-Match and If-None-Match of a write, judged within the commit; empty if there are none.
S3Result<Precondition> write_precondition(const http::Headers& headers);

}  // namespace landfall::s3
