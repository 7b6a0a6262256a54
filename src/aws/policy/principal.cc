#include "aws/policy/principal.h"

#include <algorithm>

namespace landfall::aws::policy {
namespace {

PrincipalMatch match_aws(const std::string& value, const Principal& principal) {
  if (principal.kind == PrincipalKind::anonymous || principal.kind == PrincipalKind::service)
    return PrincipalMatch::none;
  if (value == principal.account)
    return principal.kind == PrincipalKind::root ? PrincipalMatch::exact : PrincipalMatch::account;
  if (value == principal.arn) return PrincipalMatch::exact;
  if (!principal.role_arn.empty() && value == principal.role_arn) return PrincipalMatch::role;
  // Unique ids: AWS rewrites ARNs in stored policies to them, and people paste them.
  if (value.starts_with("AIDA") && value == principal.user_id) return PrincipalMatch::exact;
  if (value.starts_with("AROA") && principal.user_id.starts_with(value + ":")) return PrincipalMatch::role;
  return PrincipalMatch::none;
}

PrincipalMatch match_one(const PrincipalPattern& pattern, const Principal& principal) {
  switch (pattern.type) {
    case PrincipalType::everyone:
      return PrincipalMatch::everyone;
    case PrincipalType::aws:
      return match_aws(pattern.value, principal);
    case PrincipalType::service:
      return principal.kind == PrincipalKind::service && pattern.value == principal.service
                 ? PrincipalMatch::exact
                 : PrincipalMatch::none;
    case PrincipalType::federated:
    case PrincipalType::canonical_user:
      break;  // nobody here has such an identity
  }
  return PrincipalMatch::none;
}

}  // namespace

PrincipalMatch match_principal(const std::vector<PrincipalPattern>& patterns, const Principal& principal) {
  PrincipalMatch best = PrincipalMatch::none;
  for (const PrincipalPattern& pattern : patterns) best = std::max(best, match_one(pattern, principal));
  return best;
}

}  // namespace landfall::aws::policy
