#include "services/iam/simulation.h"

#include "iam/errors.h"

namespace landfall::iam {
namespace {

using namespace aws::policy;

const char* decision_name(Reason reason) {
  switch (reason) {
    case Reason::allowed:
      return "allowed";
    case Reason::explicit_deny:
      return "explicitDeny";
    case Reason::implicit_deny:
      break;
  }
  return "implicitDeny";
}

const char* source_type(PolicySource source) {
  return source == PolicySource::resource ? "resource" : "IAM Policy";
}

EvaluationResult one(const Simulation& s, const std::string& action, const std::string& resource) {
  const EvaluationInput input{.principal = s.principal,
                              .action = action,
                              .resource = resource,
                              .resource_account = s.resource_owner,
                              .context = s.context,
                              .identity = s.policies,
                              .boundary = s.boundary ? &*s.boundary : nullptr,
                              .resource_policy = s.resource_policy ? &*s.resource_policy : nullptr};
  const Decision decision = evaluate(input);
  EvaluationResult result{
      .EvalActionName = action, .EvalResourceName = resource, .EvalDecision = decision_name(decision.reason)};
  if (decision.statement >= 0)
    result.MatchedStatements.push_back(
        {.SourcePolicyId = decision.policy, .SourcePolicyType = source_type(decision.source)});
  if (s.boundary)
    result.PermissionsBoundaryDecisionDetail = PermissionsBoundaryDecisionDetail{
        .AllowedByPermissionsBoundary = decision.source != PolicySource::boundary};
  return result;
}

}  // namespace

void Simulation::use(Identity identity) {
  policies = std::move(identity.policies);
  boundary = std::move(identity.boundary);
  principal.user_id = identity.id;
}

NamedPolicy simulated_policy(const std::string& name, const std::string& document, DocumentKind kind) {
  auto parsed = parse_policy(document, kind);
  if (!parsed) throw InvalidInputException(name + ": " + parsed.error().message);
  return {name, std::make_shared<const aws::policy::Policy>(std::move(*parsed))};
}

std::vector<EvaluationResult> run(const Simulation& simulation, const std::vector<std::string>& actions,
                                  const std::vector<std::string>& resources) {
  std::vector<EvaluationResult> results;
  for (const std::string& action : actions) {
    if (resources.empty()) results.push_back(one(simulation, action, "*"));
    for (const std::string& resource : resources) results.push_back(one(simulation, action, resource));
  }
  return results;
}

}  // namespace landfall::iam
