// Upstream: one server that requests are forwarded to, as one worker sees it: its address, its kept
// connections, how many requests are on their way. UpstreamConnection: one connection to it.
//
//   connection:  (waiting for a socket) ─▶ connecting ─▶ (TLS handshake) ─▶ busy ◀─▶ idle ─▶ closed
//
// Threads: one worker. Ownership: an Upstream is held by the service's table and by its busy connections;
// idle connections by the Upstream. Invariant: a connection in `idle_` has no user, nothing buffered and is
// registered with the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "codec/http1_head.h"
#include "net/socket.h"
#include "net/stream.h"
#include "net/vpc_sockets.h"
#include "proxy/block_pool.h"
#include "runtime/event_loop.h"

namespace landfall::proxy {

class Upstream;
class Worker;

// Who uses a connection: told when something may have become possible.
class UpstreamUser {
 public:
  virtual void on_upstream_ready() = 0;

 protected:
  ~UpstreamUser() = default;
};

enum class ConnectStatus { pending, connected, failed };

class UpstreamConnection final : public IoHandler, public std::enable_shared_from_this<UpstreamConnection> {
 public:
  UpstreamConnection(Worker& worker, std::shared_ptr<Upstream> upstream);
  ~UpstreamConnection();

  ConnectStatus connect_step();  // as far as it goes now
  const std::string& connect_error() const { return connect_error_; }
  void on_io(uint32_t events) override;
  net::IoResult read(char* buffer, size_t size);
  net::IoResult write(const char* data, size_t size);
  net::IoResult splice_to(int pipe, size_t size);
  bool is_plain() const { return !stream_.is_tls(); }
  bool has_buffered() const { return stream_.has_buffered(); }
  void shutdown_write() { stream_.shutdown_write(); }
  void close();
  Upstream& upstream() { return *upstream_; }

  UpstreamUser* user = nullptr;
  bool reused = false;  // has served a request before
  bool readable = false, writable = false;
  int64_t idle_since_ns = 0;
  std::string out;  // the request's head, and pieces that had to be copied
  size_t out_sent = 0;
  Buffer in;
  http1::ResponseParser parser;

 private:
  friend class Upstream;
  void start();
  void adopt(UniqueFd socket);

  Worker& worker_;
  std::shared_ptr<Upstream> upstream_;
  net::Stream stream_;
  bool waiting_for_socket_ = false, connecting_ = false, failed_ = false, half_closed_ = false;
  std::string connect_error_;
};

struct UpstreamOptions {
  net::SocketAddress address;
  std::string vpc_id;  // where its sockets are made
  net::SocketAddress
      source;               // bound before connecting, unless its length is 0: the node's address in the VPC
  net::TlsContext tls;      // null: plain
  std::string server_name;  // SNI, with TLS
  size_t idle_connections = 256;  // kept per worker: two full HTTP/2 connections of a client
  int64_t idle_ms = 60'000;
};

class Upstream final : public std::enable_shared_from_this<Upstream> {
 public:
  Upstream(Worker& worker, net::VpcSockets& sockets, UpstreamOptions options);
  ~Upstream();

  enum class Wanted { any, fresh };
  std::shared_ptr<UpstreamConnection> acquire(Wanted wanted);
  // A connection whose answer has been read whole: keeps it, or closes it if there are enough.
  void release(std::shared_ptr<UpstreamConnection> connection);
  void close_idle();
  void sweep(int64_t now_ns);

  const UpstreamOptions& options() const { return options_; }
  net::VpcSockets& sockets() { return sockets_; }
  const std::string& address_text() const { return address_text_; }  // "10.0.1.5:80", for logs
  uint64_t requests_in_flight = 0;
  bool retired = false;  // draining: connections are not kept any more

 private:
  friend class UpstreamConnection;
  void forget_idle(UpstreamConnection& connection);

  Worker& worker_;
  net::VpcSockets& sockets_;
  UpstreamOptions options_;
  std::string address_text_;
  std::vector<std::shared_ptr<UpstreamConnection>> idle_;  // the most recently used last
};

}  // namespace landfall::proxy
