// SimulatePrincipalPolicy and SimulateCustomPolicy: the evaluator, asked without a request.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/policy/evaluate.h"
#include "iam/shapes.h"
#include "services/iam/records.h"

namespace landfall::iam {

struct Simulation {
  aws::policy::Principal principal;
  std::vector<aws::policy::NamedPolicy> policies;
  std::optional<aws::policy::NamedPolicy> boundary;
  std::optional<aws::policy::NamedPolicy> resource_policy;
  std::string resource_owner;  // account
  aws::policy::Context context;

  void use(Identity identity);
};

// Adds one policy given in a request; throws InvalidInput if it does not parse.
aws::policy::NamedPolicy simulated_policy(const std::string& name, const std::string& document,
                                          aws::policy::DocumentKind kind);
std::vector<EvaluationResult> run(const Simulation& simulation, const std::vector<std::string>& actions,
                                  const std::vector<std::string>& resources);

// Both requests have the same members but for where the policies come from.
template <class In>
SimulatePolicyResponse simulate(Call& call, const In& in, Simulation simulation) {
  using aws::policy::DocumentKind;
  for (size_t i = 0; i < in.PolicyInputList.size(); ++i)
    simulation.policies.push_back(simulated_policy("PolicyInputList." + std::to_string(i + 1),
                                                   in.PolicyInputList[i], DocumentKind::identity));
  if (!in.PermissionsBoundaryPolicyInputList.empty())
    simulation.boundary =
        simulated_policy("PermissionsBoundaryPolicyInputList.1",
                         in.PermissionsBoundaryPolicyInputList.front(), DocumentKind::identity);
  if (in.ResourcePolicy)
    simulation.resource_policy =
        simulated_policy("ResourcePolicy", *in.ResourcePolicy, DocumentKind::resource);
  simulation.resource_owner = in.ResourceOwner.value_or(call.account);
  for (const ContextEntry& entry : in.ContextEntries) {
    simulation.context.add_empty(entry.ContextKeyName.value_or(""));
    for (const std::string& value : entry.ContextKeyValues)
      simulation.context.add(*entry.ContextKeyName, value);
  }
  SimulatePolicyResponse out;
  out.EvaluationResults = run(simulation, in.ActionNames, in.ResourceArns);
  out.IsTruncated = false;
  return out;
}

}  // namespace landfall::iam
