// What makes two requests the same to the cache, and what an invalidation names. Pure.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-the-cache-key.html
#pragma once

#include <string>
#include <string_view>

#include "codec/http1_head.h"
#include "http/message.h"
#include "services/cloudfront/snapshot.h"

namespace landfall::cloudfront {

// The fields of a request that go beyond its connection, from either kind of head: what Connection names is
// not sent to the origin (RFC 9110 section 7.6.1), so an answer must not be kept as if it had been.
class FieldView {
 public:
  FieldView(const http::Headers& headers) : headers_(&headers) {}
  FieldView(const http1::RequestHead& head) : head_(&head) {}
  template <class Visit>
  void each(std::string_view name, Visit visit) const {  // values, in order
    if (headers_ != nullptr) {
      for (const http::Header& field : *headers_)
        if (field.name.size() == name.size() && http::equals_ignoring_case(field.name, name))
          visit(field.value);
    } else {
      for (const http1::Field& field : *head_)
        if (field.name_length == name.size() && http::equals_ignoring_case(head_->name(field), name) &&
            !head_->is_connection_field(field))
          visit(head_->value(field));
    }
  }

 private:
  const http::Headers* headers_ = nullptr;
  const http1::RequestHead* head_ = nullptr;
};

// '*' stands for any characters, '?' for exactly one; case counts. A pattern without its first slash means
// the same.
bool path_matches(std::string_view pattern, std::string_view path);

// The path that patterns are matched with: decoded, "." and ".." resolved (RFC 3986 section 6.2.2), or
// "/%70rivate/a" and "/x/../private/a" would get past the behaviour of "/private/*" to the same object. The
// origin gets the path as it came.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
std::string normalized_path(std::string_view path);
bool is_normalized(std::string_view path);  // then it is the same

// path_matches() as the pattern stands: of whole URLs.
bool wildcard_matches(std::string_view pattern, std::string_view text);

// The encodings of Accept-Encoding that the behaviour knows: "br,gzip", "gzip", "br" or "". RFC 9110
// section 12.5.3.
std::string_view normalized_encodings(const FieldView& fields, const BehaviorSnapshot& behavior);

bool selects(const Selection& selection, std::string_view name);  // case counts (cookies, query strings)
bool selects_header(const Selection& selection, std::string_view name);  // case does not
// The selected pairs of a query string "a=1&b=2", as they are; of a Cookie header "a=1; b=2".
std::string selected_query(const Selection& one, const Selection& other, std::string_view query);
std::string selected_cookies(const Selection& one, const Selection& other, const FieldView& fields);

struct CacheKey {
  std::string text;    // all of it
  std::string target;  // path and the query in the key: what invalidations name
};
// Of a request, what the key may be made of.
struct KeySource {
  std::string_view method, authority;
  std::string_view path;  // as it goes to the origin, default root object applied
  std::string_view query;
  FieldView fields;
};
// Into `key`, whose strings keep their memory.
void make_cache_key(CacheKey& key, std::string_view distribution_id, const BehaviorSnapshot& behavior,
                    const KeySource& source);
// `path`: as it goes to the origin, default root object applied.
CacheKey cache_key(std::string_view distribution_id, const BehaviorSnapshot& behavior, std::string_view path,
                   const http::Request& request);

// Whether an invalidation's path ("/a", "/a/*") names the target.
bool invalidates(std::string_view pattern, std::string_view target);

}  // namespace landfall::cloudfront
