#include "aws/sigv2.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "aws/sigv4_internal.h"
#include "base/ascii.h"
#include "base/encoding.h"

namespace landfall::aws::sigv2 {
namespace {

using std::string;
using std::string_view;

// Query parameters that name a part of the resource, and so are signed.
constexpr string_view kSubresources[] = {"accelerate",
                                         "acl",
                                         "cors",
                                         "defaultObjectAcl",
                                         "delete",
                                         "encryption",
                                         "inventory",
                                         "lifecycle",
                                         "location",
                                         "logging",
                                         "metrics",
                                         "notification",
                                         "object-lock",
                                         "partNumber",
                                         "policy",
                                         "publicAccessBlock",
                                         "replication",
                                         "requestPayment",
                                         "response-cache-control",
                                         "response-content-disposition",
                                         "response-content-encoding",
                                         "response-content-language",
                                         "response-content-type",
                                         "response-expires",
                                         "restore",
                                         "select",
                                         "select-type",
                                         "tagging",
                                         "torrent",
                                         "uploadId",
                                         "uploads",
                                         "versionId",
                                         "versioning",
                                         "versions",
                                         "website"};

struct Parameter {
  string name;
  string value;
  bool has_value;
};

std::vector<Parameter> parameters_of(string_view query) {
  std::vector<Parameter> all;
  while (!query.empty()) {
    const size_t ampersand = query.find('&');
    const string_view pair = query.substr(0, ampersand);
    query.remove_prefix(ampersand == string_view::npos ? query.size() : ampersand + 1);
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    Parameter p{{}, {}, equals != string_view::npos};
    sigv4::append_decoded(p.name, pair.substr(0, equals));
    if (p.has_value) sigv4::append_decoded(p.value, pair.substr(equals + 1));
    all.push_back(std::move(p));
  }
  return all;
}

AuthError malformed() {
  return {"AccessDenied", 403,
          "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"};
}

// HMAC-SHA-1 is what version 2 is; its strength is the secret's.
string signature(const Secret& secret, string_view text) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha1(), secret.reveal().data(), static_cast<int>(secret.reveal().size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  return to_base64({reinterpret_cast<char*>(mac), size});
}

}  // namespace

std::expected<sigv4::Claim, AuthError> parse_claim(const http::Request& request) {
  string key, given, expires, token;
  for (Parameter& p : parameters_of(request.query())) {
    if (p.name == "AWSAccessKeyId")
      key = std::move(p.value);
    else if (p.name == "Signature")
      given = std::move(p.value);
    else if (p.name == "Expires")
      expires = std::move(p.value);
    else if (ascii_lower(p.name) == "x-amz-security-token")
      token = std::move(p.value);
  }
  int64_t seconds = 0;
  const char* end = expires.data() + expires.size();
  const auto [stop, problem] = std::from_chars(expires.data(), end, seconds);
  constexpr int64_t kMaxSeconds = 1LL << 40;
  if (key.empty() || given.empty() || problem != std::errc() || stop != end || seconds < 0 ||
      seconds > kMaxSeconds)
    return std::unexpected(malformed());
  sigv4::Claim claim{.form = sigv4::ClaimForm::presigned_v2};
  claim.signed_at = {seconds * 1000};
  claim.timestamp = std::move(expires);
  claim.decoded = {std::move(key), std::move(given), std::move(token)};
  claim.access_key_id = claim.decoded[0];
  claim.signature = claim.decoded[1];
  claim.security_token = claim.decoded[2];
  return claim;
}

string string_to_sign(const http::Request& request, string_view expires, string_view virtual_bucket) {
  // Clients move headers into the query (x-amz-..., content-type): each is signed wherever it stands.
  std::map<string, string> amz;
  string content_md5, content_type;
  auto take = [&](string_view name, string_view value) {
    string key = ascii_lower(name);
    if (key == "content-md5")
      content_md5 = value;
    else if (key == "content-type")
      content_type = value;
    else if (key.starts_with("x-amz-")) {
      string& all = amz[std::move(key)];
      if (!all.empty()) all += ',';
      all += value;
    }
  };
  std::vector<Parameter> resource;
  for (const Parameter& p : parameters_of(request.query())) {
    take(p.name, p.value);
    if (std::ranges::find(kSubresources, p.name) != std::end(kSubresources)) resource.push_back(p);
  }
  for (const http::Header& header : request.headers) take(header.name, header.value);

  string text = request.method + "\n" + content_md5 + "\n" + content_type + "\n" + string(expires) + "\n";
  for (const auto& [name, value] : amz) text += name + ":" + value + "\n";
  if (!virtual_bucket.empty()) text += "/" + string(virtual_bucket);
  text += request.path();
  std::ranges::sort(resource, {}, &Parameter::name);
  char separator = '?';
  for (const Parameter& p : resource) {
    text += separator + p.name;
    if (p.has_value && !p.value.empty()) text += "=" + p.value;
    separator = '&';
  }
  return text;
}

std::optional<AuthError> verify(const http::Request& request, const sigv4::Claim& claim, const Secret& secret,
                                const sigv4::VerifyOptions& options) {
  if (options.now > claim.signed_at)
    return presigned_expired(ErrorDialect::s3, format_iso8601(claim.signed_at), format_iso8601(options.now),
                             "0");
  const string text = string_to_sign(request, claim.timestamp, options.virtual_bucket);
  if (equal_constant_time(signature(secret, text), claim.signature)) return std::nullopt;
  return signature_mismatch(ErrorDialect::s3, claim.access_key_id, text, claim.signature, {});
}

}  // namespace landfall::aws::sigv2
