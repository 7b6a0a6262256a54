// ApiClient: a small blocking client of the public API on 127.0.0.1, signed as the account's root: what
// `landfall apply` needs and no more. It speaks to Landfall as any AWS client does, by the same front door.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aws/sigv4.h"
#include "base/result.h"
#include "http/message.h"
#include "roles/layout.h"

namespace landfall::cli {

struct ApiAnswer {
  int status = 0;
  http::Headers headers;
  std::string body;
  bool ok() const { return status >= 200 && status < 300; }
};

struct ApiRequest {
  std::string service;  // signing name: "s3", "cloudformation"
  std::string host;     // the endpoint's real name
  std::string method = "GET";
  std::string target = "/";  // percent-encoded
  std::string content_type;
  std::string body;
};

class ApiClient {
 public:
  static constexpr int kTimeoutSeconds = 120;  // without a byte

  static Result<ApiClient> create(const roles::Layout& layout);
  // The same, signing as somebody else, of that account.
  ApiClient signing_as(aws::sigv4::Credentials credentials, std::string account_id) const;

  Result<ApiAnswer> send(const ApiRequest& request) const;

  // AWS's query protocol. The answer's body, if the status is 200; else an error "Code: message".
  using Parameters = std::vector<std::pair<std::string, std::string>>;
  Result<std::string> query(const std::string& service, const std::string& version, const std::string& action,
                            const Parameters& parameters) const;

  const std::string& region() const { return region_; }
  const std::string& account_id() const { return account_id_; }
  std::string endpoint_host(const std::string& service) const;  // "cloudformation.us-east-1.amazonaws.com"

 private:
  std::string region_, account_id_;
  uint16_t port_ = 0;
  aws::sigv4::Credentials credentials_;
};

// "Code: message" of any of AWS's XML error documents, or the start of the body.
std::string describe_error(const ApiAnswer& answer);
// RFC 3986 unreserved characters stay; `keep` too.
std::string percent_encode(std::string_view text, std::string_view keep = {});

}  // namespace landfall::cli
