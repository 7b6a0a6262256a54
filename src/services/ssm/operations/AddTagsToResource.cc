#include "services/ssm/parameters.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {

AddTagsToResourceResult AddTagsToResource(Call& call, const AddTagsToResourceRequest& in) {
  ParameterRecord parameter = tagged(call, *in.ResourceType, *in.ResourceId);
  add_tags(call, parameter, in.Tags);
  call.rows(kParameters).put(parameter.name, parameter);
  return {};
}

}  // namespace landfall::ssm
