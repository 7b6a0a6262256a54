// From a distribution's record to what edge serves.
#include <algorithm>

#include "base/ascii.h"
#include "cloudfront/errors.h"
#include "services/acm/acm.h"
#include "services/cloudfront/cloudfront.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/functions.h"
#include "services/cloudfront/keys.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {
namespace {

constexpr int64_t kReissueAfterMs = 180LL * 24 * 3600 * 1000;  // ACM's CA gives at least a year

std::vector<std::string> lower_all(std::vector<std::string> names) {
  for (std::string& name : names) name = ascii_lower(std::move(name));
  return names;
}

void from_policy(BehaviorSnapshot& out, const CachePolicyConfig& policy) {
  out.min_ttl = policy.MinTTL.value_or(0);
  out.default_ttl = policy.DefaultTTL.value_or(86400);
  out.max_ttl = policy.MaxTTL.value_or(31536000);
  const auto& key = *policy.ParametersInCacheKeyAndForwardedToOrigin;
  out.key_gzip = key.EnableAcceptEncodingGzip.value_or(false);
  out.key_brotli = key.EnableAcceptEncodingBrotli.value_or(false);
  out.key_headers.mode = key.HeadersConfig->HeaderBehavior.value_or("none");
  if (key.HeadersConfig->Headers) out.key_headers.names = lower_all(key.HeadersConfig->Headers->Items);
  out.key_cookies.mode = key.CookiesConfig->CookieBehavior.value_or("none");
  if (key.CookiesConfig->Cookies) out.key_cookies.names = key.CookiesConfig->Cookies->Items;
  out.key_query.mode = key.QueryStringsConfig->QueryStringBehavior.value_or("none");
  if (key.QueryStringsConfig->QueryStrings) out.key_query.names = key.QueryStringsConfig->QueryStrings->Items;
}

// The older way: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ForwardedValues.html
template <class Behavior>
void from_forwarded_values(BehaviorSnapshot& out, const Behavior& behavior) {
  const ForwardedValues& values = *behavior.ForwardedValues;
  out.min_ttl = behavior.MinTTL.value_or(0);
  out.default_ttl = behavior.DefaultTTL.value_or(86400);
  out.max_ttl = behavior.MaxTTL.value_or(31536000);
  out.key_gzip = out.compress;
  if (values.QueryString.value_or(false)) {
    out.key_query.mode = "all";
    if (values.QueryStringCacheKeys && !values.QueryStringCacheKeys->Items.empty()) {
      out.key_query = {"whitelist", values.QueryStringCacheKeys->Items};
      out.forward_query.mode = "all";
    }
  }
  if (values.Cookies) {
    out.key_cookies.mode = values.Cookies->Forward.value_or("none");
    if (values.Cookies->WhitelistedNames) out.key_cookies.names = values.Cookies->WhitelistedNames->Items;
  }
  if (values.Headers && !values.Headers->Items.empty()) {
    out.key_headers = {"whitelist", lower_all(values.Headers->Items)};
    if (values.Headers->Items.front() == "*") {  // every request is its own: nothing is cached
      out.key_headers = {};
      out.forward_headers.mode = "all";
      out.min_ttl = out.default_ttl = out.max_ttl = 0;
    }
  }
}

template <class Behavior>
BehaviorSnapshot behavior_of(const Call& call, const Behavior& behavior, std::string pattern) {
  BehaviorSnapshot out{.path_pattern = std::move(pattern),
                       .origin_id = *behavior.TargetOriginId,
                       .viewer_protocol_policy = behavior.ViewerProtocolPolicy.value_or("allow-all")};
  out.allowed_methods = behavior.AllowedMethods->Items;
  out.options_cached = std::ranges::find(behavior.AllowedMethods->CachedMethods->Items, "OPTIONS") !=
                       behavior.AllowedMethods->CachedMethods->Items.end();
  out.compress = behavior.Compress.value_or(false);
  if (const auto policy = find_cache_policy(call, behavior.CachePolicyId.value_or(""))) {
    from_policy(out, policy->config);
  } else {
    from_forwarded_values(out, behavior);
  }
  if (const auto policy = find_origin_request_policy(call, behavior.OriginRequestPolicyId.value_or(""))) {
    ForwardingPolicy forwarding = forwarding_of(policy->config);
    out.forward_headers = std::move(forwarding.headers);
    out.forward_cookies = std::move(forwarding.cookies);
    out.forward_query = std::move(forwarding.query);
  }
  if (const auto policy = find_response_headers_policy(call, behavior.ResponseHeadersPolicyId.value_or("")))
    apply(policy->config, out);
  return out;
}

// Its key groups' keys, into the behaviour and, once each, into the distribution.
template <class Behavior>
void add_signers(const Call& call, const Behavior& behavior, BehaviorSnapshot& out,
                 std::vector<PublicKeySnapshot>& keys) {
  for (const std::string& id : key_ids_of(call, behavior.TrustedKeyGroups)) {
    out.signer_key_ids.push_back(id);
    if (std::ranges::find(keys, id, &PublicKeySnapshot::id) == keys.end())
      keys.push_back({id, find_public_key(call, id).config.EncodedKey.value_or("")});
  }
  out.restricted = behavior.TrustedKeyGroups && !behavior.TrustedKeyGroups->Items.empty();
}

template <class Behavior>
void add_functions(const Call& call, const Behavior& behavior, BehaviorSnapshot& out,
                   std::vector<FunctionSnapshot>& functions) {
  out.request_function = associated(behavior.FunctionAssociations, kViewerRequest);
  out.response_function = associated(behavior.FunctionAssociations, kViewerResponse);
  for (const std::string& arn : {out.request_function, out.response_function})
    if (!arn.empty() && std::ranges::find(functions, arn, &FunctionSnapshot::arn) == functions.end())
      if (auto function = function_snapshot(call, arn)) functions.push_back(std::move(*function));
}

OriginSnapshot origin_of(const Call& call, const Origin& origin) {
  OriginSnapshot out{
      .id = *origin.Id, .domain = ascii_lower(*origin.DomainName), .path = origin.OriginPath.value_or("")};
  out.bucket = bucket_of(out.domain);
  out.connect_seconds = origin.ConnectionTimeout.value_or(10);
  out.attempts = origin.ConnectionAttempts.value_or(3);
  if (const auto control =
          call.global_rows(kOriginAccessControls).get(origin.OriginAccessControlId.value_or("")))
    out.signing = control->config.SigningBehavior.value_or("always");
  if (origin.CustomHeaders)
    for (const OriginCustomHeader& header : origin.CustomHeaders->Items)
      out.headers.push_back({header.HeaderName.value_or(""), header.HeaderValue.value_or("")});
  if (const auto& custom = origin.CustomOriginConfig) {
    out.protocol_policy = custom->OriginProtocolPolicy.value_or("http-only");
    out.http_port = custom->HTTPPort.value_or(80);
    out.https_port = custom->HTTPSPort.value_or(443);
    out.read_seconds = custom->OriginReadTimeout.value_or(30);
  }
  return out;
}

// One for all distributions: they are all below cloudfront.net.
std::shared_ptr<const DefaultCertificateRecord> default_certificate(Call& call) {
  const auto rows = call.global_rows(kDefaultCertificates);
  const auto stored = rows.get("default");
  if (stored && call.now.unix_ms - stored->issued.unix_ms < kReissueAfterMs) return stored;
  auto made = acm::issue_internal(call.plane, {"cloudfront.net", "*.cloudfront.net"});
  if (!made)
    throw ServiceError("InternalFailure", 500,
                       "no certificate for *.cloudfront.net: " + made.error().message);
  call.global_rows(kDefaultCertificates).put("default", {made->chain_pem, made->key_pem, call.now});
  return call.global_rows(kDefaultCertificates).get("default");
}

}  // namespace

