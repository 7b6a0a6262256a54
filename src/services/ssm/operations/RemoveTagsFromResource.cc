#include "services/ssm/parameters.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {

RemoveTagsFromResourceResult RemoveTagsFromResource(Call& call, const RemoveTagsFromResourceRequest& in) {
  ParameterRecord parameter = tagged(call, *in.ResourceType, *in.ResourceId);
  for (const std::string& key : in.TagKeys) parameter.tags.erase(key);
  call.rows(kParameters).put(parameter.name, parameter);
  return {};
}

}  // namespace landfall::ssm
