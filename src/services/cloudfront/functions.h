// CloudFront Functions as resources: stages, ETags, publication. Nothing runs them (README.md, "Not done").
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/cloudfront/store.h"

namespace landfall::cloudfront {

FunctionRecord find_function(const Call& call, std::string_view name);  // throws NoSuchFunctionExists
// The stage asked for, DEVELOPMENT if none; throws NoSuchFunctionExists where nothing is LIVE.
const FunctionStage& stage_of(const FunctionRecord& record, const std::optional<std::string>& stage);
FunctionSummary function_summary(const Call& call, const FunctionRecord& record,
                                 const std::optional<std::string>& stage);
FunctionStage new_stage(Call& call, const FunctionConfig& config, const std::string& code);  // throws

}  // namespace landfall::cloudfront
