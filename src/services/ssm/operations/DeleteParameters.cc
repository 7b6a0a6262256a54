#include "services/ssm/parameters.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {

// Each name is authorised by itself.
DeleteParametersResult DeleteParameters(Call& call, const DeleteParametersRequest& in) {
  for (const std::string& name : in.Names)
    call.authorize("ssm:DeleteParameters", parameter_arn(call, bare_name(call, name)), {});
  DeleteParametersResult out;
  for (const std::string& given : in.Names) {
    const std::string name = bare_name(call, given);
    if (call.rows(kParameters).has(name)) {
      call.rows(kParameters).erase(name);
      out.DeletedParameters.push_back(given);
    } else {
      out.InvalidParameters.push_back(given);
    }
  }
  return out;
}

}  // namespace landfall::ssm
