// Policy: a parsed, compiled document of the IAM JSON policy language. Immutable once parsed; shared between
// threads. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "aws/policy/condition.h"
#include "aws/policy/pattern.h"
#include "aws/policy/principal.h"

namespace landfall::aws::policy {

enum class Effect { allow, deny };

struct Statement {
  std::string sid;
  Effect effect = Effect::deny;
  std::vector<PrincipalPattern> principals;
  bool not_principal = false;
  std::vector<Pattern> actions;
  bool not_action = false;
  std::vector<Pattern> resources;  // empty in a trust policy: applies to the role itself
  bool not_resource = false;
  std::vector<Condition> conditions;
};

struct Policy {
  std::string id;
  Variables variables = Variables::no;
  std::vector<Statement> statements;
};

// What the document will be used as decides which elements it must and must not have.
enum class DocumentKind {
  identity,  // user, role, managed, boundary and session policies: no Principal
  trust,     // AssumeRolePolicyDocument: Principal, no Resource
  resource,  // bucket policies and the like: Principal and Resource
};

// Quotas of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, white space not
// counted.
inline constexpr size_t kMaxManagedPolicyBytes = 6'144;
inline constexpr size_t kMaxUserInlineBytes = 2'048;
inline constexpr size_t kMaxGroupInlineBytes = 5'120;
inline constexpr size_t kMaxRoleInlineBytes = 10'240;
inline constexpr size_t kMaxTrustPolicyBytes = 4'096;  // the raised quota
inline constexpr size_t kMaxBucketPolicyBytes = 20 * 1024;
inline constexpr size_t kMaxDocumentBytes = 131'072;  // the model's bound, white space counted
inline constexpr size_t kMaxStatements = 1'000;

bool has_deny(const Policy& policy);  // a Deny statement

struct PolicyError {
  std::string message;  // AWS's words, for MalformedPolicyDocument (IAM, STS) or MalformedPolicy (S3)
};

std::expected<Policy, PolicyError> parse_policy(std::string_view json, DocumentKind kind);

// Bytes that count against a quota: without white space outside strings.
size_t policy_size(std::string_view json);

}  // namespace landfall::aws::policy
