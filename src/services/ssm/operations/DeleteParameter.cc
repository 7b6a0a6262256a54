#include "services/ssm/parameters.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {

DeleteParameterResult DeleteParameter(Call& call, const DeleteParameterRequest& in) {
  const std::string name = bare_name(call, *in.Name);
  find_parameter(call, name);
  call.rows(kParameters).erase(name);
  return {};
}

}  // namespace landfall::ssm
