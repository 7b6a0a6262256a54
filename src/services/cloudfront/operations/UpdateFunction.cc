// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateFunction.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/functions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

UpdateFunctionResult UpdateFunction(Call& call, const UpdateFunctionRequest& in) {
  FunctionRecord record = find_function(call, *in.Name);
  check_if_match(in.IfMatch, record.development.etag);
  record.development = new_stage(call, *in.FunctionConfig, *in.FunctionCode);
  call.global_rows(kFunctions).put(record.name, record);
  return {.FunctionSummary = function_summary(call, record, std::nullopt), .ETag = record.development.etag};
}

}  // namespace landfall::cloudfront
