// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
#include "aws/policy/evaluate.h"

namespace landfall::aws::policy {
namespace {

const char* kind_of(PolicySource source) {
  switch (source) {
    case PolicySource::resource:
      return "resource-based policy";
    case PolicySource::boundary:
      return "permissions boundary";
    case PolicySource::session:
      return "session policy";
    default:
      return "identity-based policy";
  }
}

}  // namespace

std::string denial_message(const EvaluationInput& input, const Decision& decision) {
  const bool anonymous = input.principal.kind == PrincipalKind::anonymous;
  std::string text = "User: " + (anonymous ? std::string("anonymous") : input.principal.arn);
  text += " is not authorized to perform: ";
  text += input.action;
  if (input.resource != "*") {
    text += " on resource: ";
    text += input.resource;
  }
  const std::string kind = kind_of(decision.source);
  if (decision.reason == Reason::explicit_deny) {
    // "an identity-based policy", "a permissions boundary"
    text += (kind.starts_with('i') ? " with an explicit deny in an " : " with an explicit deny in a ") + kind;
  } else {
    text += " because no " + kind + " allows the ";
    text += input.action;
    text += " action";
  }
  return text;
}

}  // namespace landfall::aws::policy
