#include "codec/fields.h"
#include "services/s3/dataplane/log_writer.h"
#include "services/s3/dataplane/request_flow.h"

namespace landfall::s3 {
namespace {

namespace sigv4 = aws::sigv4;

constexpr std::string_view kPrincipalHeader = "x-landfall-principal";

// What a trusted peer says about its caller: a service that acts for the account (control has already judged
// what its own caller may), or the very caller, whose policies then decide here. `kind` is gateway's
// CallerKind.
struct TrustedPrincipal {
  enum Kind : int64_t { root = 0, user = 1, assumed_role = 2, service_caller = 4, log_writer = 6 };
  int64_t kind = -1;
  std::string service;
  std::string arn, user_id, role_arn, session_name;
  std::string via;      // the service that asks in the caller's name
  std::string account;  // empty: the first
  // Of a log_writer, the service named or that account's root, judged by the bucket's policy:
  std::string region, source_arn, source_account;

  template <class V>
  void fields(V& v) {
    v("kind", kind);
    v("service", service);
    v("arn", arn);
    v("user_id", user_id);
    v("role_arn", role_arn);
    v("session_name", session_name);
    v("via", via);
    v("account", account);
    v("region", region);
    v("source_arn", source_arn);
    v("source_account", source_account);
  }
};

std::string_view last_segment(std::string_view arn) {
  const size_t slash = arn.rfind('/');
  return slash == std::string_view::npos ? arn : arn.substr(slash + 1);
}

S3Result<iam::Principal> user_principal(const iam::AccountIdentities& account, const TrustedPrincipal& said) {
  auto user = account.user(last_segment(said.arn));
  if (!user || user->arn != said.arn)
    return s3_fail("AccessDenied", "x-landfall-principal names an unknown user: " + said.arn);
  iam::Principal principal;
  principal.identity = user;
  principal.who = {.kind = aws::policy::PrincipalKind::user,
                   .account = account.account(),
                   .arn = user->arn,
                   .user_id = user->id};
  return principal;
}

S3Result<iam::Principal> role_principal(const iam::AccountIdentities& account, const TrustedPrincipal& said) {
  auto role = account.role_by_arn(said.role_arn);
  if (!role) return s3_fail("AccessDenied", "x-landfall-principal names an unknown role: " + said.role_arn);
  iam::Principal principal;
  principal.identity = role;
  principal.who = {.kind = aws::policy::PrincipalKind::assumed_role,
                   .account = account.account(),
                   .arn = said.arn,
                   .user_id = said.user_id,
                   .role_arn = role->arn};
  principal.session_name = said.session_name;
  return principal;
}

S3Result<> authenticate_trusted(S3Request& request, const iam::IamSnapshot& snapshot, std::string_view json) {
  auto said = from_json<TrustedPrincipal>(json);
  if (!said) return s3_fail("InvalidArgument", "x-landfall-principal: " + said.error().message);
  if (said->kind == TrustedPrincipal::log_writer)
    return become_log_writer(request, {.bucket = request.address.bucket,
                                       .region = said->region,
                                       .writer = {.service = said->service, .account = said->account},
                                       .source_arn = said->source_arn,
                                       .source_account = said->source_account});
  const std::string& via = said->service.empty() ? said->via : said->service;
  if (!via.empty()) request.caller_context.emplace_back("aws:CalledVia", via);
  if (!said->service.empty() || said->kind == TrustedPrincipal::root ||
      said->kind == TrustedPrincipal::service_caller) {
    // Of an account that is being removed edge may know nothing any more; what control says is enough.
    request.principal = iam::root_principal(said->account.empty() ? snapshot.first().root()
                                                                  : iam::root_identity(said->account));
    return {};
  }
  const iam::AccountIdentities* account =
      said->account.empty() ? &snapshot.first() : snapshot.account(said->account);
  if (account == nullptr)
    return s3_fail("AccessDenied", "x-landfall-principal names an unknown account: " + said->account);
  if (said->kind == TrustedPrincipal::user) {
    LF_TRY(request.principal, user_principal(*account, *said));
    return {};
  }
  if (said->kind == TrustedPrincipal::assumed_role) {
    LF_TRY(request.principal, role_principal(*account, *said));
    return {};
  }
  return s3_fail("InvalidArgument", "x-landfall-principal names nobody");
}

}  // namespace

S3Result<> authenticate(S3Request& request, TrustedPeer trusted) {
  auto snapshot = request.core.iam.load(std::memory_order_acquire);
  if (trusted == TrustedPeer::yes) {
    if (auto json = request.header(kPrincipalHeader)) return authenticate_trusted(request, *snapshot, *json);
  }
  const bool any_is_root = request.core.options.credentials == CredentialCheck::any_is_root;
  auto claim = sigv4::parse_claim(request.http(), aws::ErrorDialect::s3);
  if (!claim && !any_is_root) return std::unexpected(from_auth(std::move(claim).error()));
  auto payload = sigv4::payload_claim(request.http(), claim ? claim->form : sigv4::ClaimForm::none);
  if (!payload) return std::unexpected(from_auth(std::move(payload).error()));
  const std::string_view regions[] = {request.core.options.region};
  // Version 2 signs the bucket as part of the path, wherever it stands.
  const std::string virtual_bucket = claim && claim->form == sigv4::ClaimForm::presigned_v2
                                         ? bucket_in_host(request.http().authority).value_or("")
                                         : "";
  thread_local iam::AuthCache cache;
  auto authenticated = iam::authenticate(
      request.http(), *snapshot,
      {.dialect = aws::ErrorDialect::s3,
       .path_style = sigv4::PathStyle::s3,
       .now = request.core.options.clock->now(),
       .regions = regions,
       .service = "s3",
       .payload_hash = payload->value,
       .check = any_is_root ? iam::CredentialCheck::any_is_root : iam::CredentialCheck::enforce,
       .anonymous = iam::Anonymous::allowed,
       .cache = &cache,
       .virtual_bucket = virtual_bucket,
       .claim = claim ? &*claim : nullptr});
  if (!authenticated) return std::unexpected(from_auth(std::move(authenticated).error()));
  request.payload_signature.claim = *payload;
  if (is_streaming(payload->kind)) {
    auto length = decoded_length(request.http(), payload->kind);
    if (!length) return s3_fail("MissingContentLength");
    request.payload_signature.chunked = iam::chunked_options(*authenticated, payload->kind, *length);
  }
  if (authenticated->claim.form != sigv4::ClaimForm::none) {
    request.payload_signature.signature = std::move(authenticated->claim);
  }
  request.principal = std::move(authenticated->principal);
  return {};
}

}  // namespace landfall::s3
