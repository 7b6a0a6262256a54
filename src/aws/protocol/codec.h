// The wire of an API call: request -> input struct, output struct or ServiceError -> response, in each of the
// protocols that AWS's services speak. Pure; the model (shape.h) says what goes where.
#pragma once

#include <string>
#include <string_view>

#include "aws/protocol/shape.h"
#include "aws/service_error.h"
#include "http/message.h"

namespace landfall::aws {

// A request after identify(): what the decoders need of it.
struct WireRequest {
  const http::Request* http;
  std::string_view body;  // whole, after any transfer coding; empty for an operation whose body streams
  std::string path;  // percent-encoded; S3's with the bucket in it even where the bucket was in the host name
};

struct WireResponse {
  int status = 200;
  http::Headers headers;
  std::string body;
};

// Fills `in` (a value of operation.input). Members that the model does not have are ignored. Throws
// ServiceError with the code that the real service gives for what cannot be decoded. Does not validate: see
// validate.h.
void decode_request(Protocol protocol, const OperationModel& operation, const WireRequest& request, void* in);

// `out` is a value of operation.output.
WireResponse encode_response(Protocol protocol, const OperationModel& operation, const void* out,
                             std::string_view request_id);

// `operation` may be null where none was found, `service` too.
WireResponse encode_error(Protocol protocol, const ServiceModel* service, const OperationModel* operation,
                          const ServiceError& error, std::string_view request_id);

}  // namespace landfall::aws
