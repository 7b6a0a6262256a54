#include "aws/auth_error.h"

namespace landfall::aws {
namespace {

using std::string;
using std::string_view;

constexpr char kJsonMismatch[] =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
    "Access Key "
    "and signing method. Consult the service documentation for details.";

string text(std::initializer_list<string_view> parts) {
  string all;
  for (string_view part : parts) all += part;
  return all;
}

// A signature that cannot be right, other than by a wrong hash: SignatureDoesNotMatch and its cousins.
AuthError refused_signature(ErrorDialect dialect, string message) {
  switch (dialect) {
    case ErrorDialect::json:
      return {"InvalidSignatureException", 400, std::move(message)};
    case ErrorDialect::ec2:
      return {"AuthFailure", 401, std::move(message)};
    default:
      return {"SignatureDoesNotMatch", 403, std::move(message)};
  }
}

}  // namespace

AuthError missing_token(ErrorDialect dialect) {
  switch (dialect) {
    case ErrorDialect::s3:
      return {"AccessDenied", 403, "Access Denied"};
    case ErrorDialect::json:
      return {"MissingAuthenticationTokenException", 400, "Missing Authentication Token"};
    case ErrorDialect::ec2:
      return {"AuthFailure", 401, "AWS was not able to validate the provided access credentials"};
    case ErrorDialect::query:
      break;
  }
  return {"MissingAuthenticationToken", 403, "Request is missing Authentication Token"};
}

AuthError unknown_access_key(ErrorDialect dialect, string_view access_key_id) {
  switch (dialect) {
    case ErrorDialect::s3:
      return {"InvalidAccessKeyId",
              403,
              "The AWS Access Key Id you provided does not exist in our records.",
              {{"AWSAccessKeyId", string(access_key_id)}}};
    case ErrorDialect::json:
      return {"UnrecognizedClientException", 400, "The security token included in the request is invalid."};
    case ErrorDialect::ec2:
      return {"AuthFailure", 401, "AWS was not able to validate the provided access credentials"};
    case ErrorDialect::query:
      break;
  }
  return {"InvalidClientTokenId", 403, "The security token included in the request is invalid."};
}

AuthError inactive_access_key(ErrorDialect dialect, string_view access_key_id) {
  return unknown_access_key(dialect, access_key_id);
}

AuthError invalid_session_token(ErrorDialect dialect) {
  if (dialect == ErrorDialect::s3)
    return {"InvalidToken", 400, "The provided token is malformed or otherwise invalid."};
  return unknown_access_key(dialect, {});
}

AuthError expired_session_token(ErrorDialect dialect) {
  switch (dialect) {
    case ErrorDialect::s3:
      return {"ExpiredToken", 400, "The provided token has expired."};
    case ErrorDialect::json:
      return {"ExpiredTokenException", 400, "The security token included in the request is expired"};
    case ErrorDialect::ec2:
      return {"RequestExpired", 400, "Request has expired."};
    case ErrorDialect::query:
      break;
  }
  return {"ExpiredToken", 403, "The security token included in the request is expired"};
}

AuthError malformed_header(ErrorDialect dialect, string_view what) {
  if (dialect == ErrorDialect::s3)
    return {"AuthorizationHeaderMalformed", 400, text({"The authorization header is malformed; ", what})};
  return incomplete_signature(dialect, what);
}

AuthError malformed_query(ErrorDialect dialect, string_view what) {
  if (dialect == ErrorDialect::s3) return {"AuthorizationQueryParametersError", 400, string(what)};
  return incomplete_signature(dialect, what);
}

AuthError incomplete_signature(ErrorDialect dialect, string_view what) {
  if (dialect == ErrorDialect::json) return {"IncompleteSignatureException", 400, string(what)};
  if (dialect == ErrorDialect::ec2) return {"AuthFailure", 401, string(what)};
  return {"IncompleteSignature", 400, string(what)};
}

AuthError unsupported_algorithm(ErrorDialect dialect) {
  if (dialect == ErrorDialect::s3)
    return {"InvalidRequest", 400,
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."};
  return incomplete_signature(dialect, "Unsupported AWS 'algorithm'; only AWS4-HMAC-SHA256 is supported.");
}

AuthError wrong_region(ErrorDialect dialect, string_view given, string_view expected) {
  if (dialect == ErrorDialect::s3)
    return {"AuthorizationHeaderMalformed",
            400,
            text({"The authorization header is malformed; the region '", given, "' is wrong; expecting '",
                  expected, "'"}),
            {{"Region", string(expected)}}};
  return refused_signature(dialect,
                           text({"Credential should be scoped to a valid region, not '", given, "'. "}));
}

AuthError wrong_service(ErrorDialect dialect, string_view given, string_view expected) {
  if (dialect == ErrorDialect::s3)
    return malformed_header(
        dialect, text({"incorrect service \"", given, "\". This endpoint belongs to \"", expected, "\"."}));
  return refused_signature(dialect,
                           text({"Credential should be scoped to correct service: '", expected, "'. "}));
}

AuthError wrong_scope_date(ErrorDialect dialect, string_view given, string_view expected,
                           string_view timestamp) {
  if (dialect == ErrorDialect::s3)
    return malformed_header(
        dialect, text({"Invalid credential date \"", given, "\". This date is not the same as X-Amz-Date: \"",
                       expected, "\"."}));
  return refused_signature(
      dialect, text({"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
                     "HTTP: '",
                     given, "' != '", expected, "', from '", timestamp, "'."}));
}

AuthError missing_date(ErrorDialect dialect) {
  if (dialect == ErrorDialect::s3)
    return {"AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header"};
  return incomplete_signature(
      dialect, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
}

AuthError too_skewed(ErrorDialect dialect, string_view request_time, string_view server_time, bool expired,
                     string_view bound) {
  if (dialect == ErrorDialect::s3)
    return {"RequestTimeTooSkewed",
            403,
            "The difference between the request time and the current time is too large.",
            {{"RequestTime", string(request_time)},
             {"ServerTime", string(server_time)},
             {"MaxAllowedSkewMilliseconds", "900000"}}};
  if (dialect == ErrorDialect::ec2) return {"RequestExpired", 400, "Request has expired."};
  if (expired)
    return refused_signature(dialect, text({"Signature expired: ", request_time, " is now earlier than ",
                                            bound, " (", server_time, " - 15 min.)"}));
  return refused_signature(dialect, text({"Signature not yet current: ", request_time,
                                          " is still later than ", bound, " (", server_time, " + 15 min.)"}));
}

AuthError presigned_expired(ErrorDialect dialect, string_view expires_at, string_view server_time,
                            string_view expires_seconds) {
  if (dialect == ErrorDialect::s3)
    return {"AccessDenied",
            403,
            "Request has expired",
            {{"X-Amz-Expires", string(expires_seconds)},
             {"Expires", string(expires_at)},
             {"ServerTime", string(server_time)}}};
  if (dialect == ErrorDialect::ec2) return {"RequestExpired", 400, "Request has expired."};
  return refused_signature(
      dialect, text({"Signature expired: ", expires_at, " is now earlier than ", server_time, "."}));
}

AuthError presigned_not_yet_valid(ErrorDialect dialect) {
  if (dialect == ErrorDialect::s3) return {"AccessDenied", 403, "Request is not yet valid"};
  return refused_signature(dialect, "Signature not yet current");
}

AuthError host_not_signed(ErrorDialect dialect) {
  if (dialect == ErrorDialect::s3) return headers_not_signed(dialect, "host");
  return refused_signature(dialect,
                           "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
}

AuthError headers_not_signed(ErrorDialect dialect, string_view names) {
  if (dialect == ErrorDialect::s3)
    return {"AccessDenied",
            403,
            "There were headers present in the request which were not signed",
            {{"HeadersNotSigned", string(names)}}};
  return refused_signature(dialect, text({"Headers present in the request were not signed: ", names}));
}

AuthError signature_mismatch(ErrorDialect dialect, string_view access_key_id, string_view string_to_sign,
                             string_view signature, string_view canonical_request) {
  switch (dialect) {
    case ErrorDialect::json:
      return {"InvalidSignatureException", 400, kJsonMismatch};
    case ErrorDialect::ec2:
      return {"AuthFailure", 401, "AWS was not able to validate the provided access credentials"};
    case ErrorDialect::query:
      return {"SignatureDoesNotMatch", 403, kJsonMismatch};
    case ErrorDialect::s3:
      break;
  }
  AuthError error{
      "SignatureDoesNotMatch", 403,
      "The request signature we calculated does not match the signature you provided. Check your key and "
      "signing method."};
  error.details = {{"AWSAccessKeyId", string(access_key_id)},
                   {"StringToSign", string(string_to_sign)},
                   {"SignatureProvided", string(signature)}};
  if (!canonical_request.empty()) error.details.emplace_back("CanonicalRequest", canonical_request);
  return error;
}

AuthError content_sha256_mismatch(string_view claimed, string_view computed) {
  return {"XAmzContentSHA256Mismatch",
          400,
          "The provided 'x-amz-content-sha256' header does not match what was computed.",
          {{"ClientComputedContentSHA256", string(claimed)}, {"S3ComputedContentSHA256", string(computed)}}};
}

AuthError missing_content_sha256() {
  return {"InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256"};
}

AuthError invalid_content_sha256() {
  return {"InvalidArgument",
          400,
          "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
          "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 "
          "value.",
          {{"ArgumentName", "x-amz-content-sha256"}}};
}

AuthError incomplete_body(string_view what) { return {"IncompleteBody", 400, string(what)}; }
AuthError malformed_trailer(string_view what) { return {"MalformedTrailerError", 400, string(what)}; }

}  // namespace landfall::aws
