// Checks and defaults of a DistributionConfig.
// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html
#include <algorithm>
#include <set>

#include "aws/arn.h"
#include "base/ascii.h"
#include "cloudfront/errors.h"
#include "net/tls.h"
#include "services/acm/acm.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/functions.h"
#include "services/cloudfront/keys.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {
namespace {

template <class List>
void check_quantity(const std::optional<List>& list, const char* name) {
  if (list && list->Quantity.value_or(static_cast<int64_t>(list->Items.size())) !=
                  static_cast<int64_t>(list->Items.size()))
    throw InconsistentQuantities(std::string("The value of Quantity and the size of Items do not match: ") +
                                 name);
}

void check_origin(const Call& call, const Origin& origin) {
  const std::string id = origin.Id.value_or("");
  if (id.empty()) throw InvalidArgument("An origin must have an Id.");
  if (origin.DomainName.value_or("").empty())
    throw InvalidArgument("The parameter Origin DomainName is required.");
  if (origin.VpcOriginConfig)
    throw InvalidArgument("Landfall has no VPC origins: origin " + id +
                          " needs S3OriginConfig or CustomOriginConfig.");
  if (origin.S3OriginConfig.has_value() == origin.CustomOriginConfig.has_value())
    throw InvalidArgument("Origin " + id +
                          " must have exactly one of S3OriginConfig and CustomOriginConfig.");
  if (origin.S3OriginConfig && bucket_of(*origin.DomainName).empty())
    throw InvalidArgument("The parameter Origin DomainName does not refer to a valid S3 bucket.");
  if (origin.S3OriginConfig && !origin.S3OriginConfig->OriginAccessIdentity.value_or("").empty())
    throw InvalidOriginAccessIdentity(
        "Landfall has no origin access identities: use an origin access control.");
  const std::string path = origin.OriginPath.value_or("");
  if (!path.empty() && (path.front() != '/' || path.back() == '/'))
    throw InvalidArgument("The parameter OriginPath must begin with a slash and must not end with one.");
  const std::string control = origin.OriginAccessControlId.value_or("");
  if (!control.empty() && !call.global_rows(kOriginAccessControls).has(control))
    throw InvalidOriginAccessControl("The specified origin access control does not exist: " + control);
  check_quantity(origin.CustomHeaders, "CustomHeaders");
}

void check_origin_groups(const DistributionConfig& config, const std::set<std::string>& origins) {
  if (!config.OriginGroups) return;
  static const std::set<int64_t> codes{403, 404, 416, 429, 500, 502, 503, 504};
  std::set<std::string> ids;
  for (const OriginGroup& group : config.OriginGroups->Items) {
    const std::string id = group.Id.value_or("");
    if (id.empty() || origins.contains(id) || !ids.insert(id).second)
      throw InvalidArgument("The Id of an origin group must be its own: " + id);
    if (group.Members->Items.size() != 2 || group.Members->Quantity != 2)
      throw InvalidArgument("An origin group must have exactly two members: " + id);
    const std::string first = group.Members->Items[0].OriginId.value_or(""),
                      second = group.Members->Items[1].OriginId.value_or("");
    if (!origins.contains(first) || !origins.contains(second) || first == second)
      throw InvalidArgument("An origin group's members must be two of the distribution's origins: " + id);
    const StatusCodes& failover = *group.FailoverCriteria->StatusCodes;
    if (failover.Items.empty() || failover.Quantity != static_cast<int64_t>(failover.Items.size()) ||
        !std::ranges::all_of(failover.Items, [](int64_t code) { return codes.contains(code); }))
      throw InvalidArgument("The parameter FailoverCriteria contains invalid status codes: " + id);
  }
}

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/georestrictions.html: "If CloudFront
// can't determine a user's location, CloudFront serves the content that the user has requested". Nobody's
// location is known on one machine: what is restricted is checked, and kept.
void check_geo_restriction(const DistributionConfig& config) {
  if (!config.Restrictions || !config.Restrictions->GeoRestriction) return;
  const GeoRestriction& geo = *config.Restrictions->GeoRestriction;
  const std::string type = geo.RestrictionType.value_or("none");
  if (type != "none" && type != "whitelist" && type != "blacklist")
    throw InvalidGeoRestrictionParameter("The RestrictionType must be blacklist, whitelist or none: " + type);
  if ((type == "none") != geo.Items.empty())
    throw InvalidGeoRestrictionParameter(
        "The parameter GeoRestriction must have locations if the RestrictionType is blacklist or whitelist, "
        "and "
        "none otherwise.");
  if (geo.Quantity.value_or(0) != static_cast<int64_t>(geo.Items.size()))
    throw InconsistentQuantities("The value of Quantity and the size of Items do not match: GeoRestriction");
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  for (const std::string& place : geo.Items)
    if (place.size() != 2 || !std::ranges::all_of(place, upper))
      throw InvalidGeoRestrictionParameter("A location is not a country code of ISO 3166-1: " + place);
}

// Promises that nothing here would keep: WAF would have to stand before the distribution, field-level
// encryption before its origins.
void check_absent(const DistributionConfig& config) {
  if (const std::string acl = config.WebACLId.value_or(""); !acl.empty())
    throw InvalidWebACLId("Landfall has no AWS WAF: WebACLId must be empty, not " + acl);
  if (const std::string id = config.ContinuousDeploymentPolicyId.value_or(""); !id.empty())
    throw NoSuchContinuousDeploymentPolicy("The specified continuous deployment policy does not exist: " +
                                           id);
  if (config.Staging.value_or(false))
    throw InvalidArgument("Landfall has no continuous deployment: Staging must be false.");
}

template <class Behavior>
void check_absent_of(const Behavior& behavior) {
  if (const std::string id = behavior.FieldLevelEncryptionId.value_or(""); !id.empty())
    throw NoSuchFieldLevelEncryptionConfig(
        "The specified configuration for field-level encryption does not exist: " + id);
  if (const std::string arn = behavior.RealtimeLogConfigArn.value_or(""); !arn.empty())
    throw NoSuchRealtimeLogConfig("The real-time log configuration does not exist: " + arn);
}

template <class Behavior>
void check_behavior(const Call& call, const Behavior& behavior, const std::set<std::string>& origins,
                    const std::set<std::string>& groups) {
  const bool has_group = groups.contains(behavior.TargetOriginId.value_or(""));
  if (has_group && behavior.AllowedMethods &&
      std::ranges::any_of(behavior.AllowedMethods->Items, [](const std::string& method) {
        return method != "GET" && method != "HEAD" && method != "OPTIONS";
      }))
    throw InvalidArgument(
        "The parameter AllowedMethods cannot include POST, PUT, PATCH, or DELETE for a cached behavior "
        "associated with an origin group.");
  if (!has_group && !origins.contains(behavior.TargetOriginId.value_or("")))
    throw NoSuchOrigin("One or more of your origins or origin groups do not exist: " +
                       behavior.TargetOriginId.value_or(""));
  if (behavior.CachePolicyId && !behavior.CachePolicyId->empty()) {
    if (!find_cache_policy(call, *behavior.CachePolicyId))
      throw NoSuchCachePolicy("The specified cache policy does not exist: " + *behavior.CachePolicyId);
    if (behavior.ForwardedValues)
      throw InvalidArgument("A cache behavior has either a CachePolicyId or ForwardedValues.");
  } else if (!behavior.ForwardedValues) {
    throw InvalidArgument("The parameter ForwardedValues is required.");
  }
  check_absent_of(behavior);
  if (const std::string id = behavior.OriginRequestPolicyId.value_or("");
      !id.empty() && !find_origin_request_policy(call, id))
    throw NoSuchOriginRequestPolicy("The specified origin request policy does not exist: " + id);
  if (const std::string id = behavior.ResponseHeadersPolicyId.value_or("");
      !id.empty() && !find_response_headers_policy(call, id))
    throw NoSuchResponseHeadersPolicy("The specified response headers policy does not exist: " + id);
  const int64_t min = behavior.MinTTL.value_or(0), max = behavior.MaxTTL.value_or(31536000),
                normal = behavior.DefaultTTL.value_or(
                    std::clamp<int64_t>(86400, std::min(min, max), std::max(min, max)));
  if (behavior.ForwardedValues && (min > normal || normal > max))
    throw InvalidTTLOrder("The order of the TTLs must be MinTTL <= DefaultTTL <= MaxTTL.");
  // To serve to everybody what was meant for holders of a signed URL would be worse than to refuse.
  if (behavior.TrustedSigners && !behavior.TrustedSigners->Items.empty())
    throw TrustedSignerDoesNotExist(
        "Landfall has no accounts as signers: TrustedSigners must be empty; use TrustedKeyGroups.");
  check_quantity(behavior.TrustedKeyGroups, "TrustedKeyGroups");
  check_trusted(call, behavior.TrustedKeyGroups);
  check_quantity(behavior.FunctionAssociations, "FunctionAssociations");
  check_associations(call, behavior.FunctionAssociations);
  if (behavior.LambdaFunctionAssociations && !behavior.LambdaFunctionAssociations->Items.empty())
    throw InvalidLambdaFunctionAssociation("Landfall has no Lambda@Edge.");
  check_quantity(behavior.AllowedMethods, "AllowedMethods");
  if (behavior.AllowedMethods) {
    const std::set<std::string> methods(behavior.AllowedMethods->Items.begin(),
                                        behavior.AllowedMethods->Items.end());
    const std::set<std::string> sets[] = {{"GET", "HEAD"},
                                          {"GET", "HEAD", "OPTIONS"},
                                          {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}};
    if (std::ranges::find(sets, methods) == std::end(sets))
      throw InvalidArgument("The parameter AllowedMethods is not one of the sets that CloudFront supports.");
  }
}

void check_aliases(const Call& call, const DistributionConfig& config, std::string_view own_id) {
  if (!config.Aliases) return;
  if (config.Aliases->Items.size() > kMaxAliases)
    throw TooManyDistributionCNAMEs("Your request contains more CNAMEs than are allowed per distribution.");
  std::set<std::string> wanted;
  for (const std::string& alias : config.Aliases->Items) wanted.insert(ascii_lower(alias));
  // Aliases are unique over all accounts, not just over this one.
  call.txn.each<DistributionRecord>(
      kDistributions, "", [&](std::string_view, const DistributionRecord& other) {
        if (other.id == own_id || !other.config.Aliases) return;
        for (const std::string& taken : other.config.Aliases->Items)
          if (wanted.contains(ascii_lower(taken)))
            throw CNAMEAlreadyExists(
                "One or more of the CNAMEs you provided are already associated with a different resource.");
      });
}

void check_certificate(const Call& call, const DistributionConfig& config) {
  const bool has_aliases = config.Aliases && !config.Aliases->Items.empty();
  const std::string arn =
      config.ViewerCertificate ? config.ViewerCertificate->ACMCertificateArn.value_or("") : "";
  if (config.ViewerCertificate && !config.ViewerCertificate->IAMCertificateId.value_or("").empty())
    throw InvalidViewerCertificate("Landfall has no IAM server certificates: use ACMCertificateArn.");
  if (arn.empty()) {
    if (has_aliases)
      throw InvalidViewerCertificate(
          "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted "
          "certificate that validates your authorization to use the domain name.");
    return;
  }
  const auto parts = aws::split_arn(arn);
  const bool own = parts && parts->account == call.account;
  const auto material = own ? acm::certificate_material(call.plane.config, call.txn, arn) : std::nullopt;
  if (!material || arn.find(":us-east-1:") == std::string::npos)
    throw InvalidViewerCertificate(
        "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't "
        "include a valid certificate chain.");
  if (!has_aliases) return;
  for (const std::string& alias : config.Aliases->Items) {
    const std::string name = ascii_lower(alias);
    const bool covered = std::ranges::any_of(material->names, [&](const std::string& pattern) {
      return pattern == name || net::name_matches(pattern, name);
    });
    if (!covered)
      throw InvalidViewerCertificate(
          "The certificate that is attached to your distribution doesn't cover the alternate domain name "
          "(CNAME) that you're trying to add: " +
          alias);
  }
}

void check_error_response(const CustomErrorResponse& response) {
  static const std::set<int64_t> codes{400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504};
  if (!codes.contains(response.ErrorCode.value_or(0)))
    throw InvalidErrorCode("An invalid error code was specified: " +
                           std::to_string(response.ErrorCode.value_or(0)));
  const std::string path = response.ResponsePagePath.value_or(""), code = response.ResponseCode.value_or("");
  if (path.empty() != code.empty())
    throw InvalidArgument("ResponsePagePath and ResponseCode must be given together.");
  if (!path.empty() && path.front() != '/')
    throw InvalidArgument("The parameter ResponsePagePath must begin with a slash.");
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!code.empty() &&
      (code.size() != 3 || !std::ranges::all_of(code, digit) || code < "200" || code > "599"))
    throw InvalidResponseCode("A response code is invalid: " + code);
}

