// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_PublishFunction.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/functions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

PublishFunctionResult PublishFunction(Call& call, const PublishFunctionRequest& in) {
  FunctionRecord record = find_function(call, *in.Name);
  check_if_match(in.IfMatch, record.development.etag);
  record.live = record.development;
  record.live->modified = call.now;
  call.global_rows(kFunctions).put(record.name, record);
  for (const std::string& id : distributions_with(call, function_arn(call, record)))
    sync_distribution(call, id);
  return {.FunctionSummary = function_summary(call, record, "LIVE")};
}

}  // namespace landfall::cloudfront
