#include "net/socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>

namespace landfall::net {
namespace {

Result<UniqueFd> open_stream(int family) {
  UniqueFd fd(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno("socket");
  return fd;
}

Result<> set_option(int fd, int level, int option, const char* name) {
  const int one = 1;
  if (setsockopt(fd, level, option, &one, sizeof one) != 0) return fail_errno(name);
  return {};
}

}  // namespace

Result<SocketAddress> SocketAddress::inet(std::string_view ip, uint16_t port) {
  SocketAddress address;
  const std::string text(ip);
  if (auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
      inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address.length = sizeof *v4;
    return address;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  address.storage = {};
  if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) != 1)
    return fail("not an IP address: '" + text + "'");
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(port);
  address.length = sizeof *v6;
  return address;
}

Result<SocketAddress> SocketAddress::unix_path(std::string_view path) {
  SocketAddress address;
  auto* un = reinterpret_cast<sockaddr_un*>(&address.storage);
  if (path.empty() || path.size() >= sizeof un->sun_path)
    return fail("path too long for a Unix socket: '" + std::string(path) + "'");
  un->sun_family = AF_UNIX;
  std::memcpy(un->sun_path, path.data(), path.size());
  address.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return address;
}

SocketAddress SocketAddress::local_of(int fd) {
  SocketAddress address;
  address.length = sizeof address.storage;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address.storage), &address.length) != 0) address = {};
  return address;
}

SocketAddress SocketAddress::peer_of(int fd) {
  SocketAddress address;
  address.length = sizeof address.storage;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&address.storage), &address.length) != 0) address = {};
  return address;
}

std::string SocketAddress::ip() const {
  char text[INET6_ADDRSTRLEN] = "";
  if (family() == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&storage)->sin_addr, text, sizeof text);
  } else if (family() == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&v6))
      inet_ntop(AF_INET, v6.s6_addr + 12, text, sizeof text);
    else
      inet_ntop(AF_INET6, &v6, text, sizeof text);
  }
  return text;
}

uint16_t SocketAddress::port() const {
  if (family() == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
  if (family() == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port);
  return 0;
}

Result<UniqueFd> listen_tcp(const SocketAddress& address, ListenSocketOptions options) {
  LF_TRY(UniqueFd fd, open_stream(address.family()));
  LF_CHECK(set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, "SO_REUSEADDR"));
  if (options.reuse_port == ReusePort::yes)
    LF_CHECK(set_option(fd.get(), SOL_SOCKET, SO_REUSEPORT, "SO_REUSEPORT"));
  const std::string where = address.ip() + ":" + std::to_string(address.port());
  if (bind(fd.get(), address.get(), address.length) != 0) return fail_errno("bind " + where);
  if (listen(fd.get(), options.backlog) != 0) return fail_errno("listen " + where);
  return fd;
}

Result<UniqueFd> listen_unix(const std::string& path, unsigned mode) {
  LF_TRY(SocketAddress address, SocketAddress::unix_path(path));
  LF_TRY(UniqueFd fd, open_stream(AF_UNIX));
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return fail_errno("unlink " + path);
  if (bind(fd.get(), address.get(), address.length) != 0) return fail_errno("bind " + path);
  if (chmod(path.c_str(), mode) != 0) return fail_errno("chmod " + path);
  if (listen(fd.get(), 1024) != 0) return fail_errno("listen " + path);
  return fd;
}

Result<> start_connect(int fd, const SocketAddress& address) {
  set_no_delay(fd);
  if (connect(fd, address.get(), address.length) != 0 && errno != EINPROGRESS) return fail_errno("connect");
  return {};
}

Result<UniqueFd> start_connect(const SocketAddress& address) {
  LF_TRY(UniqueFd fd, open_stream(address.family()));
  LF_CHECK(start_connect(fd.get(), address));
  return fd;
}

Result<> connect_result(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return fail_errno("getsockopt SO_ERROR");
  if (error != 0) return fail_errno("connect", error);
  return {};
}

void set_reset_on_close(int fd) {
  const ::linger hard{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

void set_no_delay(int fd) {
  const int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);  // EOPNOTSUPP on a Unix socket is fine
}

}  // namespace landfall::net
