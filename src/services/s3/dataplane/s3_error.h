// S3Error: an error as S3 answers it. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/auth_error.h"
#include "http/message.h"
#include "services/s3/dataplane/store_error.h"

namespace landfall::s3 {

struct S3Error {
  std::string code;
  int status = 400;
  std::string message;
  std::vector<std::pair<std::string, std::string>> details;  // further elements of the document, in order
  http::Headers headers;                                     // of the answer: x-amz-delete-marker, ...
};

template <class T = void>
using S3Result = std::expected<T, S3Error>;

// One code's status and sentence, from S3's list; `message` replaces the sentence where it is not empty.
S3Error s3_error(std::string_view code, std::string message = {});
inline std::unexpected<S3Error> s3_fail(std::string_view code, std::string message = {}) {
  return std::unexpected(s3_error(code, std::move(message)));
}
S3Error with_detail(S3Error error, std::string name, std::string value);

S3Error from_auth(aws::AuthError error);
S3Error from_store(const StoreError& error);

// The document; `resource` is the request's path.
std::string error_document(const S3Error& error, std::string_view resource, std::string_view request_id,
                           std::string_view host_id);

}  // namespace landfall::s3
