#include <algorithm>

#include "aws/sigv2.h"
#include "aws/sigv4.h"

namespace landfall::aws::sigv4 {
namespace {

using std::string;
using std::string_view;

bool listed(string_view list, string_view name) {
  while (!list.empty()) {
    const size_t end = list.find(';');
    if (http::equals_ignoring_case(list.substr(0, end), name)) return true;
    list.remove_prefix(end == string_view::npos ? list.size() : end + 1);
  }
  return false;
}

std::optional<AuthError> check_scope(const Claim& claim, const VerifyOptions& options) {
  if (const string_view day = string_view(claim.timestamp).substr(0, 8); claim.date != day)
    return wrong_scope_date(options.dialect, claim.date, day, claim.timestamp);
  if (!options.regions.empty() && std::ranges::find(options.regions, claim.region) == options.regions.end())
    return wrong_region(options.dialect, claim.region, options.regions.front());
  if (!options.service.empty() && claim.service != options.service)
    return wrong_service(options.dialect, claim.service, options.service);
  return std::nullopt;
}

std::optional<AuthError> check_time(const Claim& claim, const VerifyOptions& options) {
  const Timestamp now = options.now;
  const Timestamp earliest = now.plus_seconds(-kMaxSkewSeconds), latest = now.plus_seconds(kMaxSkewSeconds);
  if (claim.form == ClaimForm::presigned) {
    const Timestamp expires_at = claim.signed_at.plus_seconds(claim.expires_seconds);
    if (now > expires_at)
      return presigned_expired(options.dialect, format_iso8601(expires_at), format_iso8601(now),
                               std::to_string(claim.expires_seconds));
    if (claim.signed_at > latest) return presigned_not_yet_valid(options.dialect);
    return std::nullopt;
  }
  const bool s3 = options.dialect == ErrorDialect::s3;
  auto text = [&](Timestamp time) { return s3 ? format_iso8601(time) : format_basic_iso8601(time); };
  if (claim.signed_at < earliest)
    return too_skewed(options.dialect, claim.timestamp, text(now), true, text(earliest));
  if (claim.signed_at > latest)
    return too_skewed(options.dialect, claim.timestamp, text(now), false, text(latest));
  return std::nullopt;
}

// Whoever sits between could otherwise change what an x-amz- header asks for.
std::optional<AuthError> check_signed_headers(const http::Request& request, const Claim& claim,
                                              ErrorDialect dialect) {
  if (!listed(claim.signed_headers, "host")) return host_not_signed(dialect);
  constexpr string_view kPrefix = "x-amz-";
  string unsigned_names;
  for (const http::Header& header : request.headers) {
    const string_view name = header.name;
    if (name.size() <= kPrefix.size() || !http::equals_ignoring_case(name.substr(0, kPrefix.size()), kPrefix))
      continue;
    // Browsers' SDKs send this one unsigned, and it has no meaning.
    if (http::equals_ignoring_case(name, "x-amz-user-agent")) continue;
    if (listed(claim.signed_headers, name)) continue;
    if (!unsigned_names.empty()) unsigned_names += ", ";
    for (char c : name) unsigned_names += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  if (!unsigned_names.empty()) return headers_not_signed(dialect, unsigned_names);
  return std::nullopt;
}

}  // namespace

std::optional<AuthError> verify(const http::Request& request, const Claim& claim, const Secret& secret,
                                const VerifyOptions& options) {
  if (claim.form == ClaimForm::none) return missing_token(options.dialect);
  if (claim.form == ClaimForm::presigned_v2) return sigv2::verify(request, claim, secret, options);
  if (auto error = check_scope(claim, options)) return error;
  if (auto error = check_time(claim, options)) return error;
  if (auto error = check_signed_headers(request, claim, options.dialect)) return error;

  thread_local string canonical;  // reused: a request is about a kilobyte
  canonical.clear();
  append_canonical_request(canonical, request,
                           {.path_style = options.path_style,
                            .signed_headers = claim.signed_headers,
                            .payload_hash = options.payload_hash,
                            .presigned = claim.form == ClaimForm::presigned});
  const Scope scope{claim.date, claim.region, claim.service};
  thread_local string to_sign, expected;
  to_sign.clear();
  append_string_to_sign(to_sign, claim.timestamp, scope, canonical);
  expected.clear();
  append_hex(expected, options.keys != nullptr
                           ? options.keys->get(secret, scope).mac(to_sign)
                           : hmac_sha256(as_bytes(derive_signing_key(secret, scope)), to_sign));
  if (equal_constant_time(expected, claim.signature)) return std::nullopt;
  return signature_mismatch(options.dialect, claim.access_key_id, to_sign, claim.signature, canonical);
}

}  // namespace landfall::aws::sigv4