template <class Behavior>
void fill(Behavior& behavior) {
  if (!behavior.AllowedMethods)
    behavior.AllowedMethods = AllowedMethods{.Quantity = 2, .Items = {"HEAD", "GET"}};
  if (!behavior.AllowedMethods->CachedMethods)
    behavior.AllowedMethods->CachedMethods = CachedMethods{.Quantity = 2, .Items = {"HEAD", "GET"}};
  if (!behavior.SmoothStreaming) behavior.SmoothStreaming = false;
  if (!behavior.Compress) behavior.Compress = false;
  if (!behavior.TrustedSigners) behavior.TrustedSigners = TrustedSigners{.Enabled = false, .Quantity = 0};
  if (!behavior.TrustedKeyGroups)
    behavior.TrustedKeyGroups = TrustedKeyGroups{.Enabled = false, .Quantity = 0};
  if (!behavior.LambdaFunctionAssociations)
    behavior.LambdaFunctionAssociations = LambdaFunctionAssociations{.Quantity = 0};
  if (!behavior.FunctionAssociations) behavior.FunctionAssociations = FunctionAssociations{.Quantity = 0};
  if (!behavior.FieldLevelEncryptionId) behavior.FieldLevelEncryptionId = "";
  if (behavior.ForwardedValues) {
    if (!behavior.MinTTL) behavior.MinTTL = 0;
    if (!behavior.MaxTTL) behavior.MaxTTL = std::max<int64_t>(31536000, *behavior.MinTTL);
    if (!behavior.DefaultTTL)
      behavior.DefaultTTL = std::clamp<int64_t>(86400, *behavior.MinTTL, *behavior.MaxTTL);
  }
}

