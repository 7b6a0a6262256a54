#include "services/s3/dataplane/object_headers.h"

#include <algorithm>

#include "base/ascii.h"
#include "services/s3/dataplane/conditions.h"

namespace landfall::s3 {
namespace {

constexpr std::string_view kContentHeaders[] = {"content-type",     "cache-control",    "content-disposition",
                                                "content-encoding", "content-language", "expires"};
constexpr std::string_view kMetadataPrefix = "x-amz-meta-";
constexpr std::string_view kStorageClasses[] = {"STANDARD",   "REDUCED_REDUNDANCY",  "STANDARD_IA",
                                                "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR"};

// Content-Encoding without "aws-chunked", which is of the transfer and not of the object.
std::string without_aws_chunked(std::string_view list) {
  std::string out;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, comma);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!item.empty() && item != "aws-chunked") out += (out.empty() ? "" : ",") + std::string(item);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return out;
}

S3Result<> refuse_unsupported(const http::Headers& headers) {
  if (auto encryption = headers.get("x-amz-server-side-encryption"); encryption && *encryption != "AES256") {
    return s3_fail("NotImplemented",
                   "Landfall keeps no KMS keys: x-amz-server-side-encryption can only be AES256");
  }
  if (headers.has("x-amz-server-side-encryption-customer-algorithm")) {
    return s3_fail("NotImplemented", "Landfall does not implement encryption with customer keys (SSE-C)");
  }
  if (auto acl = headers.get("x-amz-acl"); acl && *acl != "private" && *acl != "bucket-owner-full-control") {
    return s3_fail("AccessControlListNotSupported");
  }
  return {};
}

}  // namespace

S3Result<> check_tags(const StringPairs& tags, size_t most) {
  if (tags.size() > most)
    return s3_fail("InvalidTag", "Object tags cannot be greater than " + std::to_string(most));
  for (size_t i = 0; i < tags.size(); ++i) {
    const auto& [key, value] = tags[i];
    if (key.empty() || key.size() > 128)
      return s3_fail("InvalidTag", "The TagKey you have provided is invalid");
    if (value.size() > 256) return s3_fail("InvalidTag", "The TagValue you have provided is invalid");
    if (key.starts_with("aws:"))
      return s3_fail("InvalidTag", "System tags cannot be added/updated by requester");
    for (size_t j = 0; j < i; ++j) {
      if (tags[j].first == key)
        return s3_fail("InvalidTag", "Cannot provide multiple Tags with the same key");
    }
  }
  return {};
}

S3Result<StringPairs> parse_tagging_header(std::string_view encoded) {
  auto pairs = codec::parse_form(encoded);
  if (!pairs)
    return s3_fail("InvalidArgument",
                   "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query "
                   "parameters without tag name duplicates.");
  StringPairs tags(pairs->begin(), pairs->end());
  LF_CHECK(check_tags(tags, kMaxObjectTags));
  return tags;
}

S3Result<ObjectAttributes> attributes_of(const http::Headers& headers) {
  LF_CHECK(refuse_unsupported(headers));
  ObjectAttributes attributes;
  size_t metadata_bytes = 0;
  for (const http::Header& header : headers) {
    const std::string name = ascii_lower(header.name);
    if (name.starts_with(kMetadataPrefix)) {
      std::string key = name.substr(kMetadataPrefix.size());
      metadata_bytes += key.size() + header.value.size();
      attributes.metadata.emplace_back(std::move(key), header.value);
    } else if (std::find(std::begin(kContentHeaders), std::end(kContentHeaders), name) !=
               std::end(kContentHeaders)) {
      std::string value =
          name == "content-encoding" ? without_aws_chunked(header.value) : std::string(header.value);
      if (!value.empty()) attributes.headers.emplace_back(name, std::move(value));
    }
  }
  if (metadata_bytes > kMaxMetadataBytes) {
    return std::unexpected(
        with_detail(with_detail(s3_error("MetadataTooLarge"), "Size", std::to_string(metadata_bytes)),
                    "MaxSizeAllowed", std::to_string(kMaxMetadataBytes)));
  }
  if (auto storage_class = headers.get("x-amz-storage-class")) {
    const bool known = std::find(std::begin(kStorageClasses), std::end(kStorageClasses), *storage_class) !=
                       std::end(kStorageClasses);
    if (!known) return s3_fail("InvalidStorageClass");
    attributes.storage_class = *storage_class;
  }
  if (auto location = headers.get("x-amz-website-redirect-location"))
    attributes.redirect_location = *location;
  if (auto tagging = headers.get("x-amz-tagging")) {
    LF_TRY(attributes.tags, parse_tagging_header(*tagging));
  }
  return attributes;
}

