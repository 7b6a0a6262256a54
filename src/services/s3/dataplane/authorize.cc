// S3Request::authorize_on(): IAM's decision on one action, with the bucket's policy and public access block.
#include "services/s3/dataplane/endpoint_policy.h"
#include "services/s3/dataplane/request.h"

namespace landfall::s3 {
namespace {

namespace policy = aws::policy;

// Condition keys that are request headers by the name after the colon.
constexpr std::string_view kPrefix = "s3:";
constexpr std::string_view kHeaderKeys[] = {"s3:x-amz-acl",
                                            "s3:x-amz-content-sha256",
                                            "s3:x-amz-copy-source",
                                            "s3:x-amz-metadata-directive",
                                            "s3:x-amz-server-side-encryption",
                                            "s3:x-amz-storage-class",
                                            "s3:x-amz-website-redirect-location",
                                            "s3:x-amz-grant-read",
                                            "s3:x-amz-grant-write",
                                            "s3:x-amz-grant-full-control",
                                            "s3:x-amz-object-ownership"};

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
void add_s3_keys(const S3Request& request, policy::Context& context) {
  for (std::string_view key : kHeaderKeys) {
    if (auto value = request.header(key.substr(kPrefix.size()))) context.add(key, *value);
  }
  for (const auto& [parameter, key] : {std::pair{"prefix", "s3:prefix"},
                                       {"delimiter", "s3:delimiter"},
                                       {"max-keys", "s3:max-keys"},
                                       {"versionId", "s3:VersionId"}}) {
    if (auto value = request.parameter(parameter)) context.add(key, *value);
  }
  if (auto value = request.header("if-match")) context.add("s3:if-match", *value);
  if (auto value = request.header("if-none-match")) context.add("s3:if-none-match", *value);
  if (request.payload_signature.signature) {
    const bool presigned = request.payload_signature.signature->form == aws::sigv4::ClaimForm::presigned;
    context.add("s3:authType", presigned ? "REST-QUERY-STRING" : "REST-HEADER");
    context.add("s3:signatureversion", aws::sigv4::kAlgorithm);
    const int64_t age =
        request.core.options.clock->now().unix_ms - request.payload_signature.signature->signed_at.unix_ms;
    if (presigned) context.add("s3:signatureAge", std::to_string(age));
  }
  if (const std::string& version = request.http().peer.tls_version; version.starts_with("TLSv")) {
    context.add("s3:TlsVersion", version.substr(4));
  }
}

void add_endpoint_keys(const VpcEndpointOrigin& endpoint, const std::string& client,
                       policy::Context& context) {
  context.add("aws:SourceVpc", endpoint.vpc_id);
  context.add("aws:SourceVpce", endpoint.vpc_endpoint_id);
  context.add("aws:VpcSourceIp", client);
}

bool in_account(const policy::Principal& who, std::string_view account) {
  return who.kind == policy::PrincipalKind::service || who.account == account;
}

}  // namespace

bool S3Request::is_plainly_allowed(const BucketRecord* on) const {
  if (endpoint && endpoint->policy) return false;
  const auto policy = on != nullptr ? core.policies.of(*on) : nullptr;
  return iam::plainly_allowed(principal, on != nullptr ? on->owner : caller_account(),
                              policy ? &policy->named : nullptr);
}

S3Result<> S3Request::authorize_on(const BucketRecord* on, std::string_view action,
                                   const std::string& resource, const ContextPairs& extra) const {
  const std::string& account = on ? on->owner : caller_account();
  std::shared_ptr<const BucketPolicy> bucket_policy = on ? core.policies.of(*on) : nullptr;
  // RestrictPublicBuckets: a public policy reaches only the bucket's account and AWS services.
  if (bucket_policy && bucket_policy->is_public && !in_account(principal.who, account) &&
      public_access_block_of(*on).restrict_public_buckets) {
    bucket_policy = nullptr;
  }
  const policy::NamedPolicy* resource_policy = bucket_policy ? &bucket_policy->named : nullptr;
  const bool endpoint_judges = endpoint && endpoint->policy;
  if (!endpoint_judges && iam::plainly_allowed(principal, account, resource_policy)) return {};
  iam::RequestFacts facts = iam::facts_of(http(), core.options.region, core.options.clock->now());
  if (endpoint) facts.source_ip = {};  // aws:VpcSourceIp has it
  policy::Context context = iam::context_of(principal, facts);
  if (endpoint) add_endpoint_keys(*endpoint, http().peer.address, context);
  context.add("aws:ResourceAccount", account);
  context.add("s3:ResourceAccount", account);
  add_s3_keys(*this, context);
  for (const auto& [key, value] : caller_context) context.add(key, value);
  for (const auto& [key, value] : extra) context.add(key, value);
  if (endpoint_judges) {
    auto denial = endpoint_denial(*endpoint->policy, {principal.who, action, resource, context});
    if (denial && principal.anonymous()) return s3_fail("AccessDenied");
    if (denial) return s3_fail("AccessDenied", *std::move(denial));
  }
  auto decided = iam::authorize(principal, context,
                                {.action = action,
                                 .resource = resource,
                                 .resource_account = account,
                                 .resource_policy = resource_policy});
  if (decided.allowed()) return {};
  if (principal.anonymous()) return s3_fail("AccessDenied");
  return s3_fail("AccessDenied", std::move(decided.message));
}

}  // namespace landfall::s3
