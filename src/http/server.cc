#include "http/server.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "base/log.h"
#include "http/server_connection.h"
#include "runtime/event_loop.h"

namespace landfall::http {
namespace {

constexpr int kAcceptsPerTurn = 64;      // then connections get their turn
constexpr int64_t kAcceptPauseMs = 100;  // when the process is out of descriptors

// Invariants: connections_ holds each open connection; a listener's context outlives its connections through
// shared_ptr.
class Server;

class Listener final : public IoHandler {
 public:
  Listener(Server& server, UniqueFd socket, ListenOptions options, Handler handler);
  ~Listener() { stop(); }
  Result<> start();
  void stop();
  void on_io(uint32_t) override;

 private:
  void adopt(UniqueFd socket);

  Server& server_;
  UniqueFd socket_;
  Transport transport_;
  TlsChooser chooser_;
  std::shared_ptr<ServerContext> context_;
  TimerId pause_ = 0;
  friend class Server;
};

class Server final : public HttpServer {
 public:
  explicit Server(EventLoop& loop) : loop_(loop) {}

  ~Server() override {
    loop_.cancel(sweep_);
    listeners_.clear();
    drained_ = nullptr;
    const auto open = std::vector(connections_.begin(), connections_.end());
    for (const auto& connection : open) connection->close();
  }

  Result<> serve(UniqueFd socket, ListenOptions options, Handler handler) override {
    const ServerLimits& limits = options.limits;
    for (int64_t ms : {limits.header_timeout_ms, limits.idle_timeout_ms, limits.body_idle_timeout_ms})
      sweep_ms_ = std::clamp<int64_t>(ms / 4, 5, sweep_ms_);
    auto listener =
        std::make_unique<Listener>(*this, std::move(socket), std::move(options), std::move(handler));
    LF_CHECK(listener->start());
    listeners_.push_back(std::move(listener));
    return {};
  }

  void drain(std::move_only_function<void()> drained) override {
    drained_ = std::move(drained);
    for (auto& listener : listeners_) {
      listener->stop();
      listener->context_->draining = true;
    }
    const auto open = std::vector(connections_.begin(), connections_.end());
    for (const auto& connection : open)
      if (!connection->closed()) connection->drain();
    if (connections_.empty())
      if (auto done = std::exchange(drained_, nullptr)) done();
  }

  void opened(std::shared_ptr<ServerConnection> connection) {
    connections_.insert(std::move(connection));
    if (sweep_ == 0) schedule_sweep();
  }

  void closed(ServerConnection& connection) {
    connections_.erase(connection.shared_from_this());
    if (connections_.empty() && drained_) loop_.post(std::exchange(drained_, nullptr));
  }

  EventLoop& loop() { return loop_; }
  size_t open_count() const { return connections_.size(); }

 private:
  // One timer for all connections instead of one each: deadlines move with every request.
  void schedule_sweep() {
    sweep_ = loop_.after_ms(sweep_ms_, [this] {
      sweep_ = 0;
      const int64_t now = loop_.clock().monotonic_ns();
      const auto open = std::vector(connections_.begin(), connections_.end());
      for (const auto& connection : open) connection->check_deadline(now);
      if (!connections_.empty()) schedule_sweep();
    });
  }

  EventLoop& loop_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::unordered_set<std::shared_ptr<ServerConnection>> connections_;
  std::move_only_function<void()> drained_;
  int64_t sweep_ms_ = 1'000;
  TimerId sweep_ = 0;
};

Listener::Listener(Server& server, UniqueFd socket, ListenOptions options, Handler handler)
    : server_(server),
      socket_(std::move(socket)),
      transport_(options.transport),
      chooser_(std::move(options.tls)) {
  context_ = std::make_shared<ServerContext>(
      ServerContext{.loop = server.loop(),
                    .limits = options.limits,
                    .handler = std::move(handler),
                    .on_closed = [&server](ServerConnection& connection) { server.closed(connection); }});
}

Result<> Listener::start() {
  if (transport_ != Transport::plain) {
    if (!chooser_) return fail("a TLS listener needs a chooser of certificates");
    LF_TRY(context_->tls, net::make_choosing_tls(&chooser_));
  }
  return server_.loop().add(socket_.get(), EPOLLIN, this);
}

void Listener::stop() {
  if (!socket_) return;
  server_.loop().cancel(pause_);
  server_.loop().remove(socket_.get());
  socket_.reset();
}

void Listener::on_io(uint32_t) {
  for (int i = 0; i < kAcceptsPerTurn && socket_; ++i) {
    UniqueFd socket(accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      adopt(std::move(socket));
      continue;
    }
    if (errno == ECONNABORTED || errno == EINTR) continue;
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
      log::error("accept: {}; pausing", fail_errno("accept").error().message);
      server_.loop().modify(socket_.get(), 0);
      pause_ =
          server_.loop().after_ms(kAcceptPauseMs, [this] { server_.loop().modify(socket_.get(), EPOLLIN); });
    }
    return;
  }
}

void Listener::adopt(UniqueFd socket) {
  if (server_.open_count() >= context_->limits.connections) return;  // dropped: closed at once
  auto connection = std::make_shared<ServerConnection>(context_, net::Stream(std::move(socket)), transport_);
  server_.opened(connection);
  if (auto started = connection->start(); !started) {
    log::warn("a connection could not be served: {}", started.error().message);
    connection->close();
  }
}

}  // namespace

std::unique_ptr<HttpServer> HttpServer::create(EventLoop& loop) { return std::make_unique<Server>(loop); }

}  // namespace landfall::http
