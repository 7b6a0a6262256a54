// A small HTTP/1.1 server behind the load balancer and Beanstalk's reverse proxy: one thread a connection.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace myapp {

struct Request {
  std::string method;
  std::string path;                            // without the query
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::map<std::string, std::string> headers;
};

using Handler = std::function<Response(const Request&)>;

inline constexpr size_t kHeadBytes = 16 * 1024;
inline constexpr size_t kBodyBytes = 16 * 1024 * 1024;
inline constexpr int kIdleSeconds = 120;  // longer than the load balancer's 60, so that it closes first
inline constexpr unsigned kConnections = 512;

// Serves until the process ends. Throws std::system_error if the port cannot be had.
void serve(uint16_t port, const Handler& handler);

}  // namespace myapp
