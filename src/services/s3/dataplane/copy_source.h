// The source of CopyObject and UploadPartCopy: found, authorised, its conditions judged. Blocks on the disk.
#pragma once

#include "services/s3/dataplane/conditions.h"
#include "services/s3/dataplane/request.h"

namespace landfall::s3 {

struct CopySource {
  std::shared_ptr<const BucketRecord> bucket;
  ObjectName name;
  std::optional<std::string> version_id;
  ObjectRecord record;
};
S3Result<CopySource> find_copy_source(const S3Request& request);

// The MD5 (hexadecimal) and, unless `algorithm` is none, the checksum (base64) of stored bytes.
struct Hashes {
  std::string md5_hex;
  StoredChecksum checksum;
};
S3Result<Hashes> hash_stored(ObjectStore& store, const std::vector<Segment>& segments, ByteRange range,
                             ChecksumAlgorithm algorithm);

}  // namespace landfall::s3
