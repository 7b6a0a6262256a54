#include "services/s3/dataplane/listing_text.h"

#include "base/encoding.h"
#include "services/s3/dataplane/checksum_fields.h"
#include "services/s3/dataplane/object_headers.h"

namespace landfall::s3 {

S3Result<ListingText> ListingText::of(const std::optional<std::string>& encoding_type) {
  ListingText text;
  if (!encoding_type || encoding_type->empty()) return text;
  if (*encoding_type != "url") {
    return std::unexpected(
        with_detail(with_detail(s3_error("InvalidArgument", "Invalid Encoding Method specified in Request"),
                                "ArgumentName", "encoding-type"),
                    "ArgumentValue", *encoding_type));
  }
  text.url_ = true;
  return text;
}

std::string ListingText::operator()(std::string_view key) const {
  return url_ ? codec::percent_encode(key, codec::Slash::kept) : std::string(key);
}

std::optional<std::string> ListingText::type() const {
  if (!url_) return std::nullopt;
  return "url";
}

S3Result<int64_t> page_size(const std::optional<int64_t>& wanted, std::string_view name) {
  if (!wanted) return kMaxListing;
  if (*wanted < 0 || *wanted > INT32_MAX) {
    return std::unexpected(with_detail(
        with_detail(s3_error("InvalidArgument", "Argument " + std::string(name) +
                                                    " must be an integer between 0 and 2147483647"),
                    "ArgumentName", std::string(name)),
        "ArgumentValue", std::to_string(*wanted)));
  }
  return std::min(*wanted, kMaxListing);
}

std::vector<CommonPrefix> common_prefixes(const std::vector<std::string>& prefixes, const ListingText& text) {
  std::vector<CommonPrefix> out;
  for (const std::string& prefix : prefixes) out.push_back({.Prefix = text(prefix)});
  return out;
}

Object object_entry(const S3Request& request, const ListEntry& entry, const ListingText& text,
                    bool with_owner) {
  Object object;
  object.Key = text(entry.key);
  object.LastModified = entry.record.last_modified;
  object.ETag = quoted_etag(entry.record.etag);
  object.Size = static_cast<int64_t>(entry.record.size);
  object.StorageClass = entry.record.attributes.storage_class;
  if (entry.record.checksum.algorithm != ChecksumAlgorithm::none) {
    object.ChecksumAlgorithm.emplace_back(name_of(entry.record.checksum.algorithm));
    object.ChecksumType = name_of(entry.record.checksum.type);
  }
  if (with_owner) object.Owner = owner_of(request);
  return object;
}

Owner owner_of(const S3Request& request) {
  Owner owner;
  owner.ID = request.owner_id();
  return owner;
}

std::string make_token(std::string_view next_key) { return to_base64(std::string("1/").append(next_key)); }

S3Result<std::string> parse_token(std::string_view token) {
  auto raw = from_base64(token);
  if (!raw || !raw->starts_with("1/")) {
    return std::unexpected(
        with_detail(s3_error("InvalidArgument", "The continuation token provided is incorrect"),
                    "ArgumentName", "continuation-token"));
  }
  return raw->substr(2);
}

}  // namespace landfall::s3
