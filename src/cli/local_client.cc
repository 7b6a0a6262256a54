#include "cli/local_client.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace landfall::cli {

Result<> send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("send");
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return {};
}

Result<std::string> receive_to_end(int fd) {
  std::string text;
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t count = ::recv(fd, buffer, sizeof buffer, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("receive");
    if (count == 0) return text;
    text.append(buffer, static_cast<size_t>(count));
    if (text.size() > kAdminAnswerBytes) return fail("the answer is too long");
  }
}

Result<std::string> unchunk(std::string_view text) {
  std::string body;
  for (;;) {
    const size_t line_end = text.find("\r\n");
    if (line_end == std::string_view::npos) return fail("the answer's chunks are cut");
    const size_t size = std::strtoul(std::string(text.substr(0, line_end)).c_str(), nullptr, 16);
    if (size == 0) return body;
    text.remove_prefix(line_end + 2);
    if (text.size() < size + 2) return fail("the answer's chunks are cut");
    body.append(text.substr(0, size));
    text.remove_prefix(size + 2);
  }
}

Result<UniqueFd> connect_unix(const std::string& path) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (path.size() >= sizeof address.sun_path) return fail(path + ": too long for a Unix socket");
  std::memcpy(address.sun_path, path.data(), path.size());
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno("socket");
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return fail_errno("connect " + path);
  return fd;
}

Result<std::string> ask_supervisor(const std::string& socket_path, const std::string& request) {
  LF_TRY(const UniqueFd fd, connect_unix(socket_path));
  LF_CHECK(send_all(fd.get(), request + "\n"));
  LF_TRY(std::string answer, receive_to_end(fd.get()));
  if (answer.empty()) return fail("the supervisor ended without an answer");
  answer.pop_back();
  return answer;
}

Result<UniqueFd> supervisor_process(const std::string& socket_path) {
  LF_TRY(const UniqueFd fd, connect_unix(socket_path));
  ucred peer{};
  socklen_t length = sizeof peer;
  if (::getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return fail_errno("SO_PEERCRED");
  UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, peer.pid, 0)));
  if (!process && errno != ESRCH) return fail_errno("pidfd_open");
  return process;
}

Result<std::string> http_get_unix(const std::string& socket_path, const std::string& target) {
  LF_TRY(const UniqueFd fd, connect_unix(socket_path));
  const timeval timeout{.tv_sec = kAdminTimeoutSeconds, .tv_usec = 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  LF_CHECK(send_all(fd.get(), "GET " + target + " HTTP/1.1\r\nHost: landfall\r\nConnection: close\r\n\r\n"));
  LF_TRY(const std::string answer, receive_to_end(fd.get()));
  const size_t head_end = answer.find("\r\n\r\n");
  if (head_end == std::string::npos || answer.size() < 12) return fail("no HTTP answer from " + socket_path);
  const std::string status = answer.substr(9, 3);
  std::string head = answer.substr(0, head_end);
  for (char& c : head) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::string body = answer.substr(head_end + 4);
  if (head.find("transfer-encoding: chunked") != std::string::npos) {
    LF_TRY(body, unchunk(body));
  }
  if (status != "200") return fail(socket_path + target + " answered " + status + ": " + body);
  return body;
}

}  // namespace landfall::cli
