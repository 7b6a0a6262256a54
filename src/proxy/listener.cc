#include "proxy/listener.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/log.h"
#include "net/socket.h"

namespace landfall::proxy {
namespace {

constexpr int kAcceptsPerTurn = 64;
constexpr int64_t kAcceptPauseMs = 100;
constexpr int64_t kHandshakeMs = 10'000;

ClientInfo info_of(int fd) {
  const auto peer = net::SocketAddress::peer_of(fd);
  const auto local = net::SocketAddress::local_of(fd);
  return {.address = peer.ip(), .port = peer.port(), .local_address = local.ip(), .local_port = local.port()};
}

// A connection until its TLS handshake is done; then it becomes a client of the negotiated protocol.
class Handshake final : public ClientConnection, public IoHandler {
 public:
  Handshake(Worker& worker, std::shared_ptr<ListenerContext> context, net::Stream stream, ClientInfo info)
      : worker_(worker),
        context_(std::move(context)),
        stream_(std::move(stream)),
        info_(std::move(info)),
        began_ns_(worker.now_ns()),
        deadline_ns_(began_ns_ + kHandshakeMs * 1'000'000) {}
  ~Handshake() override { detach(); }

  bool start() {
    if (!stream_.accept_tls(context_->tls)) return false;
    return worker_.loop().add(stream_.fd(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, this).has_value();
  }

  void on_io(uint32_t) override {
    if (!stream_) return;
    switch (stream_.handshake()) {
      case net::IoStatus::again:
        return;
      case net::IoStatus::ok:
        return hand_over();
      default:
        log::debug("TLS handshake with {} failed: {}", info_.address, stream_.tls_error());
        context_->site->tls_failed(info_);
        close();
    }
  }

  void check_deadline(int64_t now_ns) override {
    if (now_ns < deadline_ns_) return;
    context_->site->tls_failed(info_);
    close();
  }
  void drain() override { close(); }
  void close() override {
    detach();
    stream_.close();
    context_->site->connection_closed();
    worker_.remove_client(*this);
  }

 private:
  void detach() {
    if (stream_) worker_.loop().remove(stream_.fd());
  }

  void hand_over() {
    detach();
    info_.tls = true;
    info_.server_name = stream_.server_name();
    info_.tls_version = stream_.tls_version();
    info_.tls_cipher = stream_.tls_cipher();
    info_.http2 = stream_.negotiated_h2();
    context_->site->connection_ready(info_, worker_.now_ns() - began_ns_);
    auto make = info_.http2 ? make_http2_client : make_http1_client;
    if (auto client = make(worker_, context_, std::move(stream_), std::move(info_)))
      worker_.add_client(std::move(client));
    worker_.remove_client(*this);
  }

  Worker& worker_;
  std::shared_ptr<ListenerContext> context_;
  net::Stream stream_;
  ClientInfo info_;
  int64_t began_ns_;
  int64_t deadline_ns_;
};

}  // namespace

Listener::Listener(Worker& worker, UniqueFd socket, ListenerOptions options)
    : worker_(worker), socket_(std::move(socket)), limit_(options.connections) {
  context_ = std::make_shared<ListenerContext>(
      ListenerContext{.site = std::move(options.site), .chooser = std::move(options.tls)});
}

Listener::~Listener() {
  worker_.loop().cancel(pause_);
  worker_.loop().remove(socket_.get());
}

Result<> Listener::start() {
  if (context_->chooser) {
    LF_TRY(context_->tls, net::make_choosing_tls(&context_->chooser));
  }
  return worker_.loop().add(socket_.get(), EPOLLIN, this);
}

void Listener::on_io(uint32_t) {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    UniqueFd socket(accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      adopt(std::move(socket));
      continue;
    }
    if (errno == ECONNABORTED || errno == EINTR) continue;
    if (errno != EAGAIN) {
      log::error("accept: {}; pausing", fail_errno("accept").error().message);
      worker_.loop().modify(socket_.get(), 0);
      pause_ =
          worker_.loop().after_ms(kAcceptPauseMs, [this] { worker_.loop().modify(socket_.get(), EPOLLIN); });
    }
    return;
  }
}

void Listener::adopt(UniqueFd socket) {
  if (worker_.client_count() >= limit_ || worker_.draining()) return;
  net::set_no_delay(socket.get());
  ClientInfo info = info_of(socket.get());
  if (!context_->site->admits(info)) return net::set_reset_on_close(socket.get());
  context_->site->connection_opened();
  if (context_->tls) {
    auto handshake =
        std::make_unique<Handshake>(worker_, context_, net::Stream(std::move(socket)), std::move(info));
    if (handshake->start())
      worker_.add_client(std::move(handshake));
    else
      context_->site->connection_closed();
    return;
  }
  context_->site->connection_ready(info, 0);
  if (auto client = make_http1_client(worker_, context_, net::Stream(std::move(socket)), std::move(info)))
    worker_.add_client(std::move(client));
}

Result<std::shared_ptr<Listener>> Worker::listen(UniqueFd socket, ListenerOptions options) {
  auto listener = std::make_shared<Listener>(*this, std::move(socket), std::move(options));
  LF_CHECK(listener->start());
  return listener;
}

}  // namespace landfall::proxy
