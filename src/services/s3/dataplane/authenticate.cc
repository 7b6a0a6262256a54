#include "codec/fields.h"
#include "services/s3/dataplane/request_flow.h"

namespace landfall::s3 {
namespace {

namespace sigv4 = aws::sigv4;

constexpr std::string_view kPrincipalHeader = "x-landfall-principal";

// What a trusted peer says about its caller. Exactly one of them.
struct TrustedPrincipal {
  bool root = false;
  std::string service;  // acts for the account
  std::string arn;      // a user's or a role's

  template <class V>
  void fields(V& v) {
    v("root", root);
    v("service", service);
    v("arn", arn);
  }
};

S3Result<> authenticate_trusted(S3Request& request, const iam::IamSnapshot& snapshot, std::string_view json) {
  auto said = from_json<TrustedPrincipal>(json);
  if (!said) return s3_fail("InvalidArgument", "x-landfall-principal: " + said.error().message);
  if (said->root || !said->service.empty()) {
    // A service of this Landfall acts for the account; control has already judged what its own caller may.
    request.principal = iam::root_principal(snapshot);
    if (!said->service.empty()) request.caller_context.emplace_back("aws:CalledVia", said->service);
    return {};
  }
  auto role = snapshot.role_by_arn(said->arn);
  if (!role) return s3_fail("AccessDenied", "x-landfall-principal names an unknown role: " + said->arn);
  request.principal.identity = role;
  request.principal.who.kind = aws::policy::PrincipalKind::assumed_role;
  request.principal.who.account = snapshot.account();
  request.principal.who.arn = request.principal.who.role_arn = said->arn;
  request.principal.who.user_id = role->id;
  return {};
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
  thread_local iam::AuthCache cache;
  auto authenticated = iam::authenticate(request.http(), *snapshot,
                                         {.dialect = aws::ErrorDialect::s3,
                                          .path_style = sigv4::PathStyle::s3,
                                          .now = request.core.options.clock->now(),
                                          .regions = regions,
                                          .service = "s3",
                                          .payload_hash = payload->value,
                                          .check = any_is_root ? iam::CredentialCheck::any_is_root : iam::CredentialCheck::enforce,
                                          .anonymous = iam::Anonymous::allowed,
                                          .cache = &cache});
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
