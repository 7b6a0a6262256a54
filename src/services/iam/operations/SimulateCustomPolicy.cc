#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"
#include "services/iam/simulation.h"

namespace landfall::iam {

SimulatePolicyResponse SimulateCustomPolicy(Call& call, const SimulateCustomPolicyRequest& in) {
  Simulation simulation{
      .principal = {.kind = aws::policy::PrincipalKind::user,
                    .account = call.account,
                    .arn = in.CallerArn.value_or(call.global_arn("iam", "user/simulated"))}};
  return simulate(call, in, std::move(simulation));
}

}  // namespace landfall::iam
