// For tests of the engine: one engine that forwards everything to one scripted upstream.
#pragma once

#include <fcntl.h>
#include <sys/socket.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "net/vpc_sockets.h"
#include "proxy/listener.h"
#include "proxy/testing.h"
#include "proxy/upstream.h"

namespace landfall::proxy::testing {

class Engine {
 public:
  // The upstream takes what comes until `awaits`, says `answer`, and takes the rest.
  Engine(std::string awaits, std::string answer)
      : Engine(std::vector<http::testing::ScriptedServer::Script>{
            [this, awaits, answer](http::testing::RawClient& connection) {
              std::string got = connection.read_until(awaits);
              if (got.ends_with(awaits)) {
                connection.send(answer);
                connection.close_write();
                got += connection.read_all();
              }
              std::lock_guard lock(mutex_);
              received_ += got;
            }}) {}

  explicit Engine(std::vector<http::testing::ScriptedServer::Script> scripts)
      : server_(std::make_unique<http::testing::ScriptedServer>(std::move(scripts))) {
    auto socket = http::testing::listen_anywhere();
    port_ = socket.port;
    thread_.run([&] {
      worker_ = std::make_unique<Worker>(thread_.loop());
      upstream_ = std::make_shared<Upstream>(
          *worker_, sockets_,
          UpstreamOptions{.address = net::SocketAddress::inet("127.0.0.1", server_->port()).value()});
      site_->on_decide = [this](Transaction& t) {
        t.decision().status = 200;
        if (t.head().origin_form() == "/site") return;  // answered here
        t.decision().kind = DecisionKind::forward;
        t.decision().upstream = upstream_;
      };
      listener_ = worker_->listen(std::move(socket.fd), {.site = site_}).value();
    });
  }

  ~Engine() {
    thread_.run([this] {
      listener_.reset();
      site_->on_decide = nullptr;
      worker_->drain_clients();
      upstream_.reset();
      worker_.reset();
    });
  }

  // A connection that speaks HTTP/2 without TLS: the engine's end of a pair of sockets; ours is returned.
  http::testing::RawClient connect_http2() {
    int ends[2];
    LF_INVARIANT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    thread_.run([&] {
      auto context = std::make_shared<ListenerContext>(ListenerContext{.site = site_});
      site_->connection_opened();
      worker_->add_client(
          make_http2_client(*worker_, std::move(context), net::Stream(UniqueFd(ends[0])), {}));
    });
    return http::testing::RawClient(UniqueFd(ends[1]));
  }
  void drain() {
    thread_.run([this] { worker_->drain_clients(); });
  }

  TestSite& site() { return *site_; }  // what its tests change, before the first connection
  size_t open_connections() {
    size_t open = 0;
    thread_.run([&] { open = static_cast<size_t>(site_->open); });
    return open;
  }
  std::vector<Finished> log() {
    std::vector<Finished> copy;
    thread_.run([&] { copy = site_->log; });
    return copy;
  }
  uint16_t port() const { return port_; }
  int upstream_connections() const { return server_->connections(); }

  std::string ask(std::string_view bytes) {
    http::testing::RawClient client(port_);
    client.send(bytes);
    return client.read_all();
  }

  // Once the upstream has been left alone.
  std::string received() {
    thread_.run([this] {
      upstream_->close_idle();
      worker_->drain_clients();
    });
    server_.reset();
    std::lock_guard lock(mutex_);
    return received_;
  }

 private:
  std::mutex mutex_;
  std::string received_;
  std::unique_ptr<http::testing::ScriptedServer> server_;
  http::testing::LoopThread thread_;
  net::PlainSockets sockets_;
  std::shared_ptr<TestSite> site_ = std::make_shared<TestSite>();
  std::unique_ptr<Worker> worker_;
  std::shared_ptr<Upstream> upstream_;
  std::shared_ptr<Listener> listener_;
  uint16_t port_ = 0;
};

}  // namespace landfall::proxy::testing
