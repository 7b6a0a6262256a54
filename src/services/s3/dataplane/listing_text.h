// What the four listing operations share: their parameters and the encoding of keys.
#pragma once

#include "s3/shapes.h"
#include "services/s3/dataplane/request.h"

namespace landfall::s3 {

inline constexpr int64_t kMaxListing = 1000;  // keys a page, whatever the client asks for

// Keys as they stand in the answer: percent-encoded where the client asked for encoding-type=url.
class ListingText {
 public:
  static S3Result<ListingText> of(const std::optional<std::string>& encoding_type);
  std::string operator()(std::string_view key) const;
  std::optional<std::string> type() const;

 private:
  bool url_ = false;
};

// `text` is the parameter as the client sent it.
S3Result<int64_t> page_size(const std::optional<int64_t>& wanted, std::string_view name);

std::vector<CommonPrefix> common_prefixes(const std::vector<std::string>& prefixes, const ListingText& text);
Object object_entry(const S3Request& request, const ListEntry& entry, const ListingText& text,
                    bool with_owner);
Owner owner_of(const S3Request& request);

// Continuation tokens: opaque to the client, self-contained.
std::string make_token(std::string_view next_key);
S3Result<std::string> parse_token(std::string_view token);

}  // namespace landfall::s3
