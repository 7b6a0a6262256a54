// AuthError: why a request's signature was refused, already in the words of the protocol that the client
// speaks. The same refusal has a different code in each: an unknown key is InvalidAccessKeyId to S3,
// InvalidClientTokenId to IAM, AuthFailure to EC2 and UnrecognizedClientException to the JSON services.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace landfall::aws {

enum class ErrorDialect {
  s3,
  query,  // query protocol, and rest-xml other than S3
  ec2,
  json,  // json 1.0/1.1 and rpc-v2-cbor
};

struct AuthError {
  std::string code;
  int status = 403;
  std::string message;
  // S3 adds elements to its error document (StringToSign, CanonicalRequest, Region...), in this order.
  std::vector<std::pair<std::string, std::string>> details;
};

// One function per refusal; `dialect` chooses the code, the status and the sentence.
AuthError missing_token(ErrorDialect dialect);
AuthError unknown_access_key(ErrorDialect dialect, std::string_view access_key_id);
AuthError inactive_access_key(ErrorDialect dialect, std::string_view access_key_id);
AuthError invalid_session_token(ErrorDialect dialect);
AuthError expired_session_token(ErrorDialect dialect);
// Malformed Authorization header or query parameters; `what` is the clause that says what is wrong.
AuthError malformed_header(ErrorDialect dialect, std::string_view what);
AuthError malformed_query(ErrorDialect dialect, std::string_view what);
AuthError incomplete_signature(ErrorDialect dialect, std::string_view what);
AuthError unsupported_algorithm(ErrorDialect dialect);
AuthError wrong_region(ErrorDialect dialect, std::string_view given, std::string_view expected);
AuthError wrong_service(ErrorDialect dialect, std::string_view given, std::string_view expected);
AuthError wrong_scope_date(ErrorDialect dialect, std::string_view given, std::string_view expected,
                           std::string_view timestamp);
AuthError missing_date(ErrorDialect dialect);
// The header form outside ±15 minutes; times as in X-Amz-Date.
AuthError too_skewed(ErrorDialect dialect, std::string_view request_time, std::string_view server_time,
                     bool expired, std::string_view bound);
AuthError presigned_expired(ErrorDialect dialect, std::string_view expires_at, std::string_view server_time,
                            std::string_view expires_seconds);
AuthError presigned_not_yet_valid(ErrorDialect dialect);
AuthError host_not_signed(ErrorDialect dialect);
AuthError headers_not_signed(ErrorDialect dialect, std::string_view names);
AuthError signature_mismatch(ErrorDialect dialect, std::string_view access_key_id,
                             std::string_view string_to_sign, std::string_view signature,
                             std::string_view canonical_request);
AuthError content_sha256_mismatch(std::string_view claimed, std::string_view computed);
AuthError missing_content_sha256();
AuthError invalid_content_sha256();
AuthError incomplete_body(std::string_view what);
AuthError malformed_trailer(std::string_view what);

}  // namespace landfall::aws
