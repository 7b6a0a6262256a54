// S3's additional checksums: computing, naming, and combining those of parts.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/s3/dataplane/records.h"

namespace landfall::s3 {

std::string_view name_of(ChecksumAlgorithm algorithm);    // "CRC32", ...; empty for none
std::string_view header_of(ChecksumAlgorithm algorithm);  // "x-amz-checksum-crc32", ...
std::optional<ChecksumAlgorithm> parse_checksum_algorithm(std::string_view name);  // "CRC32", without case
std::optional<ChecksumAlgorithm> checksum_algorithm_of_header(std::string_view name);  // without case
inline constexpr ChecksumAlgorithm kChecksumAlgorithms[] = {
    ChecksumAlgorithm::crc32, ChecksumAlgorithm::crc32c, ChecksumAlgorithm::sha1, ChecksumAlgorithm::sha256,
    ChecksumAlgorithm::crc64nvme};
// What CreateMultipartUpload assumes where the client names no type.
ChecksumType default_type(ChecksumAlgorithm algorithm);

// A running digest. finish() once.
class Digest {
 public:
  virtual ~Digest() = default;
  virtual void update(std::string_view bytes) = 0;
  virtual std::string finish() = 0;  // raw bytes, big-endian where it is a CRC
  static std::unique_ptr<Digest> md5();
  static std::unique_ptr<Digest> of(ChecksumAlgorithm algorithm);
};

// Of a whole from its parts' (base64): composite is the digest of the parts' digests with "-N", full_object
// combines CRCs. nullopt: a part has no checksum of that algorithm.
std::optional<StoredChecksum> combine_checksums(ChecksumAlgorithm algorithm, ChecksumType type,
                                                const std::vector<PartRecord>& parts);

// The MD5 of the parts' MD5s, "-N". Part etags are hexadecimal MD5s.
std::string multipart_etag(const std::vector<PartRecord>& parts);

}  // namespace landfall::s3
