// Signature Version 2 of presigned S3 URLs (AWSAccessKeyId, Signature, Expires): what boto3 and older SDKs
// still make for us-east-1 unless told otherwise. Used by sigv4's parse_claim() and verify(); the header form
// is not supported. https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
#pragma once

#include <optional>

#include "aws/sigv4.h"

namespace landfall::aws::sigv2 {

// The query has AWSAccessKeyId.
std::expected<sigv4::Claim, AuthError> parse_claim(const http::Request& request);
std::optional<AuthError> verify(const http::Request& request, const sigv4::Claim& claim, const Secret& secret,
                                const sigv4::VerifyOptions& options);
std::string string_to_sign(const http::Request& request, std::string_view expires,
                           std::string_view virtual_bucket);

}  // namespace landfall::aws::sigv2