void fill(Origin& origin) {
  if (!origin.OriginPath) origin.OriginPath = "";
  if (!origin.CustomHeaders) origin.CustomHeaders = CustomHeaders{.Quantity = 0};
  if (!origin.ConnectionAttempts) origin.ConnectionAttempts = 3;
  if (!origin.ConnectionTimeout) origin.ConnectionTimeout = 10;
  if (!origin.OriginShield) origin.OriginShield = OriginShield{.Enabled = false};
  if (!origin.OriginAccessControlId) origin.OriginAccessControlId = "";
  if (origin.S3OriginConfig && !origin.S3OriginConfig->OriginAccessIdentity)
    origin.S3OriginConfig->OriginAccessIdentity = "";
  if (origin.CustomOriginConfig) {
    auto& custom = *origin.CustomOriginConfig;
    if (!custom.HTTPPort) custom.HTTPPort = 80;
    if (!custom.HTTPSPort) custom.HTTPSPort = 443;
    if (!custom.OriginReadTimeout) custom.OriginReadTimeout = 30;
    if (!custom.OriginKeepaliveTimeout) custom.OriginKeepaliveTimeout = 5;
    if (!custom.OriginSslProtocols)
      custom.OriginSslProtocols = OriginSslProtocols{.Quantity = 1, .Items = {"TLSv1.2"}};
  }
}

