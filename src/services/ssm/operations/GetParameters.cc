#include "services/ssm/parameters.h"
#include "services/ssm/public_parameters.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {

// Each name is authorised by itself.
GetParametersResult GetParameters(Call& call, const GetParametersRequest& in) {
  for (const std::string& text : in.Names) {
    const std::string name = select(call, text).name;
    call.authorize("ssm:GetParameters",
                   name.starts_with(kPublicPath)
                       ? "arn:" + call.partition() + ":ssm:" + call.region + "::parameter" + name
                       : parameter_arn(call, name),
                   {});
  }
  GetParametersResult out;
  for (const std::string& text : in.Names) {
    try {
      out.Parameters.push_back(read_parameter(call, text, decryption(in.WithDecryption)));
    } catch (const ParameterNotFound&) {
      out.InvalidParameters.push_back(text);
    } catch (const ParameterVersionNotFound&) {
      out.InvalidParameters.push_back(text);
    }
  }
  return out;
}

}  // namespace landfall::ssm
