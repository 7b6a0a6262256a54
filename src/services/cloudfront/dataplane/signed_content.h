// Signed URLs and signed cookies: whether a viewer may have what a behaviour with key groups guards. Pure.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-cookies.html
//
// The signature is checked before the policy is read: what is parsed is what a key's owner wrote. The signing
// parameters reach neither the cache key nor the origin: without_signing_parameters() takes them out of what
// a behaviour selects, once, when a site is made.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "services/cloudfront/dataplane/cache_key.h"
#include "services/cloudfront/snapshot.h"

struct evp_pkey_st;

namespace landfall::cloudfront {

// Public keys by id ("K2JCJMDEHXQW5F"): RSA or ECDSA.
using SignerKeys = std::map<std::string, std::shared_ptr<evp_pkey_st>, std::less<>>;
Result<SignerKeys> signer_keys(const std::vector<PublicKeySnapshot>& keys);

enum class Admission {
  admitted,
  missing_key,          // no Key-Pair-Id
  unknown_key,          // not in the behaviour's key groups
  missing_signature,    //
  malformed_signature,  // not CloudFront's base64
  missing_policy,       // neither Expires nor Policy
  malformed_policy,
  denied,  // the signature is not the key's over this, or the policy does not allow it
};

// Of a request, what a policy may speak about.
struct GuardedRequest {
  bool tls = false;
  std::string_view host;   // as the viewer asked, without a port
  std::string_view path;   // as the viewer asked: the default root object is not applied
  std::string_view query;  // with the signing parameters
  FieldView fields;        // cookies
  std::string_view address;
};

// A signed URL decides alone; cookies count only if the URL has none of the signing parameters.
Admission admission(const GuardedRequest& request, const BehaviorSnapshot& behavior, const SignerKeys& keys,
                    Timestamp now);

// The body of the 403, "text/xml".
std::string admission_error(Admission why);

// The query string without Expires, Policy, Signature and Key-Pair-Id.
std::string without_signing_parameters(std::string_view query);
void remove_signing_parameters(BehaviorSnapshot& behavior);

// --- for tests and the fuzzer ---
// '-', '_' and '~' instead of '+', '=' and '/'.
Result<std::string> from_signing_base64(std::string_view text);
// What a custom policy says about the request; the signature is somebody else's matter.
Admission judge_policy(std::string_view policy, std::string_view url, std::string_view address,
                       Timestamp now);

}  // namespace landfall::cloudfront
