// For tests of servers and clients on loopback: ports, raw clients, a certificate, a loop in a thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/secret.h"
#include "base/unique_fd.h"
#include "runtime/event_loop.h"

namespace landfall::http::testing {

struct LoopbackListener {
  UniqueFd fd;
  uint16_t port = 0;
};
LoopbackListener listen_anywhere();  // 127.0.0.1, a port the system chooses

// Runs an EventLoop until it dies.
class LoopThread {
 public:
  enum class Start { now, later };  // later: for what wants a loop that does not run yet; then start()
  explicit LoopThread(Start when = Start::now);
  ~LoopThread();
  void start();
  EventLoop& loop() { return *loop_; }
  void run(std::move_only_function<void()> task);  // on the loop; waits until it is done
  void join();                                     // after loop().stop(); then nothing runs on it any more

 private:
  std::unique_ptr<EventLoop> loop_;
  std::thread thread_;
};

// A blocking client socket.
class RawClient {
 public:
  explicit RawClient(uint16_t port) : RawClient("127.0.0.1", port) {}
  RawClient(const std::string& ip, uint16_t port);
  explicit RawClient(UniqueFd connected);  // the other end, from an accept()
  void send(std::string_view bytes);
  std::string read_until(
      std::string_view end);  // what came up to and with `end`, or all until the peer closed
  std::string read_all() { return read_until({}); }
  void close_write();
  void close() { fd_.reset(); }
  int fd() const { return fd_.get(); }

 private:
  void set_patience();

  UniqueFd fd_;
  std::string buffer_;
};

// A server that hands each connection it accepts, in turn, to the next script (the last one serves all that
// follow).
class ScriptedServer {
 public:
  using Script = std::function<void(RawClient&)>;
  explicit ScriptedServer(std::vector<Script> scripts);
  ~ScriptedServer();
  uint16_t port() const { return listener_.port; }
  int connections() const { return connections_; }

 private:
  void run(std::vector<Script> scripts);

  LoopbackListener listener_;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

struct TestCertificate {
  std::string chain_pem;
  Secret key_pem;
};
TestCertificate self_signed(const std::string& name);  // P-256, valid for `name`

struct CommandResult {
  int status = -1;
  std::string output;
};
CommandResult run_command(const std::string& shell_line);  // stdout and stderr

}  // namespace landfall::http::testing