DistributionSnapshot snapshot_of(Call& call, const DistributionRecord& record) {
  const DistributionConfig& config = record.config;
  DistributionSnapshot out{.id = record.id,
                           .arn = record.arn,
                           .domain = record.domain,
                           .aliases = lower_all(config.Aliases->Items),
                           .enabled = config.Enabled.value_or(false)};
  out.default_root_object = config.DefaultRootObject.value_or("");
  out.http2 = config.HttpVersion.value_or("http2").starts_with("http2");
  for (const Origin& origin : config.Origins->Items) out.origins.push_back(origin_of(call, origin));
  for (const OriginGroup& group : config.OriginGroups->Items)
    out.origin_groups.push_back({.id = *group.Id,
                                 .status_codes = group.FailoverCriteria->StatusCodes->Items,
                                 .first = *group.Members->Items[0].OriginId,
                                 .second = *group.Members->Items[1].OriginId});
  const auto add_behavior = [&](const auto& behavior, std::string pattern) {
    out.behaviors.push_back(behavior_of(call, behavior, std::move(pattern)));
    add_signers(call, behavior, out.behaviors.back(), out.public_keys);
    add_functions(call, behavior, out.behaviors.back(), out.functions);
  };
  for (const CacheBehavior& behavior : config.CacheBehaviors->Items)
    add_behavior(behavior, behavior.PathPattern.value_or(""));
  add_behavior(*config.DefaultCacheBehavior, "*");
  for (const CustomErrorResponse& response : config.CustomErrorResponses->Items)
    out.error_responses.push_back({*response.ErrorCode, response.ResponsePagePath.value_or(""),
                                   std::atoll(response.ResponseCode.value_or("0").c_str()),
                                   response.ErrorCachingMinTTL.value_or(10)});
  const auto certificate = default_certificate(call);
  out.default_chain_pem = certificate->chain_pem;
  out.default_key_pem = certificate->key_pem;
  if (const std::string arn = certificate_of(record); !arn.empty())
    if (auto material = acm::certificate_material(call.plane.config, call.txn, arn)) {
      out.chain_pem = material->chain_pem;
      out.key_pem = material->key_pem;
    }
  out.minimum_protocol_version = config.ViewerCertificate->MinimumProtocolVersion.value_or("TLSv1.2_2021");
  if (config.Logging && config.Logging->Enabled.value_or(false))
    out.logging = {.bucket = bucket_of(config.Logging->Bucket.value_or("")),
                   .prefix = config.Logging->Prefix.value_or(""),
                   .include_cookies = config.Logging->IncludeCookies.value_or(false),
                   .account = call.account};
  return out;
}

void sync_distribution(Call& call, const std::string& id) {
  const auto stored = call.global_rows(kDistributions).get(id);
  if (!stored) return unpublish(call.txn, kDistributionSnapshotKind, id);
  publish(call.txn, kDistributionSnapshotKind, id, snapshot_of(call, *stored));
}

}  // namespace landfall::cloudfront
