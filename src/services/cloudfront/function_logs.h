// What edge reports of functions' logs, in CloudWatch Logs: group /aws/cloudfront/function/NAME in us-east-1,
// a stream a day for each run of control.
#pragma once

#include <string>

#include "gateway/call.h"
#include "services/cloudfront/function_log.h"

namespace landfall::cloudfront {

// In the function's account and us-east-1. `stream_id`: the same as long as control runs.
void record_log(Call& call, const FunctionLog& log, const std::string& stream_id);

}  // namespace landfall::cloudfront
