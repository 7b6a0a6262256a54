#include "aws/policy/evaluate.h"

#include <algorithm>

namespace landfall::aws::policy {
namespace {

using std::string;
using std::string_view;

bool any_matches(const std::vector<Pattern>& patterns, string_view text, const Context& context,
                 Case sensitivity) {
  return std::ranges::any_of(patterns, [&](const Pattern& pattern) {
    return pattern.is_everything() || pattern.matches(text, context, sensitivity);
  });
}

// Whether the statement speaks about this request, its principal aside.
bool applies(const Statement& s, const EvaluationInput& input) {
  if (any_matches(s.actions, input.action, input.context, Case::insensitive) == s.not_action) return false;
  if (!s.resources.empty() &&
      any_matches(s.resources, input.resource, input.context, Case::sensitive) == s.not_resource)
    return false;
  return std::ranges::all_of(s.conditions, [&](const Condition& c) { return holds(c, input.context); });
}

struct Found {
  const NamedPolicy* policy = nullptr;
  int statement = -1;
  PrincipalMatch match = PrincipalMatch::none;  // of a resource policy's statement
  explicit operator bool() const { return policy != nullptr; }
};

Found find(const NamedPolicy& named, Effect effect, const EvaluationInput& input) {
  const auto& statements = named.policy->statements;
  for (size_t i = 0; i < statements.size(); ++i)
    if (statements[i].effect == effect && applies(statements[i], input)) return {&named, static_cast<int>(i)};
  return {};
}

Found find(std::span<const NamedPolicy> policies, Effect effect, const EvaluationInput& input) {
  for (const NamedPolicy& named : policies)
    if (Found found = find(named, effect, input)) return found;
  return {};
}

PrincipalMatch statement_match(const Statement& s, const Principal& principal) {
  const PrincipalMatch match = match_principal(s.principals, principal);
  if (!s.not_principal) return match;
  return match == PrincipalMatch::none ? PrincipalMatch::everyone : PrincipalMatch::none;
}

// In a resource policy: the statement that names the principal most precisely.
Found find_in_resource_policy(const NamedPolicy& named, Effect effect, const EvaluationInput& input) {
  Found best;
  const auto& statements = named.policy->statements;
  for (size_t i = 0; i < statements.size(); ++i) {
    if (statements[i].effect != effect) continue;
    const PrincipalMatch match = statement_match(statements[i], input.principal);
    if (match > best.match && applies(statements[i], input)) best = {&named, static_cast<int>(i), match};
  }
  return best;
}

Decision decided(Reason reason, PolicySource source, const Found& found) {
  Decision decision{.reason = reason, .source = source};
  if (found) {
    decision.policy = found.policy->name;
    decision.sid = found.policy->policy->statements[found.statement].sid;
    decision.statement = found.statement;
  }
  return decision;
}

Decision missing(PolicySource source) { return decided(Reason::implicit_deny, source, {}); }

std::optional<Decision> explicit_deny(const EvaluationInput& input) {
  if (input.resource_policy != nullptr)
    if (Found found = find_in_resource_policy(*input.resource_policy, Effect::deny, input))
      return decided(Reason::explicit_deny, PolicySource::resource, found);
  if (Found found = find(input.identity, Effect::deny, input))
    return decided(Reason::explicit_deny, PolicySource::identity, found);
  if (input.boundary != nullptr)
    if (Found found = find(*input.boundary, Effect::deny, input))
      return decided(Reason::explicit_deny, PolicySource::boundary, found);
  if (input.session)
    if (Found found = find(*input.session, Effect::deny, input))
      return decided(Reason::explicit_deny, PolicySource::session, found);
  return std::nullopt;
}

// The guardrails of the principal: nullopt if all allow.
std::optional<Decision> limited(const EvaluationInput& input) {
  if (input.boundary != nullptr && !find(*input.boundary, Effect::allow, input))
    return missing(PolicySource::boundary);
  if (input.session && !find(*input.session, Effect::allow, input)) return missing(PolicySource::session);
  return std::nullopt;
}

// What the principal's own account says. Root is allowed everything there, within a session's policies.
Decision identity_side(const EvaluationInput& input) {
  Decision decision;
  if (input.principal.kind == PrincipalKind::root) {
    decision = {.reason = Reason::allowed, .source = PolicySource::root};
  } else if (Found found = find(input.identity, Effect::allow, input)) {
    decision = decided(Reason::allowed, PolicySource::identity, found);
  } else {
    return missing(PolicySource::identity);
  }
  if (auto limit = limited(input)) return *limit;
  return decision;
}

// A resource policy's grant within the account. `match` says how it names the principal.
Decision granted_by_resource(const EvaluationInput& input, const Found& grant) {
  const bool self_named = grant.match == PrincipalMatch::exact;
  // Everyone includes the user herself, who is then not limited by her boundary; role sessions are.
  const bool user = input.principal.kind == PrincipalKind::user && grant.match == PrincipalMatch::everyone;
  if (!self_named && !user)
    if (auto limit = limited(input)) return *limit;
  return decided(Reason::allowed, PolicySource::resource, grant);
}

}  // namespace

Decision evaluate(const EvaluationInput& input) {
  if (auto denied = explicit_deny(input)) return *denied;
  Found grant;
  if (input.resource_policy != nullptr)
    grant = find_in_resource_policy(*input.resource_policy, Effect::allow, input);

  const PrincipalKind kind = input.principal.kind;
  if (kind == PrincipalKind::anonymous ||
      kind == PrincipalKind::service)  // they have no account of their own
    return grant ? decided(Reason::allowed, PolicySource::resource, grant) : missing(PolicySource::resource);

  const bool required = input.resource_policy_mode == ResourcePolicyMode::required;
  const bool same_account = input.principal.account == input.resource_account;
  if (!same_account || required) {
    if (!grant) return missing(PolicySource::resource);
    if (same_account && grant.match != PrincipalMatch::account && grant.match != PrincipalMatch::everyone)
      return granted_by_resource(input, grant);
    return identity_side(input);
  }
  // An account-wide grant within the account adds nothing: it leaves the choice to identity policies.
  if (grant && grant.match != PrincipalMatch::account) return granted_by_resource(input, grant);
  return identity_side(input);
}

bool has_deny(const Policy& policy) {
  return std::ranges::any_of(policy.statements, [](const Statement& s) { return s.effect == Effect::deny; });
}

}  // namespace landfall::aws::policy
