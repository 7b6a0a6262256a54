#include "services/iam/dataplane/authenticator.h"

namespace landfall::iam {
namespace {

using aws::AuthError;
using aws::policy::NamedPolicy;
using aws::policy::PrincipalKind;
using std::string;
using std::string_view;
namespace sigv4 = aws::sigv4;
template <class T>
using Checked = std::expected<T, AuthError>;

void fill_long_lived(const AccessKeyEntry& key, string_view access_key_id, Principal& p) {
  p.identity = key.user;
  p.who.kind = key.user->is_root ? PrincipalKind::root : PrincipalKind::user;
  p.who.account = key.user->account;
  p.who.arn = key.user->arn;
  p.who.user_id = key.user->id;
  p.access_key_id = access_key_id;
  p.secret = key.secret;
}

// The session's own limits. A document or ARN that cannot be used must not widen it, so the session is
// refused.
std::optional<std::vector<NamedPolicy>> session_policies(const AccountIdentities& account,
                                                         const aws::SessionClaims& claims, bool& usable) {
  if (claims.session_policy.empty() && claims.session_policy_arns.empty()) return std::nullopt;
  std::vector<NamedPolicy> policies;
  if (!claims.session_policy.empty()) {
    auto parsed = aws::policy::parse_policy(claims.session_policy, aws::policy::DocumentKind::identity);
    if (parsed)
      policies.push_back({"session policy", std::make_shared<const aws::policy::Policy>(std::move(*parsed))});
    else
      usable = false;
  }
  for (const string& arn : claims.session_policy_arns) {
    auto policy = account.managed_policy(arn);
    if (policy)
      policies.push_back(std::move(*policy));
    else
      usable = false;
  }
  return policies;
}

// Finds the identity behind a session; false if it is gone (or another of the same name: ids tell).
bool identify(const AccountIdentities& account, const aws::SessionClaims& claims, Principal& p) {
  p.who.account = claims.account;
  p.who.kind = claims.kind;
  switch (claims.kind) {
    case PrincipalKind::assumed_role: {
      auto role = account.role(claims.role_name);
      if (!role || role->id != claims.role_id) return false;
      p.who.role_arn = role->arn;
      p.who.arn =
          "arn:aws:sts::" + claims.account + ":assumed-role/" + role->name + "/" + claims.session_name;
      p.who.user_id = role->id + ":" + claims.session_name;
      p.identity = std::move(role);
      return true;
    }
    case PrincipalKind::user: {
      auto user = account.user(claims.user_name);
      if (!user || user->id != claims.user_id) return false;
      p.who.arn = user->arn;
      p.who.user_id = user->id;
      p.identity = std::move(user);
      return true;
    }
    case PrincipalKind::root:
      p.who.arn = account.root()->arn;
      p.who.user_id = account.root()->id;
      p.identity = account.root();
      return true;
    default:
      return false;
  }
}

std::optional<AuthError> fill_temporary(const IamSnapshot& snapshot, const sigv4::Claim& claim,
                                        const AuthenticateOptions& options, Principal& p) {
  auto claims = aws::open_session(claim.security_token, snapshot.keyring());
  if (!claims || claims->access_key_id != claim.access_key_id)
    return aws::invalid_session_token(options.dialect);
  const AccountIdentities* account = snapshot.account(claims->account);
  if (account == nullptr) return aws::invalid_session_token(options.dialect);
  if (options.now >= claims->expires) return aws::expired_session_token(options.dialect);
  bool usable = true;
  p.session_policies = session_policies(*account, *claims, usable);
  if (!usable || !identify(*account, *claims, p)) return aws::invalid_session_token(options.dialect);
  p.access_key_id = std::move(claims->access_key_id);
  p.secret = std::move(claims->secret_access_key);
  p.session_name = std::move(claims->session_name);
  p.source_identity = std::move(claims->source_identity);
  p.instance_id = std::move(claims->instance_id);
  p.session_tags = std::move(claims->tags);
  p.token_issued = claims->issued;
  p.token_expires = claims->expires;
  return std::nullopt;
}

// Into `p`, which is new: a principal is a dozen strings, not to be moved from hand to hand.
std::optional<AuthError> find_principal(const IamSnapshot& snapshot, const sigv4::Claim& claim,
                                        const AuthenticateOptions& options, Principal& p) {
  if (!claim.security_token.empty()) return fill_temporary(snapshot, claim, options, p);
  const AccessKeyEntry* key = snapshot.access_key(claim.access_key_id);
  if (key == nullptr) return aws::unknown_access_key(options.dialect, claim.access_key_id);
  if (!key->active) return aws::inactive_access_key(options.dialect, claim.access_key_id);
  fill_long_lived(*key, claim.access_key_id, p);
  return std::nullopt;
}

constexpr size_t kAccountDigits = 12;

bool is_account_id(string_view text) {
  return text.size() == kAccountDigits && text.find_first_not_of("0123456789") == string_view::npos;
}

// `--auth any`: known keys keep their identity, so that roles and users can still be told apart; an account's
// number in a key's place is that account's root; everything else is the first account's.
Checked<Principal> anybody(const IamSnapshot& snapshot, const sigv4::Claim* claim,
                           const AuthenticateOptions& options) {
  if (claim != nullptr && claim->form != sigv4::ClaimForm::none) {
    Principal known;
    if (!find_principal(snapshot, *claim, options, known)) return known;
    if (is_account_id(claim->access_key_id)) {
      const AccountIdentities* account = snapshot.account(claim->access_key_id);
      // Not the first account's instead: who names one counts on being kept apart.
      if (account == nullptr)
        return std::unexpected(aws::unknown_access_key(options.dialect, claim->access_key_id));
      return root_principal(account->root());
    }
  }
  return root_principal(snapshot.first().root());
}

}  // namespace

Principal root_principal(std::shared_ptr<const Identity> root) {
  Principal p;
  p.who = {.kind = PrincipalKind::root, .account = root->account, .arn = root->arn, .user_id = root->id};
  p.identity = std::move(root);
  return p;
}

Principal service_principal(string_view service) {
  Principal p;
  p.who = {.kind = PrincipalKind::service, .arn = string(service), .service = string(service)};
  return p;
}

Checked<Authenticated> authenticate(const http::Request& request, const IamSnapshot& snapshot,
                                    const AuthenticateOptions& options) {
  auto claim = options.claim != nullptr ? Checked<sigv4::Claim>(std::move(*options.claim))
                                        : sigv4::parse_claim(request, options.dialect);
  if (options.check == CredentialCheck::any_is_root) {
    auto principal = anybody(snapshot, claim ? &*claim : nullptr, options);
    if (!principal) return std::unexpected(std::move(principal.error()));
    return Authenticated{std::move(*principal), claim ? std::move(*claim) : sigv4::Claim{}, options.check};
  }
  if (!claim) return std::unexpected(std::move(claim.error()));
  if (claim->form == sigv4::ClaimForm::none) {
    if (options.anonymous == Anonymous::refused) return std::unexpected(aws::missing_token(options.dialect));
    return Authenticated{};
  }
  Checked<Authenticated> known(std::in_place);
  if (auto error = find_principal(snapshot, *claim, options, known->principal))
    return std::unexpected(std::move(*error));
  auto refused = sigv4::verify(request, *claim, known->principal.secret,
                               {.dialect = options.dialect,
                                .path_style = options.path_style,
                                .now = options.now,
                                .regions = options.regions,
                                .service = options.service,
                                .payload_hash = options.payload_hash,
                                .keys = options.cache != nullptr ? &options.cache->keys : nullptr,
                                .virtual_bucket = options.virtual_bucket});
  if (refused) return std::unexpected(std::move(*refused));
  known->claim = std::move(*claim);
  return known;
}

string payload_hash_of(const http::Request& request, string_view body) {
  if (request.peer.tls && request.headers.get("x-amz-content-sha256") == sigv4::kUnsignedPayload)
    return string(sigv4::kUnsignedPayload);
  return hex(sha256(body));
}

sigv4::ChunkedDecoder::Options chunked_options(const Authenticated& authenticated, sigv4::PayloadKind kind,
                                               uint64_t decoded_bytes) {
  if (kind == sigv4::PayloadKind::streaming_unsigned_trailer)
    return sigv4::ChunkedDecoder::unsigned_options(decoded_bytes);
  auto chunked = sigv4::ChunkedDecoder::signed_options(kind, decoded_bytes, authenticated.claim,
                                                       authenticated.principal.secret);
  if (authenticated.check == CredentialCheck::any_is_root)
    chunked.check = sigv4::ChunkedDecoder::Check::framing_only;
  return chunked;
}

RequestFacts facts_of(const http::Request& request, string_view region, Timestamp now) {
  return {.now = now,
          .region = region,
          .source_ip = request.peer.address,
          .user_agent = request.headers.get("user-agent").value_or(""),
          .referer = request.headers.get("referer").value_or(""),
          .secure_transport = request.peer.tls};
}

aws::policy::Context context_of(const Principal& p, const RequestFacts& facts) {
  aws::policy::Context context;
  context.add("aws:CurrentTime", format_iso8601({facts.now.unix_seconds() * 1000}));
  context.add("aws:EpochTime", std::to_string(facts.now.unix_seconds()));
  context.add("aws:SecureTransport", facts.secure_transport ? "true" : "false");
  if (!facts.source_ip.empty()) context.add("aws:SourceIp", facts.source_ip);
  if (!facts.user_agent.empty()) context.add("aws:UserAgent", facts.user_agent);
  if (!facts.referer.empty()) context.add("aws:Referer", facts.referer);
  if (!facts.region.empty()) context.add("aws:RequestedRegion", facts.region);
  const bool service = p.who.kind == PrincipalKind::service;
  context.add("aws:PrincipalIsAWSService", service ? "true" : "false");
  context.add("aws:ViaAWSService", "false");
  if (service) context.add("aws:PrincipalServiceName", p.who.service);
  if (p.identity == nullptr) {
    if (p.anonymous()) context.add("aws:PrincipalType", "Anonymous");
    return context;
  }
  context.add("aws:PrincipalAccount", p.who.account);
  // Of a role session this is the role, not the session.
  context.add("aws:PrincipalArn", p.who.role_arn.empty() ? p.who.arn : p.who.role_arn);
  context.add("aws:userid", p.who.user_id);
  switch (p.who.kind) {
    case PrincipalKind::root:
      context.add("aws:PrincipalType", "Account");
      break;
    case PrincipalKind::user:
      context.add("aws:PrincipalType", "User");
      context.add("aws:username", p.identity->name);
      break;
    default:
      context.add("aws:PrincipalType", "AssumedRole");
  }
  for (const auto& [key, value] : p.session_tags) context.add("aws:PrincipalTag/" + key, value);
  for (const auto& [key, value] : p.identity->tags)
    if (!p.session_tags.contains(key)) context.add("aws:PrincipalTag/" + key, value);
  if (p.token_issued) {
    context.add("aws:TokenIssueTime", format_iso8601(*p.token_issued));
    context.add("aws:MultiFactorAuthPresent", "false");
  }
  if (!p.source_identity.empty()) context.add("aws:SourceIdentity", p.source_identity);
  if (!p.session_name.empty()) context.add("sts:RoleSessionName", p.session_name);
  if (!p.instance_id.empty())
    context.add("ec2:SourceInstanceARN",
                "arn:aws:ec2:" + string(facts.region) + ":" + p.who.account + ":instance/" + p.instance_id);
  return context;
}

bool plainly_allowed(const Principal& principal, string_view resource_account,
                     const NamedPolicy* resource_policy) {
  return principal.who.kind == PrincipalKind::root && principal.who.account == resource_account &&
         !principal.session_policies &&
         (resource_policy == nullptr || !aws::policy::has_deny(*resource_policy->policy));
}

Authorization authorize(const Principal& principal, const aws::policy::Context& context,
                        const AuthorizeOptions& options) {
  aws::policy::EvaluationInput input{
      .principal = principal.who,
      .action = options.action,
      .resource = options.resource,
      .resource_account = options.resource_account.empty() ? principal.who.account : options.resource_account,
      .context = context,
      .resource_policy = options.resource_policy,
      .resource_policy_mode = options.mode};
  if (principal.identity != nullptr) {
    input.identity = principal.identity->policies;
    if (principal.identity->boundary) input.boundary = &*principal.identity->boundary;
  }
  if (principal.session_policies) input.session = std::span<const NamedPolicy>(*principal.session_policies);
  Authorization result{aws::policy::evaluate(input), {}};
  if (!result.allowed()) result.message = aws::policy::denial_message(input, result.decision);
  return result;
}

AuthError access_denied(aws::ErrorDialect dialect, string_view message) {
  switch (dialect) {
    case aws::ErrorDialect::json:
      return {"AccessDeniedException", 400, string(message)};
    case aws::ErrorDialect::ec2:
      return {"UnauthorizedOperation", 403,
              "You are not authorized to perform this operation. " + string(message)};
    default:
      return {"AccessDenied", 403, string(message)};
  }
}

}  // namespace landfall::iam
