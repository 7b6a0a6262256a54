// AWS Signature Version 4, both sides, pure: the caller has the clock, the secrets and the bytes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
//
// Verifying takes two steps, because the secret must be looked up in between:
//   auto claim = parse_claim(request, dialect);                      // who says they signed, and how
//   auto error = verify(request, *claim, secret, options);           // did they
// The claim's views point into the request (or into the claim itself), so the request must outlive it.
// Threads: functions are re-entrant; a SigningKeyCache belongs to one thread. Nothing throws.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/auth_error.h"
#include "aws/sigv4_key.h"
#include "base/clock.h"
#include "base/secret.h"
#include "http/message.h"

namespace landfall::aws::sigv4 {

inline constexpr int64_t kMaxSkewSeconds = 15 * 60;
inline constexpr int64_t kMaxPresignedSeconds = 7 * 24 * 3600;
inline constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view kEmptyPayloadHash =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// How the path is written into the canonical request.
enum class PathStyle {
  s3,        // decoded, then encoded once; no dot segment or double slash is touched
  standard,  // normalised (RFC 3986 section 5.2.4, empty segments removed), then encoded again
};

enum class ClaimForm {
  none,
  header,
  presigned,
  presigned_v2,  // S3 only: AWSAccessKeyId, Signature, Expires; signed_at is then when it expires (sigv2.h)
};

// What the request says about its signature. `form` none: unsigned, everything else is empty.
struct Claim {
  ClaimForm form = ClaimForm::none;
  std::string_view access_key_id, date, region, service;  // the credential scope; date is YYYYMMDD
  std::string_view signed_headers;  // "host;x-amz-date", checked to be lower case and sorted
  std::string_view signature;       // 64 lower-case digits (length checked)
  std::string_view security_token;  // empty if none
  std::string timestamp;            // 20150830T123600Z
  Timestamp signed_at;
  int64_t expires_seconds = 0;  // presigned only

  // Owns what had to be percent-decoded out of a presigned query; the views may point here.
  std::vector<std::string> decoded;
};

std::expected<Claim, AuthError> parse_claim(const http::Request& request, ErrorDialect dialect);

struct VerifyOptions {
  ErrorDialect dialect = ErrorDialect::query;
  PathStyle path_style = PathStyle::standard;
  Timestamp now;
  // Regions that the scope may name (the first is the one error messages expect); empty: any.
  std::span<const std::string_view> regions;
  std::string_view service;         // signing name: "s3", "iam"...; empty: any
  std::string_view payload_hash;    // what stands in the canonical request: hex SHA-256 or a literal such as
                                    // kUnsignedPayload
  SigningKeyCache* keys = nullptr;  // optional
  // S3's bucket where the host name says it (bucket.s3...): version 2 signs it as part of the path. Empty:
  // path style.
  std::string_view virtual_bucket;
};

// nullopt: the signature is right, in time and in scope.
std::optional<AuthError> verify(const http::Request& request, const Claim& claim, const Secret& secret,
                                const VerifyOptions& options);

// How the body of an S3 request is protected, from x-amz-content-sha256.
enum class PayloadKind {
  whole_hash,  // hex SHA-256 of the body; the receiver compares at the end
  unsigned_payload,
  streaming_signed,            // STREAMING-AWS4-HMAC-SHA256-PAYLOAD
  streaming_signed_trailer,    // STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER
  streaming_unsigned_trailer,  // STREAMING-UNSIGNED-PAYLOAD-TRAILER
};
struct PayloadClaim {
  PayloadKind kind = PayloadKind::unsigned_payload;
  std::string_view value;  // as it stands in the canonical request
};
// For S3. A signed header-form request must carry the header; a presigned or unsigned one may leave it out.
std::expected<PayloadClaim, AuthError> payload_claim(const http::Request& request, ClaimForm form);

// Signing, for what Landfall itself sends (CloudFront's origin access control, instance agents).
struct Credentials {
  std::string access_key_id;
  Secret secret_access_key;
  std::string session_token;  // empty for long-lived keys
};
struct SignOptions {
  std::string_view region;
  std::string_view service;
  PathStyle path_style = PathStyle::standard;
  Timestamp now;
  std::string_view payload_hash = kEmptyPayloadHash;
  SigningKeyCache* keys = nullptr;
};
// Adds X-Amz-Date, X-Amz-Security-Token, X-Amz-Content-Sha256 (service s3) and Authorization. Signs host,
// content-type and every x-amz- header. `request.authority` or a Host header must be set.
void sign(http::Request& request, const Credentials& credentials, const SignOptions& options);
// Adds the X-Amz-* query parameters to the target. Signs host only; the payload is UNSIGNED-PAYLOAD for s3.
void presign(http::Request& request, const Credentials& credentials, const SignOptions& options,
             int64_t expires_seconds);

// The pieces, for tests and for error documents.
struct CanonicalOptions {
  PathStyle path_style = PathStyle::standard;
  std::string_view signed_headers;
  std::string_view payload_hash;
  bool presigned = false;  // leaves X-Amz-Signature out of the query
};
void append_canonical_request(std::string& out, const http::Request& request,
                              const CanonicalOptions& options);
void append_string_to_sign(std::string& out, std::string_view timestamp, const Scope& scope,
                           std::string_view canonical_request);

}  // namespace landfall::aws::sigv4
