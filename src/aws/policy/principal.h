// Who makes a request, and what the Principal element of a policy says about it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace landfall::aws::policy {

enum class PrincipalKind { anonymous, root, user, assumed_role, federated, service };

struct Principal {
  PrincipalKind kind = PrincipalKind::anonymous;
  std::string account;  // empty for anonymous and service
  std::string arn;  // of the user, of the session (arn:aws:sts::...:assumed-role/name/session), or ...:root
  std::string user_id;   // AIDA..., AROA...:session; the account's id for root
  std::string role_arn;  // of an assumed role
  std::string service;   // "ec2.amazonaws.com"
};

enum class PrincipalType { everyone, aws, service, federated, canonical_user };

struct PrincipalPattern {
  PrincipalType type = PrincipalType::everyone;
  std::string value;  // account id (also when written as ...:root), ARN, unique id, service name
};

// How precisely a pattern names a principal; it decides what the grant still needs (see evaluate.cc).
enum class PrincipalMatch {
  none,
  account,   // the principal's account: delegates to that account's own policies
  everyone,  // "*"
  role,      // the role whose session this is
  exact,     // this user, this session, this service, or the root user itself
};

PrincipalMatch match_principal(const std::vector<PrincipalPattern>& patterns, const Principal& principal);

}  // namespace landfall::aws::policy
