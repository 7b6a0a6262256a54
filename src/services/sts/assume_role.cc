#include "services/sts/assume_role.h"

#include "gateway/in_account.h"
#include "services/iam/iam.h"
#include "services/iam/records.h"
#include "sts/errors.h"

namespace landfall::sts {
namespace {

using aws::policy::NamedPolicy;
using aws::policy::PrincipalKind;

constexpr size_t kMaxSessionPolicyBytes = 2'048;  // plain text; AWS's packed limit is of that order
constexpr size_t kMaxSessionPolicyArns = 10;

// The caller as policies see it. Session policies are not known here: see check_may_assume.
iam::Principal principal_of(const Call& about) {
  const Caller& caller = about.caller;
  Call call = in_account(about, caller.account);
  if (caller.kind == CallerKind::service) return iam::service_principal(caller.service);
  iam::Principal p;
  p.who = {
      .account = caller.account, .arn = caller.arn, .user_id = caller.user_id, .role_arn = caller.role_arn};
  const std::string name = caller.arn.substr(caller.arn.rfind('/') + 1);
  switch (caller.kind) {
    case CallerKind::root:
      p.who.kind = PrincipalKind::root;
      break;
    case CallerKind::user:
      p.who.kind = PrincipalKind::user;
      p.identity = std::make_shared<iam::Identity>(iam::load_identity(call, iam::find_user(call, name)));
      break;
    case CallerKind::assumed_role: {
      p.who.kind = PrincipalKind::assumed_role;
      const std::string role = caller.role_arn.substr(caller.role_arn.rfind('/') + 1);
      p.identity =
          std::make_shared<iam::Identity>(iam::load_identity(call, iam::find_role(call, role).entity));
      p.session_name = caller.session_name;
      break;
    }
    default:
      break;
  }
  return p;
}

std::map<std::string, std::string> request_keys(const AssumeRoleRequest& in) {
  std::map<std::string, std::string> keys = {{"sts:RoleSessionName", in.RoleSessionName.value()}};
  if (in.ExternalId) keys["sts:ExternalId"] = *in.ExternalId;
  if (in.SourceIdentity) keys["sts:SourceIdentity"] = *in.SourceIdentity;
  for (const Tag& tag : in.Tags) keys["aws:RequestTag/" + tag.Key.value()] = tag.Value.value_or("");
  return keys;
}

aws::policy::Context context_of(Call& call, const iam::Principal& principal, const AssumeRoleRequest& in) {
  auto context = iam::context_of(principal, {.now = call.now,
                                             .region = call.region,
                                             .source_ip = call.caller.source_ip,
                                             .user_agent = call.caller.user_agent,
                                             .secure_transport = call.caller.secure_transport});
  for (auto& [key, value] : request_keys(in)) context.add(key, value);
  for (const Tag& tag : in.Tags) context.add("aws:TagKeys", tag.Key.value());
  for (const std::string& key : in.TransitiveTagKeys) context.add("sts:TransitiveTagKeys", key);
  return context;
}

[[noreturn]] void deny(const Call& call, std::string_view action, const std::string& role_arn) {
  throw ServiceError("AccessDenied", 403,
                     "User: " + (call.caller.arn.empty() ? call.caller.service : call.caller.arn) +
                         " is not authorized to perform: " + std::string(action) +
                         " on resource: " + role_arn);
}

}  // namespace

void check_may_assume(Call& call, const iam::RoleRecord& role, const AssumeRoleRequest& in) {
  const std::string& arn = role.entity.arn;
  auto parsed = aws::policy::parse_policy(role.trust_policy, aws::policy::DocumentKind::trust);
  LF_INVARIANT(parsed.has_value(), "a stored trust policy does not parse: " + arn);
  const NamedPolicy trust{"trust policy of " + arn,
                          std::make_shared<const aws::policy::Policy>(std::move(*parsed))};
  const iam::Principal principal = principal_of(call);
  const auto context = context_of(call, principal, in);

  std::vector<std::string_view> actions = {"sts:AssumeRole"};
  if (!in.Tags.empty()) actions.push_back("sts:TagSession");
  if (in.SourceIdentity) actions.push_back("sts:SetSourceIdentity");
  for (std::string_view action : actions) {
    aws::policy::EvaluationInput input{.principal = principal.who,
                                       .action = action,
                                       .resource = arn,
                                       .resource_account = call.account,
                                       .context = context,
                                       .resource_policy = &trust,
                                       .resource_policy_mode = aws::policy::ResourcePolicyMode::required};
    if (principal.identity) {
      input.identity = principal.identity->policies;
      if (principal.identity->boundary) input.boundary = &*principal.identity->boundary;
    }
    const aws::policy::Decision decision = aws::policy::evaluate(input);
    if (!decision.allowed()) deny(call, action, arn);
    // The trust policy left it to the caller's own policies; the gateway also knows those of the caller's
    // session.
    if (decision.source == aws::policy::PolicySource::identity) call.authorize(action, arn, request_keys(in));
  }
}

int64_t session_seconds(const Call& call, const iam::RoleRecord& role, const AssumeRoleRequest& in) {
  const int64_t seconds = in.DurationSeconds.value_or(kDefaultRoleSeconds);
  if (seconds > role.max_session_seconds)
    throw ServiceError("ValidationError", 400,
                       "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  if (call.caller.kind == CallerKind::assumed_role && seconds > kChainedRoleSeconds)
    throw ServiceError(
        "ValidationError", 400,
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
  return seconds;
}

int64_t add_session_policies(Call& call, const AssumeRoleRequest& in, aws::SessionClaims& claims) {
  size_t bytes = 0;
  if (in.Policy) {
    auto parsed = aws::policy::parse_policy(*in.Policy, aws::policy::DocumentKind::identity);
    if (!parsed) throw MalformedPolicyDocumentException(parsed.error().message);
    bytes = aws::policy::policy_size(*in.Policy);
    claims.session_policy = *in.Policy;
  }
  if (in.PolicyArns.size() > kMaxSessionPolicyArns || bytes > kMaxSessionPolicyBytes)
    throw PackedPolicyTooLargeException("The session policies are larger than the limit.");
  for (const PolicyDescriptorType& policy : in.PolicyArns) {
    iam::check_policy_arn(call, policy.arn.value());
    claims.session_policy_arns.push_back(*policy.arn);
    bytes += policy.arn->size();
  }
  return static_cast<int64_t>(bytes * 100 / kMaxSessionPolicyBytes);
}

}  // namespace landfall::sts
