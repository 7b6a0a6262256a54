#include "services/s3/dataplane/keys.h"

#include "base/encoding.h"

namespace landfall::s3 {
namespace {

constexpr char kEscape = '\0', kEscapedNul = '\xff', kEnd = '\x01';
constexpr size_t kOpaqueIdLength = 16 + 16;

void append_u64(std::string& out, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

void append_u32(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

uint64_t read_unsigned(std::string_view bytes) {
  uint64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

void append_escaped(std::string& out, std::string_view key) {
  for (char c : key) {
    out.push_back(c);
    if (c == kEscape) out.push_back(kEscapedNul);
  }
}

// Reads an escaped key off the front of `in`, past its end mark.
std::optional<std::string> take_escaped(std::string_view& in) {
  std::string key;
  while (!in.empty()) {
    const char c = in.front();
    in.remove_prefix(1);
    if (c != kEscape) {
      key.push_back(c);
      continue;
    }
    if (in.empty()) return std::nullopt;
    const char next = in.front();
    in.remove_prefix(1);
    if (next == kEnd) return key;
    if (next != kEscapedNul) return std::nullopt;
    key.push_back(kEscape);
  }
  return std::nullopt;
}

}  // namespace

std::string bucket_prefix(BucketId bucket) {
  std::string out;
  append_u64(out, bucket);
  return out;
}

std::string key_range_start(BucketId bucket, std::string_view prefix) {
  std::string out = bucket_prefix(bucket);
  append_escaped(out, prefix);
  return out;
}

std::string key_prefix(BucketId bucket, std::string_view key) {
  std::string out = key_range_start(bucket, key);
  out.push_back(kEscape);
  out.push_back(kEnd);
  return out;
}

std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (!prefix.empty()) ++prefix.back();
  return prefix;
}

std::string object_key(BucketId bucket, std::string_view key, uint64_t sequence) {
  std::string out = key_prefix(bucket, key);
  append_u64(out, ~sequence);  // newest first
  return out;
}

std::optional<ParsedObjectKey> parse_object_key(std::string_view index_key) {
  if (index_key.size() < 8) return std::nullopt;
  index_key.remove_prefix(8);
  auto key = take_escaped(index_key);
  if (!key || index_key.size() != 8) return std::nullopt;
  return ParsedObjectKey{std::move(*key), ~read_unsigned(index_key)};
}

std::string_view prefix_of_object_key(std::string_view object_key) {
  return object_key.substr(0, object_key.size() - sizeof(uint64_t));
}

std::string upload_key(BucketId bucket, std::string_view key, std::string_view upload_id) {
  return key_prefix(bucket, key).append(upload_id);
}

std::optional<ParsedUploadKey> parse_upload_key(std::string_view index_key) {
  if (index_key.size() < 8) return std::nullopt;
  index_key.remove_prefix(8);
  auto key = take_escaped(index_key);
  if (!key) return std::nullopt;
  return ParsedUploadKey{std::move(*key), std::string(index_key)};
}

std::string part_key(std::string_view upload_id, uint32_t number) {
  std::string out(upload_id);
  out.push_back('/');
  append_u32(out, number);
  return out;
}

std::string body_key(BodyId id) {
  std::string out;
  append_u32(out, id.epoch);
  append_u64(out, id.counter);
  return out;
}

std::optional<BodyId> parse_body_key(std::string_view index_key) {
  if (index_key.size() != 12) return std::nullopt;
  return BodyId{static_cast<uint32_t>(read_unsigned(index_key.substr(0, 4))),
                read_unsigned(index_key.substr(4))};
}

std::string make_opaque_id(uint64_t sequence, std::string_view random12) {
  // Hexadecimal for the sequence because ids must sort as sequences do, which base64url does not.
  std::string big_endian;
  append_u64(big_endian, sequence);
  return to_hex(big_endian) + to_base64url(random12.substr(0, 12));
}

std::optional<uint64_t> sequence_of_opaque_id(std::string_view id) {
  if (id.size() != kOpaqueIdLength) return std::nullopt;
  auto raw = from_hex(id.substr(0, 16));
  if (!raw) return std::nullopt;
  return read_unsigned(*raw);
}

}  // namespace landfall::s3
