#include "http_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>

namespace myapp {

namespace {

std::atomic<unsigned> connections{0};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return result;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

const char* reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Content Too Large";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

enum class Body { sent, left_out };  // left out: the answer to a HEAD

// One connection's bytes, with what was read too far kept for the next request.
class Connection {
 public:
  explicit Connection(int fd) : fd_(fd) {
    const timeval timeout{.tv_sec = kIdleSeconds, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Connection() { close(fd_); }

  void run(const Handler& handler) {
    for (;;) {
      const auto head = read_head();
      if (!head) return;
      const auto request = parse(*head);
      if (!request) return void(send(Response{.status = 400, .body = "{\"error\":\"bad request\"}"}, false));
      if (body_length_ > kBodyBytes)
        return void(send(Response{.status = 413, .body = "{\"error\":\"too large\"}"}, false));
      Request complete = *request;
      if (complete.headers.contains("expect") && !send_bytes("HTTP/1.1 100 Continue\r\n\r\n")) return;
      if (!read_body(complete.body)) return;
      const auto connection = complete.headers.find("connection");
      const bool keep = connection == complete.headers.end() || lower(connection->second) != "close";
      Response response = handler(complete);
      if (!send(response, keep, complete.method == "HEAD" ? Body::left_out : Body::sent) || !keep) return;
    }
  }

 private:
  std::optional<std::string> read_head() {
    for (;;) {
      if (const size_t end = buffer_.find("\r\n\r\n"); end != std::string::npos) {
        std::string head = buffer_.substr(0, end + 2);
        buffer_.erase(0, end + 4);
        return head;
      }
      if (buffer_.size() > kHeadBytes || !receive()) return std::nullopt;
    }
  }

  // The proxy in front sends Content-Length, never chunks (nginx's proxy_request_buffering).
  std::optional<Request> parse(const std::string& head) {
    std::string_view rest = head;
    const auto line = [&] {
      const size_t end = rest.find("\r\n");
      const std::string_view result = rest.substr(0, end);
      rest.remove_prefix(end + 2);
      return result;
    };
    const std::string_view first = line();
    const size_t space = first.find(' '), second = first.rfind(' ');
    if (space == std::string_view::npos || second <= space ||
        !first.substr(second + 1).starts_with("HTTP/1."))
      return {};
    Request request{.method = std::string(first.substr(0, space))};
    const std::string_view target = first.substr(space + 1, second - space - 1);
    request.path = target.substr(0, target.find('?'));
    while (!rest.empty()) {
      const std::string_view header = line();
      const size_t colon = header.find(':');
      if (colon == std::string_view::npos) return {};
      request.headers[lower(header.substr(0, colon))] = trimmed(header.substr(colon + 1));
    }
    if (request.headers.contains("transfer-encoding")) return {};
    body_length_ = 0;
    if (const auto it = request.headers.find("content-length"); it != request.headers.end()) {
      const std::string& text = it->second;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), body_length_);
      if (error != std::errc() || end != text.data() + text.size()) return {};
    }
    return request;
  }

  bool read_body(std::string& body) {
    while (buffer_.size() < body_length_)
      if (!receive()) return false;
    body = buffer_.substr(0, body_length_);
    buffer_.erase(0, body_length_);
    return true;
  }

  bool receive() {
    char bytes[16 * 1024];
    const ssize_t count = recv(fd_, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<size_t>(count));
    return true;
  }

  bool send(const Response& response, bool keep, Body body = Body::sent) {
    std::string text = "HTTP/1.1 " + std::to_string(response.status) + " " + reason(response.status) + "\r\n";
    text += "Content-Type: " + response.content_type + "\r\n";
    text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
    for (const auto& [name, value] : response.headers) text += name + ": " + value + "\r\n";
    if (!keep) text += "Connection: close\r\n";
    return send_bytes(text + "\r\n" + (body == Body::sent ? response.body : ""));
  }

  bool send_bytes(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return true;
  }

  int fd_;
  std::string buffer_;
  size_t body_length_ = 0;
};

int listen_on(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {}, .sin_zero = {}};
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(fd, 512) != 0)
    throw std::system_error(errno, std::system_category(), "listen on port " + std::to_string(port));
  return fd;
}

}  // namespace

void serve(uint16_t port, const Handler& handler) {
  const int listener = listen_on(port);
  for (;;) {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    if (connections >= kConnections) {
      close(fd);
      continue;
    }
    ++connections;
    std::thread([fd, &handler] {
      Connection(fd).run(handler);
      --connections;
    }).detach();
  }
}

}  // namespace myapp
