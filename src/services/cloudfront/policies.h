// AWS's managed policies, as documented:
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
// .../using-managed-origin-request-policies.html, .../using-managed-response-headers-policies.html
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "cloudfront/shapes.h"
#include "services/cloudfront/snapshot.h"

namespace landfall::cloudfront {

const std::vector<CachePolicy>& managed_cache_policies();
const CachePolicy* find_cache_policy(std::string_view id);      // null: none
inline constexpr char kManagedPolicyEtag[] = "E23ZP02F085DFQ";  // they never change

struct ForwardingPolicy {
  const char* id;
  Selection headers, cookies, query;
};
const ForwardingPolicy* find_origin_request_policy(std::string_view id);

std::optional<std::vector<HeaderSnapshot>> response_headers_policy(std::string_view id);

}  // namespace landfall::cloudfront