std::string quoted_etag(std::string_view etag) { return "\"" + std::string(etag) + "\""; }

void add_version_header(const BucketRecord& bucket, const ObjectRecord& record, http::Headers& headers) {
  if (bucket.versioning == Versioning::never) return;
  headers.add("x-amz-version-id", record.version_id.empty() ? "null" : record.version_id);
}

void add_checksum_headers(const StoredChecksum& checksum, http::Headers& headers) {
  if (checksum.algorithm == ChecksumAlgorithm::none) return;
  headers.add(std::string(header_of(checksum.algorithm)), checksum.value);
  headers.add("x-amz-checksum-type", checksum.type == ChecksumType::composite ? "COMPOSITE" : "FULL_OBJECT");
}

namespace {

http::Headers make_object_headers(const BucketRecord& bucket, const ObjectRecord& record) {
  http::Headers headers;
  headers.add("Last-Modified", format_http_date(record.last_modified));
  headers.add("ETag", quoted_etag(record.etag));
  headers.add("Accept-Ranges", "bytes");
  headers.add("x-amz-server-side-encryption", "AES256");
  add_version_header(bucket, record, headers);
  bool has_type = false;
  for (const auto& [name, value] : record.attributes.headers) {
    has_type = has_type || name == "content-type";
    headers.add(name, value);
  }
  if (!has_type) headers.add("content-type", "binary/octet-stream");
  for (const auto& [name, value] : record.attributes.metadata) headers.add("x-amz-meta-" + name, value);
  if (record.attributes.storage_class != "STANDARD") {
    headers.add("x-amz-storage-class", record.attributes.storage_class);
  }
  if (!record.attributes.tags.empty()) {
    headers.add("x-amz-tagging-count", std::to_string(record.attributes.tags.size()));
  }
  if (!record.attributes.redirect_location.empty()) {
    headers.add("x-amz-website-redirect-location", record.attributes.redirect_location);
  }
  return headers;
}

}  // namespace

void add_object_headers(const BucketRecord& bucket, const SharedRecord& record, http::Headers& headers) {
  struct Kept {
    SharedRecord record;  // held, so that no other takes its address
    bool versioned = false;
    http::Headers headers;
  };
  thread_local std::vector<Kept> all(kKeptHeaders);
  const bool versioned = bucket.versioning != Versioning::never;
  Kept& kept = all[std::hash<const void*>()(record.get()) / alignof(std::max_align_t) % kKeptHeaders];
  if (kept.record != record || kept.versioned != versioned)
    kept = {record, versioned, make_object_headers(bucket, *record)};
  headers.add_all(kept.headers);
}

S3Result<Precondition> write_precondition(const http::Headers& headers) {
  auto none_match = headers.get("if-none-match"), match = headers.get("if-match");
  if (none_match && *none_match != "*") {
    return s3_fail("NotImplemented", "A write takes If-None-Match only with the value *");
  }
  if (!none_match && !match) return Precondition();
  return Precondition([none = none_match.has_value(), wanted = std::string(match.value_or(""))](
                          const ObjectRecord* current) -> StoreResult<> {
    if (none && current) return store_fail(StoreErrc::precondition_failed, "If-None-Match");
    if (wanted.empty()) return {};
    if (!current) return store_fail(StoreErrc::no_such_key);
    if (!etag_list_matches(wanted, current->etag))
      return store_fail(StoreErrc::precondition_failed, "If-Match");
    return {};
  });
}

}  // namespace landfall::s3
