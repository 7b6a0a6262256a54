#include "services/cloudfront/policies.h"

#include <algorithm>

namespace landfall::cloudfront {
namespace {

struct Ttl {
  int64_t min, normal, max;
};
enum class Encodings { none, gzip_and_brotli };

struct Managed {
  const char *id, *name, *comment;
  Ttl ttl;
  Encodings encodings;
  std::vector<std::string> headers;
  const char *cookies, *query;
};

CachePolicy policy_of(const Managed& m) {
  const bool encodings = m.encodings == Encodings::gzip_and_brotli;
  ParametersInCacheKeyAndForwardedToOrigin key{.EnableAcceptEncodingGzip = encodings,
                                               .EnableAcceptEncodingBrotli = encodings};
  key.HeadersConfig = CachePolicyHeadersConfig{.HeaderBehavior = m.headers.empty() ? "none" : "whitelist"};
  if (!m.headers.empty())
    key.HeadersConfig->Headers =
        Headers{.Quantity = static_cast<int64_t>(m.headers.size()), .Items = m.headers};
  key.CookiesConfig = CachePolicyCookiesConfig{.CookieBehavior = m.cookies};
  key.QueryStringsConfig = CachePolicyQueryStringsConfig{.QueryStringBehavior = m.query};
  CachePolicy policy{.Id = m.id, .LastModifiedTime = Timestamp{1'607'299'200'000}};
  policy.CachePolicyConfig = CachePolicyConfig{.Comment = m.comment,
                                               .Name = m.name,
                                               .DefaultTTL = m.ttl.normal,
                                               .MaxTTL = m.ttl.max,
                                               .MinTTL = m.ttl.min,
                                               .ParametersInCacheKeyAndForwardedToOrigin = key};
  return policy;
}

std::vector<CachePolicy> make_cache_policies() {
  const std::vector<std::string> origin_headers{"Host", "Origin", "X-HTTP-Method-Override", "X-HTTP-Method",
                                                "X-Method-Override"};
  const Managed all[] = {
      {"658327ea-f89d-4fab-a63d-7e88639e58f6",
       "Managed-CachingOptimized",
       "Policy with caching enabled. Supports Gzip and Brotli compression.",
       {1, 86400, 31536000},
       Encodings::gzip_and_brotli,
       {},
       "none",
       "none"},
      {"4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
       "Managed-CachingDisabled",
       "Policy with caching disabled",
       {0, 0, 0},
       Encodings::none,
       {},
       "none",
       "none"},
      {"b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
       "Managed-CachingOptimizedForUncompressedObjects",
       "Default policy when compression is disabled",
       {1, 86400, 31536000},
       Encodings::none,
       {},
       "none",
       "none"},
      {"83da9c7e-98b4-4e11-a168-04f0df8e2c65",
       "Managed-UseOriginCacheControlHeaders",
       "Policy for origins that return Cache-Control headers. Query strings are not included in the cache "
       "key.",
       {0, 0, 31536000},
       Encodings::gzip_and_brotli,
       origin_headers,
       "all",
       "none"},
      {"4cc15a8a-d715-48a4-82b8-cc0b614638fe",
       "Managed-UseOriginCacheControlHeaders-QueryStrings",
       "Policy for origins that return Cache-Control headers and serve different content based on values "
       "present in the query string.",
       {0, 0, 31536000},
       Encodings::gzip_and_brotli,
       origin_headers,
       "all",
       "all"},
  };
  std::vector<CachePolicy> policies;
  for (const Managed& one : all) policies.push_back(policy_of(one));
  return policies;
}

}  // namespace

const std::vector<CachePolicy>& managed_cache_policies() {
  static const std::vector<CachePolicy> policies = make_cache_policies();
  return policies;
}

const CachePolicy* find_cache_policy(std::string_view id) {
  const auto& all = managed_cache_policies();
  const auto it = std::ranges::find_if(all, [&](const CachePolicy& policy) { return *policy.Id == id; });
  return it == all.end() ? nullptr : &*it;
}

const ForwardingPolicy* find_origin_request_policy(std::string_view id) {
  static const ForwardingPolicy all[] = {
      {"216adef6-5c7f-47e4-b989-5492eafa07d3", {"all", {}}, {"all", {}}, {"all", {}}},  // AllViewer
      {"b689b0a8-53d0-40ab-baf2-68738e2966ac",
       {"allExcept", {"host"}},
       {"all", {}},
       {"all", {}}},  // AllViewerExceptHostHeader
      {"88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
       {"whitelist", {"origin", "access-control-request-headers", "access-control-request-method"}},
       {},
       {}},                                                                         // CORS-S3Origin
      {"59781a5b-3903-41f3-afcb-af62929ccde1", {"whitelist", {"origin"}}, {}, {}},  // CORS-CustomOrigin
      {"acba4595-bd28-49b8-b9fe-13317c0390fa",
       {"whitelist", {"user-agent", "referer"}},
       {},
       {}},  // UserAgentRefererHeaders
  };
  const auto* it = std::ranges::find_if(all, [&](const ForwardingPolicy& policy) { return policy.id == id; });
  return it == std::end(all) ? nullptr : it;
}

std::optional<std::vector<HeaderSnapshot>> response_headers_policy(std::string_view id) {
  if (id == "67f7725c-6f97-4210-82d7-5512b31e9d03")  // SecurityHeadersPolicy
    return std::vector<HeaderSnapshot>{{"Strict-Transport-Security", "max-age=31536000", false},
                                       {"X-Content-Type-Options", "nosniff", true},
                                       {"X-Frame-Options", "SAMEORIGIN", false},
                                       {"X-XSS-Protection", "1; mode=block", false},
                                       {"Referrer-Policy", "strict-origin-when-cross-origin", false}};
  return std::nullopt;
}

}  // namespace landfall::cloudfront
