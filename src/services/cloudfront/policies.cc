#include "services/cloudfront/policies.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/ascii.h"
#include "cloudfront/errors.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {
namespace {

using Names = std::vector<std::string>;

constexpr size_t kMaxRemovedHeaders = 10;
constexpr double kMaxSamplingRate = 100;

int64_t count(const Names& names) { return static_cast<int64_t>(names.size()); }

template <class List>
void check_list(const std::optional<List>& list, const std::string& mode, const char* what) {
  const bool wanted = mode == "whitelist" || mode == "allExcept" || mode == "allViewerAndWhitelistCloudFront";
  const size_t items = list ? list->Items.size() : 0;
  if (wanted != (items > 0))
    throw InvalidArgument(std::string("The parameter ") + what +
                          (wanted ? " is required." : " must be empty for this behavior."));
  if (list && list->Quantity.value_or(0) != static_cast<int64_t>(items))
    throw InconsistentQuantities(std::string("The value of Quantity and the size of Items do not match: ") +
                                 what);
}

void check_name(const std::optional<std::string>& name) {
  const std::string text = name.value_or("");
  const bool valid =
      !text.empty() && text.size() <= 128 &&
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
          std::string::npos;
  if (!valid) throw InvalidArgument("The parameter Name is invalid: " + text);
}

template <class Record>
std::optional<Record> find(const Call& call, const store::Table<Record>& table,
                           const std::vector<Record>& managed, std::string_view id) {
  const auto it = std::ranges::find(managed, id, &Record::id);
  if (it != managed.end()) return *it;
  if (const auto own = call.global_rows(table).get(id)) return *own;
  return std::nullopt;
}

template <class Record>
std::vector<Record> dated(std::vector<Record> records) {
  for (Record& record : records) {
    record.etag = kManagedPolicyEtag;
    record.modified = Timestamp{1'607'299'200'000};
  }
  return records;
}

CachePolicyRecord cache_policy(const char* id, const char* name, const char* comment,
                               std::array<int64_t, 3> ttls, bool encodings, const Names& headers,
                               const char* others) {
  ParametersInCacheKeyAndForwardedToOrigin key{.EnableAcceptEncodingGzip = encodings,
                                               .EnableAcceptEncodingBrotli = encodings};
  key.HeadersConfig = CachePolicyHeadersConfig{.HeaderBehavior = headers.empty() ? "none" : "whitelist"};
  if (!headers.empty()) key.HeadersConfig->Headers = Headers{.Quantity = count(headers), .Items = headers};
  key.CookiesConfig = CachePolicyCookiesConfig{.CookieBehavior = headers.empty() ? "none" : "all"};
  key.QueryStringsConfig = CachePolicyQueryStringsConfig{.QueryStringBehavior = others};
  CachePolicyRecord record;
  record.id = id;
  record.config = CachePolicyConfig{.Comment = comment,
                                    .Name = name,
                                    .DefaultTTL = ttls[1],
                                    .MaxTTL = ttls[2],
                                    .MinTTL = ttls[0],
                                    .ParametersInCacheKeyAndForwardedToOrigin = key};
  return record;
}

OriginRequestPolicyRecord origin_request_policy(const char* id, const char* name, const char* comment,
                                                const char* header_mode, const Names& headers,
                                                const char* others) {
  OriginRequestPolicyRecord record;
  record.id = id;
  record.config.Name = name;
  record.config.Comment = comment;
  record.config.HeadersConfig = OriginRequestPolicyHeadersConfig{.HeaderBehavior = header_mode};
  if (!headers.empty())
    record.config.HeadersConfig->Headers = Headers{.Quantity = count(headers), .Items = headers};
  record.config.CookiesConfig = OriginRequestPolicyCookiesConfig{.CookieBehavior = others};
  record.config.QueryStringsConfig = OriginRequestPolicyQueryStringsConfig{.QueryStringBehavior = others};
  return record;
}

ResponseHeadersPolicySecurityHeadersConfig security_headers() {
  ResponseHeadersPolicySecurityHeadersConfig out;
  out.XSSProtection =
      ResponseHeadersPolicyXSSProtection{.Override = false, .Protection = true, .ModeBlock = true};
  out.FrameOptions = ResponseHeadersPolicyFrameOptions{.Override = false, .FrameOption = "SAMEORIGIN"};
  out.ReferrerPolicy = ResponseHeadersPolicyReferrerPolicy{
      .Override = false, .ReferrerPolicy = "strict-origin-when-cross-origin"};
  out.ContentTypeOptions = ResponseHeadersPolicyContentTypeOptions{.Override = true};
  out.StrictTransportSecurity = ResponseHeadersPolicyStrictTransportSecurity{
      .Override = false, .IncludeSubdomains = false, .Preload = false, .AccessControlMaxAgeSec = 31536000};
  return out;
}

ResponseHeadersPolicyCorsConfig cors(const Names& methods, const Names& exposed) {
  ResponseHeadersPolicyCorsConfig out;
  out.AccessControlAllowOrigins =
      ResponseHeadersPolicyAccessControlAllowOrigins{.Quantity = 1, .Items = {"*"}};
  out.AccessControlAllowHeaders =
      ResponseHeadersPolicyAccessControlAllowHeaders{.Quantity = 1, .Items = {"*"}};
  out.AccessControlAllowMethods =
      ResponseHeadersPolicyAccessControlAllowMethods{.Quantity = count(methods), .Items = methods};
  out.AccessControlAllowCredentials = false;
  if (!exposed.empty())
    out.AccessControlExposeHeaders =
        ResponseHeadersPolicyAccessControlExposeHeaders{.Quantity = count(exposed), .Items = exposed};
  out.OriginOverride = false;
  return out;
}

enum class Security { no, yes };
ResponseHeadersPolicyRecord response_policy(const char* id, const char* name, const char* comment,
                                            std::optional<ResponseHeadersPolicyCorsConfig> with_cors,
                                            Security security) {
  ResponseHeadersPolicyRecord record;
  record.id = id;
  record.config.Name = name;
  record.config.Comment = comment;
  record.config.CorsConfig = std::move(with_cors);
  if (security == Security::yes) record.config.SecurityHeadersConfig = security_headers();
  return record;
}

std::string joined(const Names& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

Names lower_names(Names names) {
  for (std::string& name : names) name = ascii_lower(std::move(name));
  return names;
}

CorsSnapshot cors_of(const ResponseHeadersPolicyCorsConfig& config) {
  Names methods = config.AccessControlAllowMethods->Items;
  if (methods == Names{"ALL"}) methods = {"GET", "DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"};
  CorsSnapshot out{.override_origin = config.OriginOverride.value_or(false),
                   .origins = config.AccessControlAllowOrigins->Items,
                   .credentials = config.AccessControlAllowCredentials.value_or(false),
                   .methods = joined(methods),
                   .headers = joined(config.AccessControlAllowHeaders->Items),
                   .max_age_seconds = config.AccessControlMaxAgeSec};
  if (config.AccessControlExposeHeaders) out.exposed = joined(config.AccessControlExposeHeaders->Items);
  return out;
}

// What a policy must not remove: HTTP's and CloudFront's own.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
bool may_be_removed(const std::string& name) {
  static const std::set<std::string> kept{"connection",
                                          "content-encoding",
                                          "content-length",
                                          "expect",
                                          "host",
                                          "keep-alive",
                                          "proxy-authenticate",
                                          "proxy-authorization",
                                          "proxy-connection",
                                          "trailer",
                                          "transfer-encoding",
                                          "upgrade",
                                          "via",
                                          "warning",
                                          "x-cache",
                                          "x-forwarded-proto",
                                          "x-real-ip"};
  return !kept.contains(name) && !name.starts_with("x-accel-") && !name.starts_with("x-amz-cf-") &&
         !name.starts_with("x-edge-");
}

void check_removed(const ResponseHeadersPolicyRemoveHeadersConfig& config) {
  if (config.Items.size() > kMaxRemovedHeaders)
    throw TooManyRemoveHeadersInResponseHeadersPolicy(
        "The number of headers in RemoveHeadersConfig in the response headers policy exceeds the maximum.");
  for (const auto& header : config.Items)
    if (!may_be_removed(ascii_lower(header.Header.value_or(""))))
      throw InvalidArgument("The parameter RemoveHeaders contains a header that cannot be removed: " +
                            header.Header.value_or(""));
}

void check_cors(const ResponseHeadersPolicyCorsConfig& config) {
  if (config.AccessControlAllowOrigins->Items.empty() || config.AccessControlAllowMethods->Items.empty() ||
      config.AccessControlAllowHeaders->Items.empty())
    throw InvalidArgument("The parameter CorsConfig must allow at least one origin, method and header.");
}

void add_security(const ResponseHeadersPolicySecurityHeadersConfig& config,
                  std::vector<HeaderSnapshot>& out) {
  if (const auto& sts = config.StrictTransportSecurity) {
    std::string value = "max-age=" + std::to_string(sts->AccessControlMaxAgeSec.value_or(0));
    if (sts->IncludeSubdomains.value_or(false)) value += "; includeSubDomains";
    if (sts->Preload.value_or(false)) value += "; preload";
    out.push_back({"Strict-Transport-Security", value, sts->Override.value_or(false)});
  }
  if (config.ContentTypeOptions)
    out.push_back({"X-Content-Type-Options", "nosniff", config.ContentTypeOptions->Override.value_or(false)});
  if (config.FrameOptions)
    out.push_back({"X-Frame-Options", config.FrameOptions->FrameOption.value_or(""),
                   config.FrameOptions->Override.value_or(false)});
  if (const auto& xss = config.XSSProtection) {
    std::string value = xss->Protection.value_or(false) ? "1" : "0";
    if (xss->ModeBlock.value_or(false)) value += "; mode=block";
    if (xss->ReportUri) value += "; report=" + *xss->ReportUri;
    out.push_back({"X-XSS-Protection", value, xss->Override.value_or(false)});
  }
  if (config.ReferrerPolicy)
    out.push_back({"Referrer-Policy", config.ReferrerPolicy->ReferrerPolicy.value_or(""),
                   config.ReferrerPolicy->Override.value_or(false)});
  if (config.ContentSecurityPolicy)
    out.push_back({"Content-Security-Policy",
                   config.ContentSecurityPolicy->ContentSecurityPolicy.value_or(""),
                   config.ContentSecurityPolicy->Override.value_or(false)});
}

}  // namespace

const std::vector<CachePolicyRecord>& managed_cache_policies() {
  static const Names origin{"Host", "Origin", "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"};
  static const std::vector<CachePolicyRecord> all = dated<CachePolicyRecord>({
      cache_policy("658327ea-f89d-4fab-a63d-7e88639e58f6", "Managed-CachingOptimized",
                   "Policy with caching enabled. Supports Gzip and Brotli compression.", {1, 86400, 31536000},
                   true, {}, "none"),
      cache_policy("4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "Managed-CachingDisabled",
                   "Policy with caching disabled", {0, 0, 0}, false, {}, "none"),
      cache_policy("b2884449-e4de-46a7-ac36-70bc7f1ddd6d", "Managed-CachingOptimizedForUncompressedObjects",
                   "Default policy when compression is disabled", {1, 86400, 31536000}, false, {}, "none"),
      cache_policy(
          "83da9c7e-98b4-4e11-a168-04f0df8e2c65", "Managed-UseOriginCacheControlHeaders",
          "Policy for origins that return Cache-Control headers. Query strings are not included in the cache "
          "key.",
          {0, 0, 31536000}, true, origin, "none"),
      cache_policy(
          "4cc15a8a-d715-48a4-82b8-cc0b614638fe", "Managed-UseOriginCacheControlHeaders-QueryStrings",
          "Policy for origins that return Cache-Control headers and serve different content based on values "
          "present in the query string.",
          {0, 0, 31536000}, true, origin, "all"),
  });
  return all;
}

const std::vector<OriginRequestPolicyRecord>& managed_origin_request_policies() {
  static const std::vector<OriginRequestPolicyRecord> all = dated<OriginRequestPolicyRecord>({
      origin_request_policy("216adef6-5c7f-47e4-b989-5492eafa07d3", "Managed-AllViewer",
                            "Policy to forward all parameters in viewer requests", "allViewer", {}, "all"),
      origin_request_policy("b689b0a8-53d0-40ab-baf2-68738e2966ac", "Managed-AllViewerExceptHostHeader",
                            "Policy to forward all parameters in viewer requests except for the Host header",
                            "allExcept", {"host"}, "all"),
      origin_request_policy(
          "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "Managed-CORS-S3Origin", "Policy for S3 origin with CORS",
          "whitelist", {"origin", "access-control-request-headers", "access-control-request-method"}, "none"),
      origin_request_policy("59781a5b-3903-41f3-afcb-af62929ccde1", "Managed-CORS-CustomOrigin",
                            "Policy for custom origin with CORS", "whitelist", {"origin"}, "none"),
      origin_request_policy("acba4595-bd28-49b8-b9fe-13317c0390fa", "Managed-UserAgentRefererHeaders",
                            "Policy to forward user-agent and referer headers to origin", "whitelist",
                            {"user-agent", "referer"}, "none"),
      origin_request_policy("bf0718e1-ba1e-49d1-88b1-f726733018ae", "Managed-HostHeaderOnly",
                            "Policy to forward Host header only", "whitelist", {"host"}, "none"),
  });
  return all;
}

const std::vector<ResponseHeadersPolicyRecord>& managed_response_headers_policies() {
  static const Names simple{"GET", "HEAD", "OPTIONS"}, every{"ALL"};
  static const std::vector<ResponseHeadersPolicyRecord> all = dated<ResponseHeadersPolicyRecord>({
      response_policy("67f7725c-6f97-4210-82d7-5512b31e9d03", "Managed-SecurityHeadersPolicy",
                      "Adds a set of security headers to every response", std::nullopt, Security::yes),
      response_policy("60669652-455b-4ae9-85a4-c4c02393f86c", "Managed-SimpleCORS",
                      "Allows all origins for simple CORS requests", cors(simple, {}), Security::no),
      response_policy("5cc3b908-e619-4b99-88e5-2cf7f45965bd", "Managed-CORS-With-Preflight",
                      "Allows all origins for CORS requests, including preflight requests",
                      cors(every, {"*"}), Security::no),
      response_policy("e61eb60c-9c35-4d20-a928-2b84e02af89c", "Managed-CORS-and-SecurityHeadersPolicy",
                      "Allows all origins for simple CORS requests and adds security headers",
                      cors(simple, {}), Security::yes),
      response_policy(
          "eaab4381-ed33-4a86-88ca-d9558dc6cd63", "Managed-CORS-with-preflight-and-SecurityHeadersPolicy",
          "Allows all origins for CORS requests, including preflight requests, and adds security headers",
          cors(every, {"*"}), Security::yes),
  });
  return all;
}

std::optional<CachePolicyRecord> find_cache_policy(const Call& call, std::string_view id) {
  return find(call, kCachePolicies, managed_cache_policies(), id);
}
std::optional<OriginRequestPolicyRecord> find_origin_request_policy(const Call& call, std::string_view id) {
  return find(call, kOriginRequestPolicies, managed_origin_request_policies(), id);
}
std::optional<ResponseHeadersPolicyRecord> find_response_headers_policy(const Call& call,
                                                                        std::string_view id) {
  return find(call, kResponseHeadersPolicies, managed_response_headers_policies(), id);
}

bool is_managed(std::string_view id) {
  return std::ranges::find(managed_cache_policies(), id, &CachePolicyRecord::id) !=
             managed_cache_policies().end() ||
         std::ranges::find(managed_origin_request_policies(), id, &OriginRequestPolicyRecord::id) !=
             managed_origin_request_policies().end() ||
         std::ranges::find(managed_response_headers_policies(), id, &ResponseHeadersPolicyRecord::id) !=
             managed_response_headers_policies().end();
}

CachePolicyConfig checked(CachePolicyConfig config) {
  check_name(config.Name);
  if (!config.Comment) config.Comment = "";
  if (!config.MinTTL) config.MinTTL = 0;
  if (!config.DefaultTTL) config.DefaultTTL = std::max<int64_t>(86400, *config.MinTTL);
  if (!config.MaxTTL) config.MaxTTL = std::max<int64_t>(31536000, *config.DefaultTTL);
  if (*config.MinTTL > *config.DefaultTTL || *config.DefaultTTL > *config.MaxTTL)
    throw InvalidArgument("The order of the TTLs must be MinTTL <= DefaultTTL <= MaxTTL.");
  if (!config.ParametersInCacheKeyAndForwardedToOrigin)
    config.ParametersInCacheKeyAndForwardedToOrigin = ParametersInCacheKeyAndForwardedToOrigin{
        .EnableAcceptEncodingGzip = false,
        .EnableAcceptEncodingBrotli = false,
        .HeadersConfig = CachePolicyHeadersConfig{.HeaderBehavior = "none"},
        .CookiesConfig = CachePolicyCookiesConfig{.CookieBehavior = "none"},
        .QueryStringsConfig = CachePolicyQueryStringsConfig{.QueryStringBehavior = "none"}};
  auto& key = *config.ParametersInCacheKeyAndForwardedToOrigin;
  if (!key.EnableAcceptEncodingBrotli) key.EnableAcceptEncodingBrotli = false;
  check_list(key.HeadersConfig->Headers, key.HeadersConfig->HeaderBehavior.value_or("none"), "Headers");
  check_list(key.CookiesConfig->Cookies, key.CookiesConfig->CookieBehavior.value_or("none"), "Cookies");
  check_list(key.QueryStringsConfig->QueryStrings,
             key.QueryStringsConfig->QueryStringBehavior.value_or("none"), "QueryStrings");
  // With the caching off there is no key to put anything into.
  if (*config.MaxTTL == 0 &&
      (key.HeadersConfig->HeaderBehavior != "none" || key.CookiesConfig->CookieBehavior != "none" ||
       key.QueryStringsConfig->QueryStringBehavior != "none" ||
       key.EnableAcceptEncodingGzip.value_or(false) || *key.EnableAcceptEncodingBrotli))
    throw InvalidArgument("The parameter HeaderBehavior is invalid for policy with caching disabled.");
  return config;
}

OriginRequestPolicyConfig checked(OriginRequestPolicyConfig config) {
  check_name(config.Name);
  if (!config.Comment) config.Comment = "";
  check_list(config.HeadersConfig->Headers, config.HeadersConfig->HeaderBehavior.value_or("none"), "Headers");
  check_list(config.CookiesConfig->Cookies, config.CookiesConfig->CookieBehavior.value_or("none"), "Cookies");
  check_list(config.QueryStringsConfig->QueryStrings,
             config.QueryStringsConfig->QueryStringBehavior.value_or("none"), "QueryStrings");
  return config;
}

ResponseHeadersPolicyConfig checked(ResponseHeadersPolicyConfig config) {
  check_name(config.Name);
  if (!config.Comment) config.Comment = "";
  if (!config.CorsConfig && !config.SecurityHeadersConfig && !config.CustomHeadersConfig &&
      !config.RemoveHeadersConfig && !config.ServerTimingHeadersConfig)
    throw InvalidArgument("A response headers policy must have at least one of its configurations.");
  if (config.CorsConfig) check_cors(*config.CorsConfig);
  if (config.RemoveHeadersConfig) check_removed(*config.RemoveHeadersConfig);
  if (config.ServerTimingHeadersConfig)
    if (const double rate = config.ServerTimingHeadersConfig->SamplingRate.value_or(0);
        rate < 0 || rate > kMaxSamplingRate)
      throw InvalidArgument("The parameter SamplingRate must be between 0 and 100.");
  if (config.CustomHeadersConfig) {
    std::set<std::string> names;
    for (const auto& header : config.CustomHeadersConfig->Items)
      if (!names.insert(ascii_lower(header.Header.value_or(""))).second)
        throw InvalidArgument("The parameter CustomHeaders contains a duplicate header: " + *header.Header);
  }
  return config;
}

ForwardingPolicy forwarding_of(const OriginRequestPolicyConfig& config) {
  ForwardingPolicy out;
  const std::string headers = config.HeadersConfig->HeaderBehavior.value_or("none");
  out.headers.mode = headers.starts_with("allViewer") ? "all" : headers;
  if (config.HeadersConfig->Headers && out.headers.mode != "all")
    out.headers.names = lower_names(config.HeadersConfig->Headers->Items);
  out.cookies.mode = config.CookiesConfig->CookieBehavior.value_or("none");
  if (config.CookiesConfig->Cookies) out.cookies.names = config.CookiesConfig->Cookies->Items;
  out.query.mode = config.QueryStringsConfig->QueryStringBehavior.value_or("none");
  if (config.QueryStringsConfig->QueryStrings)
    out.query.names = config.QueryStringsConfig->QueryStrings->Items;
  return out;
}

void apply(const ResponseHeadersPolicyConfig& config, BehaviorSnapshot& behavior) {
  std::vector<HeaderSnapshot>& out = behavior.response_headers;
  if (config.CorsConfig) behavior.cors = cors_of(*config.CorsConfig);
  if (config.SecurityHeadersConfig) add_security(*config.SecurityHeadersConfig, out);
  if (config.CustomHeadersConfig)
    for (const auto& header : config.CustomHeadersConfig->Items)
      out.push_back({header.Header.value_or(""), header.Value.value_or(""), header.Override.value_or(false)});
  if (config.RemoveHeadersConfig)
    for (const auto& header : config.RemoveHeadersConfig->Items)
      behavior.removed_headers.push_back(header.Header.value_or(""));
  if (config.ServerTimingHeadersConfig && config.ServerTimingHeadersConfig->Enabled.value_or(false))
    behavior.timing_percent = config.ServerTimingHeadersConfig->SamplingRate.value_or(0);
}

namespace {

template <class Behavior>
bool names(const Behavior& behavior, std::string_view id) {
  if (behavior.CachePolicyId == id || behavior.OriginRequestPolicyId == id ||
      behavior.ResponseHeadersPolicyId == id)
    return true;
  if (behavior.FunctionAssociations &&
      std::ranges::any_of(behavior.FunctionAssociations->Items,
                          [&](const FunctionAssociation& one) { return one.FunctionARN == id; }))
    return true;
  return behavior.TrustedKeyGroups &&
         std::ranges::find(behavior.TrustedKeyGroups->Items, id) != behavior.TrustedKeyGroups->Items.end();
}

}  // namespace

std::vector<std::string> distributions_with(const Call& call, std::string_view id) {
  std::vector<std::string> out;
  call.global_rows(kDistributions).each([&](std::string_view distribution, const DistributionRecord& record) {
    bool found = names(*record.config.DefaultCacheBehavior, id);
    if (record.config.CacheBehaviors)
      for (const CacheBehavior& behavior : record.config.CacheBehaviors->Items)
        found = found || names(behavior, id);
    if (found) out.emplace_back(distribution);
  });
  return out;
}

}  // namespace landfall::cloudfront
