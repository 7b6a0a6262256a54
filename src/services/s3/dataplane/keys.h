// The index's keys. Their byte order is S3's listing order: UTF-8 binary order of object keys, newest version
// first.
//
// An object's key is escaped so that one key is never a prefix of another's and order is kept: 0x00 becomes
// 0x00 0xff, and 0x00 0x01 ends it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/s3/dataplane/records.h"

namespace landfall::s3 {

std::string bucket_prefix(BucketId bucket);                     // of all its objects, or all its uploads
std::string key_prefix(BucketId bucket, std::string_view key);  // of all versions of one key
std::string key_range_start(BucketId bucket,
                            std::string_view prefix);  // of all keys that start with `prefix`
// The least string above everything that starts with `prefix`; empty if there is none.
std::string after_prefix(std::string prefix);

std::string object_key(BucketId bucket, std::string_view key, uint64_t sequence);
struct ParsedObjectKey {
  std::string key;
  uint64_t sequence = 0;
};
std::optional<ParsedObjectKey> parse_object_key(std::string_view index_key);  // bucket prefix included
std::string_view prefix_of_object_key(std::string_view object_key);           // its key_prefix()

std::string upload_key(BucketId bucket, std::string_view key, std::string_view upload_id);
struct ParsedUploadKey {
  std::string key;
  std::string upload_id;
};
std::optional<ParsedUploadKey> parse_upload_key(std::string_view index_key);

std::string part_key(std::string_view upload_id, uint32_t number);
std::string body_key(BodyId id);
std::optional<BodyId> parse_body_key(std::string_view index_key);

// Version and upload ids: 32 characters, opaque to clients, that sort by `sequence` and never begin with '-'.
std::string make_opaque_id(uint64_t sequence, std::string_view random12);
std::optional<uint64_t> sequence_of_opaque_id(std::string_view id);

}  // namespace landfall::s3
