#include <algorithm>

#include "aws/sigv4.h"
#include "aws/sigv4_internal.h"
#include "base/ascii.h"

namespace landfall::aws::sigv4 {
namespace {

using std::string;
using std::string_view;

string names_to_sign(const http::Request& request) {
  std::vector<string> names = {"host"};
  for (const http::Header& header : request.headers) {
    string name = ascii_lower(header.name);
    if (name == "content-type" || name == "content-md5" || name.starts_with("x-amz-"))
      names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  string list;
  for (const string& name : names) {
    if (!list.empty()) list += ';';
    list += name;
  }
  return list;
}

string signature(const http::Request& request, const Secret& secret, const SignOptions& options,
                 const CanonicalOptions& canonical_options, string_view timestamp, const Scope& scope) {
  string canonical;
  append_canonical_request(canonical, request, canonical_options);
  string to_sign;
  append_string_to_sign(to_sign, timestamp, scope, canonical);
  return hex(options.keys != nullptr ? options.keys->get(secret, scope).mac(to_sign)
                                     : hmac_sha256(as_bytes(derive_signing_key(secret, scope)), to_sign));
}

}  // namespace

void sign(http::Request& request, const Credentials& credentials, const SignOptions& options) {
  const string timestamp = format_basic_iso8601({options.now.unix_seconds() * 1000});
  request.headers.set("X-Amz-Date", timestamp);
  if (!credentials.session_token.empty())
    request.headers.set("X-Amz-Security-Token", credentials.session_token);
  if (options.service == "s3") request.headers.set("X-Amz-Content-Sha256", string(options.payload_hash));
  const Scope scope{string_view(timestamp).substr(0, 8), options.region, options.service};
  const string names = names_to_sign(request);
  const string mac = signature(
      request, credentials.secret_access_key, options,
      {.path_style = options.path_style, .signed_headers = names, .payload_hash = options.payload_hash},
      timestamp, scope);
  request.headers.set("Authorization", string(kAlgorithm) + " Credential=" + credentials.access_key_id + "/" +
                                           to_string(scope) + ", SignedHeaders=" + names +
                                           ", Signature=" + mac);
}

void presign(http::Request& request, const Credentials& credentials, const SignOptions& options,
             int64_t expires_seconds) {
  const string timestamp = format_basic_iso8601({options.now.unix_seconds() * 1000});
  const Scope scope{string_view(timestamp).substr(0, 8), options.region, options.service};
  string& target = request.target;
  target += target.find('?') == string::npos ? '?' : '&';
  target += "X-Amz-Algorithm=";
  target += kAlgorithm;
  target += "&X-Amz-Credential=";
  append_encoded(target, credentials.access_key_id + "/" + to_string(scope));
  target += "&X-Amz-Date=" + timestamp + "&X-Amz-Expires=" + std::to_string(expires_seconds);
  if (!credentials.session_token.empty()) {
    target += "&X-Amz-Security-Token=";
    append_encoded(target, credentials.session_token);
  }
  target += "&X-Amz-SignedHeaders=host";
  const string_view payload = options.service == "s3" ? kUnsignedPayload : options.payload_hash;
  target += "&X-Amz-Signature=" + signature(request, credentials.secret_access_key, options,
                                            {.path_style = options.path_style,
                                             .signed_headers = "host",
                                             .payload_hash = payload,
                                             .presigned = true},
                                            timestamp, scope);
}

}  // namespace landfall::aws::sigv4
