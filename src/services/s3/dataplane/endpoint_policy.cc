#include "services/s3/dataplane/endpoint_policy.h"

#include <memory>

#include "aws/policy/policy.h"
#include "base/result.h"

namespace landfall::s3 {
namespace {

namespace policy = aws::policy;

// Stands for the identity's policies, about which the endpoint's does not ask.
const policy::NamedPolicy& everything() {
  static const policy::NamedPolicy kEverything = [] {
    auto parsed = policy::parse_policy(
        R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})",
        policy::DocumentKind::identity);
    LF_INVARIANT(parsed.has_value(), "our own policy parses");
    return policy::NamedPolicy{"everything", std::make_shared<const policy::Policy>(*std::move(parsed))};
  }();
  return kEverything;
}

// As AWS says it: "... because no VPC endpoint policy allows the s3:GetObject action".
std::string in_its_words(std::string message) {
  constexpr std::string_view kTheirs = "resource-based policy";
  if (const size_t at = message.find(kTheirs); at != std::string::npos)
    message.replace(at, kTheirs.size(), "VPC endpoint policy");
  return message;
}

}  // namespace

std::optional<std::string> endpoint_denial(const policy::NamedPolicy& gate,
                                           const EndpointQuestion& question) {
  const policy::EvaluationInput input{.principal = question.principal,
                                      .action = question.action,
                                      .resource = question.resource,
                                      .resource_account = question.principal.account,
                                      .context = question.context,
                                      .identity = std::span<const policy::NamedPolicy>(&everything(), 1),
                                      .resource_policy = &gate,
                                      .resource_policy_mode = policy::ResourcePolicyMode::required};
  const policy::Decision decision = policy::evaluate(input);
  if (decision.allowed()) return std::nullopt;
  return in_its_words(policy::denial_message(input, decision));
}

}  // namespace landfall::s3
