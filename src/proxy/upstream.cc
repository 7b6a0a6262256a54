#include "proxy/upstream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>

#include "proxy/worker.h"

namespace landfall::proxy {
namespace {
constexpr unsigned kUnacknowledgedMs = 10'000;
}

UpstreamConnection::UpstreamConnection(Worker& worker, std::shared_ptr<Upstream> upstream)
    : in(worker.blocks()), worker_(worker), upstream_(std::move(upstream)) {}

UpstreamConnection::~UpstreamConnection() { close(); }

void UpstreamConnection::start() {
  net::VpcSockets& sockets = upstream_->sockets();
  const std::string& vpc_id = upstream_->options().vpc_id;
  if (UniqueFd socket = sockets.try_take(vpc_id)) return adopt(std::move(socket));
  waiting_for_socket_ = true;
  sockets.wait(vpc_id, [weak = weak_from_this()](Result<UniqueFd> socket) {
    auto self = weak.lock();
    if (!self || self->failed_) return;
    self->waiting_for_socket_ = false;
    if (socket) {
      self->adopt(std::move(*socket));
    } else {
      self->failed_ = true;
      self->connect_error_ = socket.error().message;
    }
    if (self->user != nullptr) self->user->on_upstream_ready();
  });
}

void UpstreamConnection::adopt(UniqueFd socket) {
  const UpstreamOptions& options = upstream_->options();
  const auto failed = [this](std::string why) {
    failed_ = true;
    connect_error_ = std::move(why);
  };
  if (options.source.length != 0) {
    // The port is chosen at connect time, for the whole four-tuple: otherwise ports run out at 28,000
    // connections.
    const int one = 1;
    setsockopt(socket.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(socket.get(), options.source.get(), options.source.length) != 0)
      return failed(fail_errno("bind " + options.source.ip()).error().message);
  }
  // A peer that is gone without a word: what was sent to it is given up, and can be sent elsewhere where that
  // is safe.
  const unsigned give_up_ms = kUnacknowledgedMs;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &give_up_ms, sizeof give_up_ms);
  if (auto started = net::start_connect(socket.get(), options.address); !started)
    return failed(started.error().message);
  connecting_ = true;
  stream_ = net::Stream(std::move(socket));
  if (auto added = worker_.loop().add(stream_.fd(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, this); !added)
    failed(added.error().message);
}

ConnectStatus UpstreamConnection::connect_step() {
  if (!failed_ && !waiting_for_socket_ && !connecting_ && stream_.handshaken())
    return ConnectStatus::connected;
  if (failed_) return ConnectStatus::failed;
  if (waiting_for_socket_) return ConnectStatus::pending;
  if (connecting_) {
    if (!writable) return ConnectStatus::pending;
    if (auto connected = net::connect_result(stream_.fd()); !connected) {
      failed_ = true;
      connect_error_ = connected.error().message;
      return ConnectStatus::failed;
    }
    connecting_ = false;
    if (upstream_->options().tls) {
      if (auto tls = stream_.connect_tls(upstream_->options().tls, upstream_->options().server_name); !tls) {
        failed_ = true;
        connect_error_ = tls.error().message;
        return ConnectStatus::failed;
      }
    }
  }
  switch (stream_.handshake()) {
    case net::IoStatus::ok:
      return ConnectStatus::connected;
    case net::IoStatus::again:
      return ConnectStatus::pending;
    default:
      failed_ = true;
      connect_error_ = stream_.tls_error();
      return ConnectStatus::failed;
  }
}

void UpstreamConnection::on_io(uint32_t events) {
  if (events & EPOLLRDHUP) half_closed_ = true;
  if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) readable = true;
  if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) writable = true;
  if (user != nullptr) return user->on_upstream_ready();
  // Idle: the end of the connection, or an answer that nobody asked for. Either way it is not to be used
  // again.
  if (readable) {
    const auto self = shared_from_this();
    close();
    upstream_->forget_idle(*this);
  }
}

net::IoResult UpstreamConnection::read(char* buffer, size_t size) {
  const net::IoResult result = stream_.read(buffer, size);
  // A short read has emptied the socket: the next bytes are a new edge. Not so once the end has been
  // announced.
  if (result.status == net::IoStatus::again ||
      (result.status == net::IoStatus::ok && stream_.drained() && !half_closed_))
    readable = false;
  return result;
}

net::IoResult UpstreamConnection::splice_to(int pipe, size_t size) {
  const net::IoResult result = stream_.splice_to(pipe, size);
  if (result.status == net::IoStatus::again) readable = false;
  return result;
}

net::IoResult UpstreamConnection::write(const char* data, size_t size) {
  const net::IoResult result = stream_.write(data, size);
  if (result.status == net::IoStatus::again) writable = false;
  return result;
}

void UpstreamConnection::close() {
  failed_ = true;
  user = nullptr;
  in.release();
  if (!stream_) return;
  worker_.loop().remove(stream_.fd());
  stream_.close();
}

Upstream::Upstream(Worker& worker, net::VpcSockets& sockets, UpstreamOptions options)
    : worker_(worker),
      sockets_(sockets),
      options_(std::move(options)),
      address_text_(options_.address.ip() + ":" + std::to_string(options_.address.port())) {
  worker_.add_upstream(*this);
}

Upstream::~Upstream() {
  worker_.remove_upstream(*this);
  close_idle();
}

std::shared_ptr<UpstreamConnection> Upstream::acquire(Wanted wanted) {
  if (wanted == Wanted::any && !idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    connection->upstream_ = shared_from_this();
    connection->reused = true;
    return connection;
  }
  auto connection = std::make_shared<UpstreamConnection>(worker_, shared_from_this());
  connection->start();
  return connection;
}

void Upstream::release(std::shared_ptr<UpstreamConnection> connection) {
  connection->user = nullptr;
  connection->in.release();
  connection->out.clear();
  connection->out_sent = 0;
  // Under TLS "readable" may only mean that nobody has looked: look.
  char unasked;
  const bool quiet = !connection->readable || connection->read(&unasked, 1).status == net::IoStatus::again;
  if (retired || !quiet || connection->half_closed_ || idle_.size() >= options_.idle_connections)
    return connection->close();
  connection->idle_since_ns = worker_.latest_ns();
  // The pool holds the connection, so the connection must not hold the pool's owner.
  connection->upstream_ = std::shared_ptr<Upstream>(std::shared_ptr<void>(), this);
  idle_.push_back(std::move(connection));
}

void Upstream::close_idle() {
  for (const auto& connection : std::exchange(idle_, {})) connection->close();
}

void Upstream::sweep(int64_t now_ns) {
  const int64_t oldest = now_ns - options_.idle_ms * 1'000'000;
  std::erase_if(idle_, [oldest](const auto& connection) {
    if (connection->idle_since_ns >= oldest) return false;
    connection->close();
    return true;
  });
}

void Upstream::forget_idle(UpstreamConnection& connection) {
  std::erase_if(idle_, [&connection](const auto& other) { return other.get() == &connection; });
}

}  // namespace landfall::proxy
