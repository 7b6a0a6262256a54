// One service calling another by the operation's name with JSON, as CloudFormation does for its resource
// types.
#pragma once

#include <string>
#include <string_view>

#include "aws/protocol/shape.h"

namespace landfall::aws {

// Reads the input (members by the model's names), validates it as the gateway would, runs the handler and
// gives the output as JSON in the stored style. Throws ServiceError: the handler's, the validation's, or
// SerializationException for JSON that does not fit the input.
std::string invoke_json(Call& call, const OperationModel& operation, std::string_view input_json);

}  // namespace landfall::aws
