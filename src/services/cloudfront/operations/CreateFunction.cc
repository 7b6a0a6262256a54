// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/functions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

CreateFunctionResult CreateFunction(Call& call, const CreateFunctionRequest& in) {
  if (call.global_rows(kFunctions).has(*in.Name))
    throw FunctionAlreadyExists("A function with the same name already exists in this AWS account.");
  FunctionRecord record{.name = *in.Name,
                        .created = call.now,
                        .development = new_stage(call, *in.FunctionConfig, *in.FunctionCode),
                        .live = {},
                        .tags = in.Tags ? tag_map(in.Tags->Items) : TagMap{}};
  call.global_rows(kFunctions).put(record.name, record);
  return {.FunctionSummary = function_summary(call, record, std::nullopt),
          .Location = "https://cloudfront.amazonaws.com/2020-05-31/function/" + record.name,
          .ETag = record.development.etag};
}

}  // namespace landfall::cloudfront
