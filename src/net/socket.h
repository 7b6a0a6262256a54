// Sockets and their addresses. Every descriptor made here is non-blocking and close-on-exec.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace landfall::net {

// An IPv4, IPv6 or Unix address, as the system wants it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  static Result<SocketAddress> inet(std::string_view ip,
                                    uint16_t port);  // numeric only: no name is looked up
  static Result<SocketAddress> unix_path(std::string_view path);
  static SocketAddress local_of(int fd);
  static SocketAddress peer_of(int fd);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
  std::string ip() const;  // empty for a Unix socket; an IPv4-mapped IPv6 address as IPv4
  uint16_t port() const;   // 0 for a Unix socket
};

enum class ReusePort : bool {
  no,
  yes
};  // several listeners on one port: the kernel spreads connections over them

struct ListenSocketOptions {
  ReusePort reuse_port = ReusePort::no;
  int backlog = 1024;
};

Result<UniqueFd> listen_tcp(const SocketAddress& address, ListenSocketOptions options = {});
// Replaces a socket file that a dead process left. `mode` is the file's, e.g. 0660.
Result<UniqueFd> listen_unix(const std::string& path, unsigned mode);

// Begins to connect; the result is known when the socket gets writable: then ask connect_result().
Result<UniqueFd> start_connect(const SocketAddress& address);
Result<> start_connect(int fd, const SocketAddress& address);  // of a socket made elsewhere (in a VPC)
Result<> connect_result(int fd);

void set_no_delay(int fd);        // harmless on a Unix socket
void set_reset_on_close(int fd);  // what waits to be sent is dropped, and the peer sees a reset

}  // namespace landfall::net
