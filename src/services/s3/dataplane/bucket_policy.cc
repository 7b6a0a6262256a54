#include "services/s3/dataplane/bucket_policy.h"

#include "base/log.h"
#include "http/message.h"

namespace landfall::s3 {
namespace {

namespace policy = aws::policy;

// Condition keys that pin a request to known callers, when their values are fixed.
constexpr std::string_view kPinningKeys[] = {"aws:SourceArn",
                                             "aws:SourceVpc",
                                             "aws:SourceVpce",
                                             "aws:SourceOwner",
                                             "aws:SourceAccount",
                                             "aws:userid",
                                             "s3:x-amz-server-side-encryption-aws-kms-key-id",
                                             "aws:PrincipalOrgID",
                                             "aws:PrincipalArn",
                                             "aws:PrincipalAccount",
                                             "s3:DataAccessPointArn",
                                             "s3:DataAccessPointAccount",
                                             "aws:SourceOrgID"};

bool has_wildcard(std::string_view text) { return text.find_first_of("*?") != std::string_view::npos; }

bool is_pinning_key(std::string_view key) {
  for (std::string_view pinning : kPinningKeys) {
    if (http::equals_ignoring_case(pinning, key)) return true;
  }
  return false;
}

// A network is fixed unless it is very broad: AWS takes /8 (IPv4) and /32 (IPv6) for the bound.
bool is_fixed_network(const policy::ConditionValue& value) {
  const bool ipv4 = value.network.prefix_bits >= 96;
  return value.network.prefix_bits >= (ipv4 ? 96 + 8 : 32);
}

bool pins(const policy::Condition& condition) {
  if (condition.negated || condition.if_exists || condition.quantifier == policy::Quantifier::for_all_values)
    return false;
  if (condition.op == policy::Operator::ip_address) {
    if (!http::equals_ignoring_case(condition.key, "aws:SourceIp")) return false;
    for (const auto& value : condition.values) {
      if (!is_fixed_network(value)) return false;
    }
    return true;
  }
  const bool comparable = condition.op == policy::Operator::string_equals ||
                          condition.op == policy::Operator::string_like ||
                          condition.op == policy::Operator::arn_like;
  if (!comparable || !is_pinning_key(condition.key)) return false;
  for (const auto& value : condition.values) {
    const bool literal = condition.op == policy::Operator::string_equals;
    // ARNs may have a wildcard in their resource part; everything before must be fixed.
    std::string_view fixed = value.pattern.source();
    if (condition.op == policy::Operator::arn_like ||
        http::equals_ignoring_case(condition.key, "aws:SourceArn")) {
      size_t colon = 0;
      for (int i = 0; i < 5 && colon != std::string_view::npos; ++i) colon = fixed.find(':', colon + 1);
      fixed = fixed.substr(0, colon);
    }
    if (value.pattern.has_variables() || (!literal && has_wildcard(fixed))) return false;
  }
  return true;
}

bool grants_everyone(const policy::Statement& statement) {
  if (statement.effect != policy::Effect::allow) return false;
  bool everyone = statement.not_principal;
  for (const policy::PrincipalPattern& principal : statement.principals) {
    everyone = everyone || principal.type == policy::PrincipalType::everyone || principal.value == "*";
  }
  return everyone;
}

policy::Policy deny_everything() {
  const auto any = policy::Pattern::compile("*", policy::Wildcards::yes, policy::Variables::no);
  policy::Statement statement;
  statement.principals.push_back({policy::PrincipalType::everyone, "*"});
  statement.actions.push_back(any);
  statement.resources.push_back(any);
  policy::Policy policy;
  policy.statements.push_back(std::move(statement));
  return policy;
}

// Of a flat document such as <PublicAccessBlockConfiguration><BlockPublicPolicy>true</BlockPublicPolicy>...:
// it was written by PutPublicAccessBlock.
bool flag(const std::string& document, std::string_view element) {
  return document.find("<" + std::string(element) + ">true<") != std::string::npos;
}

}  // namespace

bool is_public(const policy::Policy& policy) {
  for (const policy::Statement& statement : policy.statements) {
    if (!grants_everyone(statement)) continue;
    bool pinned = false;
    for (const policy::Condition& condition : statement.conditions) pinned = pinned || pins(condition);
    if (!pinned) return true;
  }
  return false;
}

PublicAccessBlock public_access_block_of(const BucketRecord& bucket) {
  auto it = bucket.configuration.find(kPublicAccessBlockConfiguration);
  if (it == bucket.configuration.end()) return {};
  return {flag(it->second, "BlockPublicAcls"), flag(it->second, "IgnorePublicAcls"),
          flag(it->second, "BlockPublicPolicy"), flag(it->second, "RestrictPublicBuckets")};
}

std::shared_ptr<const BucketPolicy> BucketPolicies::of(const BucketRecord& bucket) {
  auto document = bucket.configuration.find(kPolicyConfiguration);
  if (document == bucket.configuration.end()) return nullptr;
  {
    std::lock_guard lock(mutex_);
    auto it = entries_.find(bucket.id);
    if (it != entries_.end() && it->second.revision == bucket.revision) return it->second.policy;
  }
  auto parsed = policy::parse_policy(document->second, policy::DocumentKind::resource);
  // PutBucketPolicy took it, so it parses, unless the parser has become stricter since: then nobody but root
  // gets in, since its Deny statements are lost too.
  if (!parsed)
    log::error("s3: the policy of bucket {} does not load: {}", bucket.name, parsed.error().message);
  auto compiled = std::make_shared<BucketPolicy>();
  compiled->named.name = "bucket policy of " + bucket.name;
  compiled->named.policy =
      std::make_shared<const policy::Policy>(parsed ? std::move(*parsed) : deny_everything());
  compiled->is_public = is_public(*compiled->named.policy);
  std::lock_guard lock(mutex_);
  entries_[bucket.id] = {bucket.revision, compiled};
  return compiled;
}

}  // namespace landfall::s3
