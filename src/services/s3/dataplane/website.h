// Static websites: a bucket behind "<bucket>.s3-website-<region>.amazonaws.com", with index and error
// documents and redirects. Reads are anonymous: the bucket's policy decides.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/s3/dataplane/request.h"

namespace landfall::s3 {

inline constexpr const char* kWebsiteConfiguration = "website";

// The bucket of a website's Host header; nullopt: another host.
std::optional<std::string> website_bucket(std::string_view host);

struct WebsiteRedirect {
  std::string host, protocol, replace_key, replace_prefix, code;
  bool replaces_key = false, replaces_prefix = false;
};
struct WebsiteRule {
  std::string prefix, error_code;  // empty: whatever
  WebsiteRedirect redirect;
};
struct Website {
  std::string index_suffix, error_key;
  std::optional<WebsiteRedirect> redirect_all;
  std::vector<WebsiteRule> rules;
};
std::optional<Website> website_of(const BucketRecord& bucket);  // nullopt: none, or it does not parse

// The rule for a key before it is looked up (error empty), or after it led to that status. Pure.
const WebsiteRule* find_rule(const Website& website, std::string_view key, std::string_view error);
// Where a redirect leads. `host` and `tls` are the request's.
std::string location_of(const WebsiteRedirect& redirect, std::string_view matched_prefix,
                        std::string_view key, std::string_view host, bool tls);

void serve_website(std::shared_ptr<S3Request> request, std::string bucket);

}  // namespace landfall::s3