void fill(std::optional<ViewerCertificate>& certificate) {
  if (!certificate) certificate = ViewerCertificate{};
  const std::string arn = certificate->ACMCertificateArn.value_or("");
  if (arn.empty()) {
    certificate = ViewerCertificate{.CloudFrontDefaultCertificate = true,
                                    .SSLSupportMethod = "vip",
                                    .MinimumProtocolVersion = "TLSv1",
                                    .CertificateSource = "cloudfront"};
    return;
  }
  certificate->CloudFrontDefaultCertificate = false;
  if (!certificate->SSLSupportMethod) certificate->SSLSupportMethod = "sni-only";
  if (!certificate->MinimumProtocolVersion) certificate->MinimumProtocolVersion = "TLSv1.2_2021";
  certificate->Certificate = arn;
  certificate->CertificateSource = "acm";
}

}  // namespace

namespace {

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-using-grpc.html, "Enable
// gRPC": calls are POSTs over HTTP/2.
template <class Behavior>
void check_grpc(const DistributionConfig& config, const Behavior& behavior) {
  if (!behavior.GrpcConfig || !behavior.GrpcConfig->Enabled.value_or(false)) return;
  if (!behavior.AllowedMethods ||
      std::ranges::find(behavior.AllowedMethods->Items, "POST") == behavior.AllowedMethods->Items.end())
    throw InvalidArgument(
        "The parameter GrpcConfig cannot be enabled unless the cache behavior's AllowedMethods include "
        "POST.");
  if (!config.HttpVersion.value_or("http2").starts_with("http2"))
    throw InvalidArgument(
        "The parameter GrpcConfig cannot be enabled unless the distribution's HttpVersion includes http2.");
}

}  // namespace

