// evaluate(): may this principal do this action on this resource? Pure; returns the statement that decided.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
//
//  1. An explicit Deny anywhere ends it.
//  2. Without one, something must allow, and each guardrail (permissions boundary, session policies) must
//  allow too:
//       same account:   (identity policies OR resource policy) AND boundary AND session policies
//                       a resource policy that names the user or the session itself needs neither guardrail
//       other account:  (identity AND boundary AND session policies) AND resource policy
//       trust policies: the resource policy must always allow; naming the principal suffices in its own
//       account
//  3. The account's root needs no identity policy.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/policy/context.h"
#include "aws/policy/policy.h"
#include "aws/policy/principal.h"

namespace landfall::aws::policy {

// A policy and what evidence calls it: its ARN, or the name of an inline policy.
struct NamedPolicy {
  std::string name;
  std::shared_ptr<const Policy> policy;
};

enum class ResourcePolicyMode {
  grants,    // bucket policies: may allow by itself within the account
  required,  // role trust policies: must allow
};

struct EvaluationInput {
  const Principal& principal;
  std::string_view action;            // "s3:GetObject"
  std::string_view resource;          // an ARN, or "*" if the operation has none
  std::string_view resource_account;  // owner of the resource
  const Context& context;
  std::span<const NamedPolicy> identity;
  const NamedPolicy* boundary = nullptr;
  std::optional<std::span<const NamedPolicy>>
      session;  // set: the session is limited to what one of these allows
  const NamedPolicy* resource_policy = nullptr;
  ResourcePolicyMode resource_policy_mode = ResourcePolicyMode::grants;
};

enum class Reason { allowed, explicit_deny, implicit_deny };
enum class PolicySource { none, identity, resource, boundary, session, root };

struct Decision {
  Reason reason = Reason::implicit_deny;
  PolicySource source =
      PolicySource::none;  // whose statement decided; for an implicit deny, which kind failed to allow
  std::string policy;      // its name
  std::string sid;
  int statement = -1;  // index in the document; -1: none
  bool allowed() const { return reason == Reason::allowed; }
};

Decision evaluate(const EvaluationInput& input);

// AWS's sentence for a denial: "User: arn:... is not authorized to perform: s3:GetObject on resource: ...
// because no identity-based policy allows the s3:GetObject action".
std::string denial_message(const EvaluationInput& input, const Decision& decision);

}  // namespace landfall::aws::policy
