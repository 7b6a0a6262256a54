// HTTP messages as values: Headers, Request, Response. No I/O. RFC 9110.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace landfall::http {

struct Header {
  std::string name;  // as received or as to be sent; compared without case
  std::string value;
};

bool equals_ignoring_case(std::string_view a, std::string_view b);  // ASCII

// In order of arrival; several of one name are kept.
class Headers {
 public:
  std::optional<std::string_view> get(std::string_view name) const;  // the first
  std::vector<std::string_view> get_all(std::string_view name) const;
  bool has(std::string_view name) const { return get(name).has_value(); }
  void add(std::string name, std::string value) { list_.push_back({std::move(name), std::move(value)}); }
  void set(std::string_view name, std::string value);  // replaces all of that name
  void remove(std::string_view name);
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }
  size_t size() const { return list_.size(); }

 private:
  std::vector<Header> list_;
};

// Whom the request came from and by which way.
struct Peer {
  std::string address;  // "10.0.1.5"; empty on a Unix socket
  uint16_t port = 0;
  std::string local_address;
  uint16_t local_port = 0;
  bool tls = false;
  std::string server_name;  // TLS SNI, lower case
  std::string tls_version;  // "TLSv1.3", empty without TLS
  std::string tls_cipher;
};

enum class Version { http_1_0, http_1_1, http_2 };

struct Request {
  std::string method;
  std::string target;     // as on the wire, origin form: path and query, still percent-encoded
  std::string authority;  // Host header or :authority, as sent
  Version version = Version::http_1_1;
  Headers headers;
  Peer peer;

  std::string_view path() const;   // before '?', still encoded
  std::string_view query() const;  // after '?', without it; empty if none
};

struct Response {
  int status = 200;
  Headers headers;
};

std::string_view reason_phrase(int status);  // RFC 9110 section 15; "Unknown" for others

}  // namespace landfall::http