void check_config(const Call& call, const DistributionConfig& config, std::string_view own_id) {
  if (!config.Origins || config.Origins->Items.empty())
    throw InvalidArgument("A distribution must have at least one origin.");
  check_quantity(config.Origins, "Origins");
  check_quantity(config.Aliases, "Aliases");
  check_quantity(config.CacheBehaviors, "CacheBehaviors");
  check_quantity(config.CustomErrorResponses, "CustomErrorResponses");
  check_quantity(config.OriginGroups, "OriginGroups");
  if (config.Origins->Items.size() > kMaxOrigins)
    throw TooManyOrigins("You cannot create more origins for the distribution.");
  if (const std::string root = config.DefaultRootObject.value_or(""); root.starts_with('/'))
    throw InvalidDefaultRootObject("The default root object must not begin with a slash: " + root);
  check_geo_restriction(config);
  check_absent(config);
  std::set<std::string> origins;
  for (const Origin& origin : config.Origins->Items) {
    check_origin(call, origin);
    if (!origins.insert(*origin.Id).second)
      throw InvalidArgument("Two origins have the Id " + *origin.Id + ".");
  }
  check_origin_groups(config, origins);
  std::set<std::string> groups;
  if (config.OriginGroups)
    for (const OriginGroup& group : config.OriginGroups->Items) groups.insert(*group.Id);
  check_behavior(call, *config.DefaultCacheBehavior, origins, groups);
  check_grpc(config, *config.DefaultCacheBehavior);
  if (config.CacheBehaviors) {
    if (config.CacheBehaviors->Items.size() > kMaxBehaviors)
      throw TooManyCacheBehaviors("You cannot create more cache behaviors for the distribution.");
    std::set<std::string> patterns;
    for (const CacheBehavior& behavior : config.CacheBehaviors->Items) {
      check_behavior(call, behavior, origins, groups);
      check_grpc(config, behavior);
      if (!patterns.insert(behavior.PathPattern.value_or("")).second)
        throw InvalidArgument("Two cache behaviors have the PathPattern " +
                              behavior.PathPattern.value_or("") + ".");
    }
  }
  if (config.CustomErrorResponses)
    for (const CustomErrorResponse& response : config.CustomErrorResponses->Items)
      check_error_response(response);
  check_aliases(call, config, own_id);
  check_certificate(call, config);
  check_logging(call, config);
}

DistributionConfig with_defaults(DistributionConfig config) {
  if (!config.Aliases) config.Aliases = Aliases{.Quantity = 0};
  if (!config.DefaultRootObject) config.DefaultRootObject = "";
  for (Origin& origin : config.Origins->Items) fill(origin);
  if (!config.OriginGroups) config.OriginGroups = OriginGroups{.Quantity = 0};
  for (OriginGroup& group : config.OriginGroups->Items)
    if (!group.SelectionCriteria) group.SelectionCriteria = "default";
  fill(*config.DefaultCacheBehavior);
  if (!config.CacheBehaviors) config.CacheBehaviors = CacheBehaviors{.Quantity = 0};
  for (CacheBehavior& behavior : config.CacheBehaviors->Items) fill(behavior);
  if (!config.CustomErrorResponses) config.CustomErrorResponses = CustomErrorResponses{.Quantity = 0};
  if (!config.Logging)
    config.Logging = LoggingConfig{.Enabled = false, .IncludeCookies = false, .Bucket = "", .Prefix = ""};
  if (!config.PriceClass) config.PriceClass = "PriceClass_All";
  fill(config.ViewerCertificate);
  if (!config.Restrictions)
    config.Restrictions =
        Restrictions{.GeoRestriction = GeoRestriction{.RestrictionType = "none", .Quantity = 0}};
  if (!config.WebACLId) config.WebACLId = "";
  if (!config.HttpVersion) config.HttpVersion = "http2";
  if (!config.IsIPV6Enabled) config.IsIPV6Enabled = false;
  if (!config.ContinuousDeploymentPolicyId) config.ContinuousDeploymentPolicyId = "";
  if (!config.Staging) config.Staging = false;
  return config;
}

}  // namespace landfall::cloudfront
