// Worker: the L7 engine on one thread's EventLoop: listeners, client connections, upstreams, memory.
// Everything that belongs to a worker is used on its thread only.
//
// Deadlines are looked at by one timer, every kSweepMs: a timeout may be that much late, and costs nothing
// per request.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "net/tls.h"
#include "proxy/block_pool.h"
#include "proxy/pipe_pool.h"
#include "runtime/event_loop.h"
#include "runtime/turns.h"

namespace landfall::proxy {

// Moved for one connection before others get their turn: a client that reads as fast as we send never stops
// us.
inline constexpr size_t kTurnBytes = 512 * 1024;

class Site;
class Upstream;
class Worker;

inline constexpr int64_t kSweepMs = 250;

// A connection from a client, whatever it speaks. Owned by the worker.
class ClientConnection {
 public:
  virtual ~ClientConnection() = default;
  virtual void check_deadline(int64_t now_ns) = 0;
  virtual void drain() = 0;  // close when idle; no more requests after those begun
  virtual void close() = 0;

 private:
  friend class Worker;
  size_t index_ = 0;
};

// One listening socket. `site` is asked about every request on it.
struct ListenerOptions {
  std::shared_ptr<Site> site;
  net::ServerNameChooser tls;   // empty: plain
  size_t connections = 65'536;  // beyond, accept and close
};

class Listener;  // destroying it stops accepting; connections stay until drain() or their end

class Worker {
 public:
  explicit Worker(EventLoop& loop);
  ~Worker();  // closes everything; all Upstreams must be gone or go before it

  Result<std::shared_ptr<Listener>> listen(UniqueFd socket, ListenerOptions options);
  // Lets each connection end with the request that is on it, and accepts no more. `drained`: none is left.
  void drain_clients(std::move_only_function<void()> drained = nullptr);

  // --- for the engine ---
  EventLoop& loop() { return loop_; }
  BlockPool& blocks() { return blocks_; }
  PipePool& pipes() { return pipes_; }
  Turns& turns() { return turns_; }
  int64_t now_ns() { return latest_ns_ = loop_.clock().monotonic_ns(); }
  int64_t latest_ns() const {
    return latest_ns_;
  }  // as it was asked last, at most kSweepMs ago: for deadlines
  std::string& scratch() { return scratch_; }
  void add_client(std::unique_ptr<ClientConnection> client);
  void remove_client(ClientConnection& client);  // deletes it once the stack is unwound
  void add_upstream(Upstream& upstream) { upstreams_.push_back(&upstream); }
  void remove_upstream(Upstream& upstream) { std::erase(upstreams_, &upstream); }
  size_t client_count() const { return clients_.size(); }
  bool draining() const { return draining_; }

 private:
  void schedule_sweep();
  void sweep();
  void tell_drained();

  EventLoop& loop_;
  BlockPool blocks_;
  PipePool pipes_;
  Turns turns_;
  std::string scratch_;
  int64_t latest_ns_ = 0;
  std::vector<std::unique_ptr<ClientConnection>> clients_;
  std::vector<std::unique_ptr<ClientConnection>> dead_;
  std::vector<Upstream*> upstreams_;
  TimerId sweep_ = 0;
  std::shared_ptr<bool> alive_;
  bool draining_ = false;
  std::move_only_function<void()> drained_;
};

}  // namespace landfall::proxy
