#include "aws/arn.h"
#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"
#include "services/iam/simulation.h"

namespace landfall::iam {

SimulatePolicyResponse SimulatePrincipalPolicy(Call& call, const SimulatePrincipalPolicyRequest& in) {
  const std::string& arn = in.PolicySourceArn.value();
  const auto source = aws::split_arn(arn);
  if (!source || source->account != call.account) throw InvalidInputException("Invalid Entity Arn: " + arn);
  const std::string name = policy_name_of(arn);
  Simulation simulation{.principal = {.account = call.account, .arn = arn}};
  if (source->resource_type() == "user") {
    simulation.use(load_identity(call, find_user(call, name)));
    simulation.principal.kind = aws::policy::PrincipalKind::user;
  } else if (source->resource_type() == "group") {
    simulation.use(load_identity(call, find_group(call, name).entity));
    simulation.principal.kind = aws::policy::PrincipalKind::user;
  } else if (source->resource_type() == "role") {
    simulation.use(load_identity(call, find_role(call, name).entity));
    simulation.principal.kind = aws::policy::PrincipalKind::assumed_role;
    simulation.principal.role_arn = arn;
  } else {
    throw InvalidInputException("Invalid Entity Arn: " + arn);
  }
  return simulate(call, in, std::move(simulation));
}

}  // namespace landfall::iam
