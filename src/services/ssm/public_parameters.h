// AWS's own parameters below /aws/service/: which image is the newest of its kind, as Landfall's EC2 has it.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/call.h"
#include "ssm/shapes.h"

namespace landfall::ssm {

inline constexpr std::string_view kPublicPath = "/aws/service/";

std::optional<Parameter> find_public_parameter(Call& call, std::string_view name);
std::vector<Parameter> public_parameters_below(Call& call, std::string_view path, bool recursive);

}  // namespace landfall::ssm
