// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteFunction.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/functions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

aws::Empty DeleteFunction(Call& call, const DeleteFunctionRequest& in) {
  const FunctionRecord record = find_function(call, *in.Name);
  check_if_match(in.IfMatch, record.development.etag);
  if (!distributions_with(call, function_arn(call, record)).empty())
    throw FunctionInUse("Cannot delete the function because it's attached to one or more cache behaviors.");
  call.global_rows(kFunctions).erase(record.name);
  return {};
}

}  // namespace landfall::cloudfront
