// Session tokens: the X-Amz-Security-Token of temporary credentials. A token carries all there is to know
// about its session, sealed (AES-256-GCM, NIST SP 800-38D), so that edge can issue and check temporary
// credentials without control.
//
//   base64( version | key id length | key id | nonce (12) | ciphertext | tag (16) ),  additional data:
//   version..key id
//
// Nonces are random: the limit for one key is 2^32 tokens (SP 800-38D section 8.3); keys are rotated long
// before.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/policy/principal.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace landfall::aws {

inline constexpr size_t kTokenKeyBytes = 32;
inline constexpr size_t kMaxTokenBytes =
    16 * 1024;  // base64 characters; headers are limited to 32 KiB in all

struct SessionClaims {
  std::string access_key_id;  // ASIA...: the token belongs to this key and no other
  Secret secret_access_key;
  std::string account;
  policy::PrincipalKind kind =
      policy::PrincipalKind::assumed_role;                 // user, root (GetSessionToken) or assumed_role
  std::string user_name, user_arn, user_id;                // of a user's session
  std::string role_arn, role_id, role_name, session_name;  // of a role's
  Timestamp issued, expires;
  std::string session_policy;  // inline document; empty: none
  std::vector<std::string> session_policy_arns;
  std::string source_identity;
  std::map<std::string, std::string> tags;
  std::string instance_id;  // of an instance's role: ec2:SourceInstanceARN and the like
};

struct TokenKey {
  std::string id;  // a few characters; travels in clear
  Secret key;      // kTokenKeyBytes bytes
};

// The first key seals; all open.
struct TokenKeyring {
  std::vector<TokenKey> keys;
};

Result<std::string> seal_session(const SessionClaims& claims, const TokenKeyring& keyring, Random& random);

enum class TokenProblem { malformed, unknown_key, forged };
// Authentic claims; the caller checks access key, expiry and signature.
std::expected<SessionClaims, TokenProblem> open_session(std::string_view token, const TokenKeyring& keyring);

}  // namespace landfall::aws
