#include "cli/api_client.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <pugixml.hpp>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/unique_fd.h"
#include "cli/local_client.h"
#include "roles/up/settings.h"

namespace landfall::cli {

namespace {

std::string sha256_hex(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), digest, &length, EVP_sha256(), nullptr);
  return to_hex({reinterpret_cast<char*>(digest), length});
}

Result<UniqueFd> connect_loopback(uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno("socket");
  const timeval timeout{.tv_sec = ApiClient::kTimeoutSeconds, .tv_usec = 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {}, .sin_zero = {}};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return fail_errno(fmt::format("connect to the API on 127.0.0.1:{}", port));
  return fd;
}

std::string serialize(const http::Request& request, std::string_view body) {
  std::string text =
      request.method + " " + request.target + " HTTP/1.1\r\nHost: " + request.authority + "\r\n";
  for (const http::Header& header : request.headers)
    if (!http::equals_ignoring_case(header.name, "host"))
      text.append(header.name).append(": ").append(header.value).append("\r\n");
  text += fmt::format("Content-Length: {}\r\nConnection: close\r\n\r\n", body.size());
  return text.append(body);
}

Result<ApiAnswer> parse_answer(std::string_view text) {
  const size_t head_end = text.find("\r\n\r\n");
  if (head_end == std::string_view::npos || text.size() < 12 || !text.starts_with("HTTP/1.1 "))
    return fail("the API gave no HTTP answer");
  ApiAnswer answer;
  answer.status = std::atoi(std::string(text.substr(9, 3)).c_str());
  std::string_view head = text.substr(0, head_end + 2);
  head.remove_prefix(head.find("\r\n") + 2);
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return fail("the API's answer has a broken header");
    size_t begin = colon + 1;
    while (begin < line.size() && line[begin] == ' ') ++begin;
    answer.headers.add(std::string(line.substr(0, colon)), std::string(line.substr(begin)));
  }
  const std::string_view body = text.substr(head_end + 4);
  const auto coding = answer.headers.get("transfer-encoding");
  if (coding && http::equals_ignoring_case(*coding, "chunked")) {
    LF_TRY(answer.body, unchunk(body));
    return answer;
  }
  answer.body = body;
  if (const auto length = answer.headers.get("content-length"))
    if (std::to_string(answer.body.size()) != *length && !answer.body.empty())
      return fail("the API's answer is cut");
  return answer;
}

}  // namespace

Result<ApiClient> ApiClient::create(const roles::Layout& layout) {
  LF_TRY(const std::optional<roles::Settings> settings, roles::load_settings(layout));
  if (!settings) return fail("no Landfall has run on " + layout.root + " yet: start one with `landfall up`");
  LF_TRY(const roles::RootCredentials root, roles::load_root_credentials(layout.credentials()));
  ApiClient client;
  client.region_ = settings->region;
  client.account_id_ = settings->account_id;
  client.port_ = settings->api_port;
  client.credentials_ = {root.access_key_id, root.secret_access_key, ""};
  return client;
}

ApiClient ApiClient::signing_as(aws::sigv4::Credentials credentials, std::string account_id) const {
  ApiClient client = *this;
  client.credentials_ = std::move(credentials);
  client.account_id_ = std::move(account_id);
  return client;
}

std::string ApiClient::endpoint_host(const std::string& service) const {
  return service + "." + region_ + ".amazonaws.com";
}

Result<ApiAnswer> ApiClient::send(const ApiRequest& request) const {
  http::Request message;
  message.method = request.method;
  message.target = request.target;
  message.authority = request.host;
  if (!request.content_type.empty()) message.headers.add("Content-Type", request.content_type);
  const std::string hash = sha256_hex(request.body);
  aws::sigv4::sign(
      message, credentials_,
      {.region = region_,
       .service = request.service,
       .path_style = request.service == "s3" ? aws::sigv4::PathStyle::s3 : aws::sigv4::PathStyle::standard,
       .now = Clock::system().now(),
       .payload_hash = hash});
  LF_TRY(const UniqueFd fd, connect_loopback(port_));
  LF_CHECK(send_all(fd.get(), serialize(message, request.body)));
  LF_TRY(const std::string answer, receive_to_end(fd.get()));
  return parse_answer(answer);
}

Result<std::string> ApiClient::query(const std::string& service, const std::string& version,
                                     const std::string& action, const Parameters& parameters) const {
  std::string body = "Action=" + action + "&Version=" + version;
  for (const auto& [name, value] : parameters)
    body += "&" + percent_encode(name) + "=" + percent_encode(value);
  LF_TRY(ApiAnswer answer, send({.service = service,
                                 .host = endpoint_host(service),
                                 .method = "POST",
                                 .content_type = "application/x-www-form-urlencoded; charset=utf-8",
                                 .body = body}));
  if (!answer.ok()) return fail(describe_error(answer));
  return std::move(answer.body);
}

std::string describe_error(const ApiAnswer& answer) {
  pugi::xml_document document;
  if (document.load_string(answer.body.c_str())) {
    const auto named = [&](const char* name) {
      const auto found = document.find_node(
          [&](const pugi::xml_node& node) { return std::string_view(node.name()) == name; });
      return std::string(found.child_value());
    };
    if (const std::string code = named("Code"); !code.empty()) return code + ": " + named("Message");
  }
  return fmt::format("HTTP {}: {}", answer.status, answer.body.substr(0, 300));
}

std::string percent_encode(std::string_view text, std::string_view keep) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || std::string_view("-._~").find(c) != std::string_view::npos ||
        keep.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return result;
}

}  // namespace landfall::cli
