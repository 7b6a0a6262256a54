// authenticate(): whose request is this; authorize(): may they. The same in control (all services) and edge
// (S3).
//
// Hot: a verification of a known key costs one canonical request and three hashes; a policy decision costs
// nothing for root on a resource without a policy. Threads: re-entrant, but an AuthCache belongs to one
// thread. Nothing throws.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/auth_error.h"
#include "aws/policy/evaluate.h"
#include "aws/sigv4.h"
#include "aws/sigv4_chunked.h"
#include "http/message.h"
#include "services/iam/dataplane/directory.h"

namespace landfall::iam {

struct AuthCache {
  aws::sigv4::SigningKeyCache keys;
};

// Who made the request, with the policies that limit them.
struct Principal {
  aws::policy::Principal who;
  std::shared_ptr<const Identity> identity;  // the user, or the role of a session; null: anonymous or service
  std::string access_key_id;
  Secret secret;  // that made the signature; for ChunkedDecoder
  // Temporary credentials only:
  std::string session_name, source_identity, instance_id;
  std::map<std::string, std::string> session_tags;
  std::optional<std::vector<aws::policy::NamedPolicy>> session_policies;
  std::optional<Timestamp> token_issued, token_expires;
  bool anonymous() const { return who.kind == aws::policy::PrincipalKind::anonymous; }
};

Principal root_principal(std::shared_ptr<const Identity> root);
// "cloudfront.amazonaws.com", calling for the account.
Principal service_principal(std::string_view service);

// any_is_root, `--auth any`: an unknown key is the first account's root, and one that is an account's twelve
// digits is that account's (refused if there is no such account).
enum class CredentialCheck { enforce, any_is_root };
enum class Anonymous { refused, allowed };  // S3 lets bucket policies decide

struct AuthenticateOptions {
  aws::ErrorDialect dialect = aws::ErrorDialect::query;
  aws::sigv4::PathStyle path_style = aws::sigv4::PathStyle::standard;
  Timestamp now;
  std::span<const std::string_view>
      regions;               // that the credential scope may name; the first is "expected"; empty: any
  std::string_view service;  // signing name; empty: any
  // Hex SHA-256 of the body, or for S3 what payload_claim() gave. Several services take UNSIGNED-PAYLOAD over
  // TLS; the header x-amz-content-sha256 wins where it says so and the request came over TLS (see
  // payload_hash_of).
  std::string_view payload_hash;
  CredentialCheck check = CredentialCheck::enforce;
  Anonymous anonymous = Anonymous::refused;
  AuthCache* cache = nullptr;
  std::string_view virtual_bucket;     // S3: the bucket, where the host name says it
  aws::sigv4::Claim* claim = nullptr;  // the request's, where the caller has parsed it already; moved from
};

// The claim's views point into the request.
struct Authenticated {
  Principal principal;
  aws::sigv4::Claim claim;
  CredentialCheck check = CredentialCheck::enforce;
};

std::expected<Authenticated, aws::AuthError> authenticate(const http::Request& request,
                                                          const IamSnapshot& snapshot,
                                                          const AuthenticateOptions& options);

// What stands for the body in the canonical request of a service other than S3.
std::string payload_hash_of(const http::Request& request, std::string_view body);

// How to decode the body of an S3 upload whose payload_claim() said it is streaming.
aws::sigv4::ChunkedDecoder::Options chunked_options(const Authenticated& authenticated,
                                                    aws::sigv4::PayloadKind kind, uint64_t decoded_bytes);

// The global condition keys (aws:...) of a request by this principal. The caller adds its service's own.
struct RequestFacts {
  Timestamp now;
  std::string_view region;
  std::string_view source_ip;
  std::string_view user_agent;
  std::string_view referer;
  bool secure_transport = false;
};
RequestFacts facts_of(const http::Request& request, std::string_view region, Timestamp now);
aws::policy::Context context_of(const Principal& principal, const RequestFacts& facts);

struct AuthorizeOptions {
  std::string_view action;
  std::string_view resource = "*";
  std::string_view resource_account;  // empty: the principal's own
  const aws::policy::NamedPolicy* resource_policy = nullptr;
  aws::policy::ResourcePolicyMode mode = aws::policy::ResourcePolicyMode::grants;
};
struct Authorization {
  aws::policy::Decision decision;
  std::string message;  // AWS's sentence, when denied
  bool allowed() const { return decision.allowed(); }
};
Authorization authorize(const Principal& principal, const aws::policy::Context& context,
                        const AuthorizeOptions& options);
// True without building a context: root of the resource's account, and no resource policy that could deny.
bool plainly_allowed(const Principal& principal, std::string_view resource_account,
                     const aws::policy::NamedPolicy* resource_policy);

// The error to answer a denial with: AccessDenied, ec2's UnauthorizedOperation, json's AccessDeniedException.
aws::AuthError access_denied(aws::ErrorDialect dialect, std::string_view message);

}  // namespace landfall::iam
