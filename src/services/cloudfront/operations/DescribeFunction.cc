// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DescribeFunction.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/functions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

DescribeFunctionResult DescribeFunction(Call& call, const DescribeFunctionRequest& in) {
  const FunctionRecord record = find_function(call, *in.Name);
  return {.FunctionSummary = function_summary(call, record, in.Stage),
          .ETag = stage_of(record, in.Stage).etag};
}

}  // namespace landfall::cloudfront
