#include "services/ssm/parameters.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {

GetParameterResult GetParameter(Call& call, const GetParameterRequest& in) {
  return {.Parameter = read_parameter(call, *in.Name, decryption(in.WithDecryption))};
}

}  // namespace landfall::ssm
