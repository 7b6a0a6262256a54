// Policies: AWS's managed ones, as documented, and the account's own.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
// .../using-managed-origin-request-policies.html, .../using-managed-response-headers-policies.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cloudfront/shapes.h"
#include "gateway/call.h"
#include "services/cloudfront/snapshot.h"
#include "services/cloudfront/store.h"

namespace landfall::cloudfront {

inline constexpr char kManagedPolicyEtag[] = "E23ZP02F085DFQ";  // they never change

// In the order in which AWS lists them.
const std::vector<CachePolicyRecord>& managed_cache_policies();
const std::vector<OriginRequestPolicyRecord>& managed_origin_request_policies();
const std::vector<ResponseHeadersPolicyRecord>& managed_response_headers_policies();

// Managed or own; nullopt: neither.
std::optional<CachePolicyRecord> find_cache_policy(const Call& call, std::string_view id);
std::optional<OriginRequestPolicyRecord> find_origin_request_policy(const Call& call, std::string_view id);
std::optional<ResponseHeadersPolicyRecord> find_response_headers_policy(const Call& call,
                                                                        std::string_view id);
bool is_managed(std::string_view id);

// They throw for what a configuration must not be, and fill in AWS's defaults.
CachePolicyConfig checked(CachePolicyConfig config);
OriginRequestPolicyConfig checked(OriginRequestPolicyConfig config);
ResponseHeadersPolicyConfig checked(ResponseHeadersPolicyConfig config);

// What edge does for them.
struct ForwardingPolicy {
  Selection headers, cookies, query;
};
ForwardingPolicy forwarding_of(const OriginRequestPolicyConfig& config);
void apply(const ResponseHeadersPolicyConfig& config, BehaviorSnapshot& behavior);

// The distributions that name a policy, a key group or, by its ARN, a function, for ...InUse errors and for
// what follows a change.
std::vector<std::string> distributions_with(const Call& call, std::string_view id);

}  // namespace landfall::cloudfront
