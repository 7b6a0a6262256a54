// Reads who claims to have signed a request, from the Authorization header or the X-Amz-* query parameters.
#include <algorithm>
#include <charconv>

#include "aws/sigv2.h"
#include "aws/sigv4.h"
#include "aws/sigv4_internal.h"
#include "base/ascii.h"
#include "codec/http1_field.h"

namespace landfall::aws::sigv4 {
namespace {

using std::string;
using std::string_view;
using Parsed = std::expected<Claim, AuthError>;

constexpr size_t kSignatureDigits = 64;

bool is_signature(string_view text) {
  using namespace ascii_detail;
  if (text.size() != kSignatureDigits) return false;
  for (size_t at = 0; at < kSignatureDigits; at += 8) {
    const uint64_t word = load(text.data() + at, 8);
    if ((word & kTops) != 0 || (within(word, '0', '9') | within(word, 'a', 'f')) != kTops) return false;
  }
  return true;
}

// Lower case, sorted, without repeats: anything else could make one canonical request out of two different
// ones.
bool well_formed_signed_headers(string_view list) {
  string_view previous;
  while (!list.empty()) {
    const size_t end = list.find(';');
    const string_view name = list.substr(0, end);
    list.remove_prefix(end == string_view::npos ? list.size() : end + 1);
    if (name.empty() || name <= previous) return false;
    if (std::ranges::any_of(name, [](char c) { return (c >= 'A' && c <= 'Z') || c <= ' ' || c == ':'; }))
      return false;
    previous = name;
    if (end != string_view::npos && list.empty()) return false;
  }
  return !previous.empty();
}

// keyid/date/region/service/aws4_request. An access key id holds no slash.
bool parse_credential(string_view text, Claim& claim) {
  string_view fields[5];
  for (int i = 0; i < 5; ++i) {
    const size_t slash = text.find('/');
    if ((slash == string_view::npos) != (i == 4)) return false;
    fields[i] = text.substr(0, slash);
    if (fields[i].empty()) return false;
    text.remove_prefix(slash == string_view::npos ? text.size() : slash + 1);
  }
  claim.access_key_id = fields[0];
  claim.date = fields[1];
  claim.region = fields[2];
  claim.service = fields[3];
  return claim.date.size() == 8 && fields[4] == "aws4_request";
}

AuthError bad_credential(ErrorDialect dialect, ClaimForm form, string_view given) {
  if (dialect == ErrorDialect::s3) {
    constexpr string_view kExpected =
        "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";
    if (form == ClaimForm::header) return malformed_header(dialect, kExpected);
    return malformed_query(dialect, "Error parsing the X-Amz-Credential parameter; " + string(kExpected));
  }
  return incomplete_signature(dialect,
                              "Credential must have exactly 5 slash-delimited elements, e.g. "
                              "keyid/date/region/service/term, got '" +
                                  string(given) + "'");
}

bool set_timestamp(string_view text, Claim& claim) {
  text = http1::trim_ows(text);
  auto time = parse_iso8601(text);
  if (!time) time = parse_http_date(text);
  if (!time) return false;
  claim.signed_at = *time;
  claim.timestamp = format_basic_iso8601({time->unix_seconds() * 1000});
  return true;
}

// What is missing, in the words of AWS's IncompleteSignature.
string missing_parts(bool credential, bool signature, bool signed_headers) {
  string what;
  if (!credential) what += "Authorization header requires 'Credential' parameter. ";
  if (!signature) what += "Authorization header requires 'Signature' parameter. ";
  if (!signed_headers) what += "Authorization header requires 'SignedHeaders' parameter. ";
  if (!what.empty()) what.pop_back();
  return what;
}

Parsed parse_header(const http::Request& request, string_view authorization, ErrorDialect dialect) {
  authorization = http1::trim_ows(authorization);
  if (!authorization.starts_with(kAlgorithm) ||
      (authorization.size() > kAlgorithm.size() && authorization[kAlgorithm.size()] != ' '))
    return std::unexpected(unsupported_algorithm(dialect));
  Claim claim{.form = ClaimForm::header};
  string_view credential;
  for (string_view rest = authorization.substr(kAlgorithm.size()); !rest.empty();) {
    const size_t comma = rest.find(',');
    const string_view part = http1::trim_ows(rest.substr(0, comma));
    rest.remove_prefix(comma == string_view::npos ? rest.size() : comma + 1);
    if (part.starts_with("Credential="))
      credential = part.substr(11);
    else if (part.starts_with("SignedHeaders="))
      claim.signed_headers = part.substr(14);
    else if (part.starts_with("Signature="))
      claim.signature = part.substr(10);
    else if (!part.empty())
      return std::unexpected(
          malformed_header(dialect, "unknown component '" + string(part.substr(0, 64)) + "'."));
  }
  if (credential.empty() || claim.signature.empty() || claim.signed_headers.empty())
    return std::unexpected(malformed_header(
        dialect,
        missing_parts(!credential.empty(), !claim.signature.empty(), !claim.signed_headers.empty())));
  if (!parse_credential(credential, claim))
    return std::unexpected(bad_credential(dialect, ClaimForm::header, credential));
  if (!well_formed_signed_headers(claim.signed_headers))
    return std::unexpected(
        malformed_header(dialect, "SignedHeaders must be sorted lower-case header names."));
  auto date = request.headers.get("x-amz-date");
  if (!date) date = request.headers.get("date");
  if (!date || !set_timestamp(*date, claim)) return std::unexpected(missing_date(dialect));
  claim.security_token = request.headers.get("x-amz-security-token").value_or("");
  return claim;
}

struct QueryParameters {
  string algorithm, credential, date, expires, signed_headers, signature, token;
  bool any = false, has_expires = false, version_2 = false;
};

QueryParameters find_parameters(string_view query) {
  QueryParameters found;
  while (!query.empty()) {
    const size_t ampersand = query.find('&');
    const string_view pair = query.substr(0, ampersand);
    query.remove_prefix(ampersand == string_view::npos ? query.size() : ampersand + 1);
    const size_t equals = pair.find('=');
    const string_view name = pair.substr(0, equals);
    if (name == "AWSAccessKeyId") found.version_2 = true;
    if (!name.starts_with("X-Amz-")) continue;
    string* target = name == "X-Amz-Algorithm"        ? &found.algorithm
                     : name == "X-Amz-Credential"     ? &found.credential
                     : name == "X-Amz-Date"           ? &found.date
                     : name == "X-Amz-Expires"        ? &found.expires
                     : name == "X-Amz-SignedHeaders"  ? &found.signed_headers
                     : name == "X-Amz-Signature"      ? &found.signature
                     : name == "X-Amz-Security-Token" ? &found.token
                                                      : nullptr;
    if (target == nullptr) continue;
    if (target == &found.algorithm || target == &found.signature || target == &found.credential)
      found.any = true;
    if (target == &found.expires) found.has_expires = true;
    target->clear();
    if (equals != string_view::npos) append_decoded(*target, pair.substr(equals + 1));
  }
  return found;
}

std::optional<AuthError> set_expires(const QueryParameters& found, ErrorDialect dialect, Claim& claim) {
  const char* end = found.expires.data() + found.expires.size();
  const auto [stop, problem] = std::from_chars(found.expires.data(), end, claim.expires_seconds);
  if (problem == std::errc::result_out_of_range ||
      (problem == std::errc() && claim.expires_seconds > kMaxPresignedSeconds))
    return malformed_query(
        dialect,
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
        "must be less than 604800 seconds");
  if (problem != std::errc() || stop != end)
    return malformed_query(dialect, "X-Amz-Expires should be a number");
  if (claim.expires_seconds < 0) return malformed_query(dialect, "X-Amz-Expires must be non-negative");
  return std::nullopt;
}

Parsed parse_query(QueryParameters found, ErrorDialect dialect) {
  if (found.algorithm != kAlgorithm) {
    if (dialect == ErrorDialect::s3)
      return std::unexpected(malformed_query(
          dialect, "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\""));
    return std::unexpected(unsupported_algorithm(dialect));
  }
  // STS and the others take presigned requests without X-Amz-Expires; AWS then gives them 15 minutes.
  const bool expires_needed = dialect == ErrorDialect::s3;
  if (found.credential.empty() || found.signature.empty() || found.signed_headers.empty() ||
      found.date.empty() || (expires_needed && !found.has_expires))
    return std::unexpected(malformed_query(dialect,
                                           "Query-string authentication version 4 requires the "
                                           "X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
                                           "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."));
  Claim claim{.form = ClaimForm::presigned};
  if (!found.has_expires)
    claim.expires_seconds = kMaxSkewSeconds;
  else if (auto error = set_expires(found, dialect, claim))
    return std::unexpected(std::move(*error));
  // A moved std::string may move its characters (short ones), so views are taken only after the vector is
  // final.
  claim.decoded = {std::move(found.credential), std::move(found.signed_headers), std::move(found.signature),
                   std::move(found.token)};
  if (!parse_credential(claim.decoded[0], claim))
    return std::unexpected(bad_credential(dialect, ClaimForm::presigned, claim.decoded[0]));
  claim.signed_headers = claim.decoded[1];
  claim.signature = claim.decoded[2];
  claim.security_token = claim.decoded[3];
  if (!well_formed_signed_headers(claim.signed_headers))
    return std::unexpected(
        malformed_query(dialect, "X-Amz-SignedHeaders must be sorted lower-case header names."));
  if (!set_timestamp(found.date, claim))
    return std::unexpected(
        malformed_query(dialect, "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""));
  return claim;  // the vector's buffer moves with it, so the views stay good
}

}  // namespace

Parsed parse_claim(const http::Request& request, ErrorDialect dialect) {
  const auto authorization = request.headers.get("authorization");
  const string_view query = request.query();
  const bool query_may_sign =
      query.find("X-Amz-") != string_view::npos || query.find("AWSAccessKeyId=") != string_view::npos;
  QueryParameters found;
  if (query_may_sign) found = find_parameters(query);
  if (authorization && found.any) {
    if (dialect != ErrorDialect::s3)
      return std::unexpected(incomplete_signature(dialect, "Only one authentication mechanism is allowed."));
    return std::unexpected(AuthError{
        "InvalidArgument", 400,
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
        "parameter or the Authorization header should be specified"});
  }
  Parsed claim = authorization ? parse_header(request, *authorization, dialect)
                 : found.any   ? parse_query(std::move(found), dialect)
                               : Parsed(Claim{});
  if (!authorization && !found.any && found.version_2) {
    if (dialect != ErrorDialect::s3) return std::unexpected(unsupported_algorithm(dialect));
    return sigv2::parse_claim(request);
  }
  if (claim && claim->form != ClaimForm::none && !is_signature(claim->signature)) {
    // Not a signature at all: the answer is the same as for a wrong one, and nothing needs to be computed.
    return std::unexpected(
        signature_mismatch(dialect, claim->access_key_id, {}, claim->signature.substr(0, 128), {}));
  }
  return claim;
}

std::expected<PayloadClaim, AuthError> payload_claim(const http::Request& request, ClaimForm form) {
  const auto value = request.headers.get("x-amz-content-sha256");
  if (!value) {
    if (form == ClaimForm::header) return std::unexpected(missing_content_sha256());
    return PayloadClaim{PayloadKind::unsigned_payload, kUnsignedPayload};
  }
  if (*value == kUnsignedPayload) return PayloadClaim{PayloadKind::unsigned_payload, *value};
  if (*value == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
    return PayloadClaim{PayloadKind::streaming_signed, *value};
  if (*value == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
    return PayloadClaim{PayloadKind::streaming_signed_trailer, *value};
  if (*value == "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
    return PayloadClaim{PayloadKind::streaming_unsigned_trailer, *value};
  if (is_signature(*value)) return PayloadClaim{PayloadKind::whole_hash, *value};
  return std::unexpected(invalid_content_sha256());
}

}  // namespace landfall::aws::sigv4
