// The event that a CloudFront function gets, and what its result means. Pure. A function's result is foreign
// bytes: what breaks AWS's rules is an Error, and nothing of it is used.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "http/message.h"

namespace landfall::cloudfront {

struct FunctionContext {
  std::string_view distribution_domain, distribution_id, request_id;
};

// A response that a function made, or changed.
struct FunctionResponse {
  int status = 200;
  http::Headers headers;            // Set-Cookie among them; no Content-Length
  std::optional<std::string> body;  // nullopt: as it was
};

// `viewer.target` is what the viewer asked for; no fields that belong to the connection.
std::string viewer_request_event(const FunctionContext& context, const http::Request& viewer);
std::string viewer_response_event(const FunctionContext& context, const http::Request& viewer,
                                  const http::Response& response);

// The request that goes on, or the answer instead of it.
using RequestVerdict = std::variant<http::Request, FunctionResponse>;
Result<RequestVerdict> request_verdict(std::string_view result, const http::Request& viewer);
Result<FunctionResponse> response_verdict(std::string_view result, const http::Response& response);

}  // namespace landfall::cloudfront
