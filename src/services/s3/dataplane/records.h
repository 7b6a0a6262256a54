// What the index keeps, as values. Encoded by record_codec.h, keyed by keys.h.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace landfall::s3 {

using BucketId = uint64_t;  // never used twice: a bucket created again under the same name starts empty

// Names a stored body. Never used twice: `epoch` counts the starts of the store.
struct BodyId {
  uint32_t epoch = 0;
  uint64_t counter = 0;
  auto operator<=>(const BodyId&) const = default;
};

enum class BodyKind : uint8_t {
  inlined,  // in the index's `bodies` family, at most kInlineBytes
  file,     // a file of its own
};

// A run of bytes of a stored body. An object is its segments, one after another.
struct Segment {
  BodyKind kind = BodyKind::inlined;
  BodyId id;
  uint64_t offset = 0;
  uint64_t length = 0;
  uint32_t crc = 0;  // CRC-32C of the whole body; inlined ones only (files keep one a block)
  bool operator==(const Segment&) const = default;
};

enum class ChecksumAlgorithm : uint8_t { none, crc32, crc32c, sha1, sha256, crc64nvme };
enum class ChecksumType : uint8_t { full_object, composite };

struct StoredChecksum {
  ChecksumAlgorithm algorithm = ChecksumAlgorithm::none;
  ChecksumType type = ChecksumType::full_object;
  std::string value;  // base64, with "-N" where composite
  bool operator==(const StoredChecksum&) const = default;
};

using StringPairs = std::vector<std::pair<std::string, std::string>>;

// What the client chose beside the bytes. Names in lower case.
struct ObjectAttributes {
  StringPairs headers;   // content-type, cache-control, content-disposition, ... as sent
  StringPairs metadata;  // x-amz-meta-*, without that prefix
  StringPairs tags;
  std::string storage_class = "STANDARD";
  std::string redirect_location;
  std::string owner;  // account id: the bucket's owner
  bool operator==(const ObjectAttributes&) const = default;
};

// One version of an object, or a delete marker.
struct ObjectRecord {
  uint64_t sequence = 0;   // of the commit that wrote it; later is larger (kept in the key, not in the value)
  std::string version_id;  // "" is the null version
  bool delete_marker = false;
  uint64_t size = 0;
  std::string etag;  // without quotes
  Timestamp last_modified;
  std::vector<Segment> segments;
  std::vector<uint64_t> part_sizes;  // of a multipart upload; empty otherwise
  std::string upload_id;  // that made it, so that a repeated CompleteMultipartUpload is answered again
  StoredChecksum checksum;
  ObjectAttributes attributes;
  bool operator==(const ObjectRecord&) const = default;
};

enum class Versioning : uint8_t { never, enabled, suspended };

struct BucketRecord {
  BucketId id = 0;
  std::string name;
  std::string owner;  // account id
  std::string region;
  Timestamp created;
  Versioning versioning = Versioning::never;
  // Subresources as their documents: "policy" -> JSON, "cors" -> XML, ... Absent means not configured.
  std::map<std::string, std::string> configuration;
  uint64_t revision = 0;  // changes with every change of the record: caches of parsed configuration key on it
  bool operator==(const BucketRecord&) const = default;
};

struct UploadRecord {
  std::string upload_id;
  Timestamp initiated;
  ObjectAttributes attributes;
  ChecksumAlgorithm checksum_algorithm = ChecksumAlgorithm::none;
  ChecksumType checksum_type = ChecksumType::full_object;
  bool operator==(const UploadRecord&) const = default;
};

struct PartRecord {
  uint32_t number = 0;  // kept in the key, not in the value
  uint64_t size = 0;
  std::string etag;
  Timestamp last_modified;
  std::vector<Segment> segments;
  StoredChecksum checksum;
  bool operator==(const PartRecord&) const = default;
};

// A body in a file: how many segments' owners refer to it, and a CRC-32C for each block of kBlockBytes.
struct FileRecord {
  uint64_t references = 0;
  uint64_t size = 0;
  std::vector<uint32_t> block_crcs;
  bool operator==(const FileRecord&) const = default;
};

}  // namespace landfall::s3
