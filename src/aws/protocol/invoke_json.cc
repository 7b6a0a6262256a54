#include "aws/protocol/invoke_json.h"

#include "aws/protocol/json_shape.h"
#include "aws/protocol/validate.h"
#include "aws/service_error.h"

namespace landfall::aws {

std::string invoke_json(Call& call, const OperationModel& operation, std::string_view input_json) {
  LF_INVARIANT(operation.invoke != nullptr, "the operation has no handler in this process");
  AnyStruct in(*operation.input);
  if (const auto read = shape_from_json(*operation.input, input_json, in.get()); !read)
    throw ServiceError("SerializationException", 400, read.error().message);
  validate_input(operation.service->protocols.front(), operation, in.get());
  const AnyStruct out = AnyStruct::result_of(operation, call, in.get());
  return shape_to_json(*operation.output, out.get());
}

}  // namespace landfall::aws
