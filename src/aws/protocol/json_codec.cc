// The json 1.0 and 1.1 protocols: the operation is in X-Amz-Target, everything else in the body.
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
#include "aws/protocol/codec_internal.h"
#include "aws/protocol/json_shape.h"

namespace landfall::aws {

void decode_json(const OperationModel& operation, std::string_view body, void* in) {
  if (body.empty()) return;
  if (const auto result = shape_from_json(*operation.input, body, in); !result)
    throw ServiceError("SerializationException", 400, result.error().message);
}

WireResponse encode_json(Protocol protocol, const OperationModel& operation, const void* out,
                         std::string_view) {
  WireResponse response;
  response.headers.add("Content-Type", protocol == Protocol::json_1_0 ? "application/x-amz-json-1.0"
                                                                      : "application/x-amz-json-1.1");
  // Operations without output answer with nothing in json 1.1, and 1.0 wants an object.
  if (operation.has_output || protocol == Protocol::json_1_0)
    response.body = shape_to_json(*operation.output, out, JsonStyle::wire);
  return response;
}

}  // namespace landfall::aws
