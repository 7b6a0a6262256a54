// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetFunction.html
#include "base/encoding.h"
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/functions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

GetFunctionResult GetFunction(Call& call, const GetFunctionRequest& in) {
  const FunctionRecord record = find_function(call, *in.Name);
  const FunctionStage& stage = stage_of(record, in.Stage);
  auto code = from_base64(stage.code_base64);
  LF_INVARIANT(code.has_value(), "a stored function does not decode");
  return {.FunctionCode = std::move(*code), .ETag = stage.etag, .ContentType = "application/octet-stream"};
}

}  // namespace landfall::cloudfront
