#include "http/server_connection.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/log.h"
#include "codec/http1_field.h"
#include "net/socket.h"

namespace landfall::http {

ServerConnection::ServerConnection(std::shared_ptr<ServerContext> context, net::Stream stream,
                                   Transport transport)
    : context_(std::move(context)), stream_(std::move(stream)), transport_(transport) {
  const auto peer = net::SocketAddress::peer_of(stream_.fd());
  const auto local = net::SocketAddress::local_of(stream_.fd());
  peer_.address = peer.ip();
  peer_.port = peer.port();
  peer_.local_address = local.ip();
  peer_.local_port = local.port();
}

ServerConnection::~ServerConnection() { context_->turns.leave(*this); }

Result<> ServerConnection::start() {
  net::set_no_delay(stream_.fd());
  LF_CHECK(context_->loop.add(stream_.fd(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, this));
  set_deadline_ms(context_->limits.header_timeout_ms);
  auto self = shared_from_this();
  advance();
  return {};
}

void ServerConnection::on_io(uint32_t events) {
  auto self = shared_from_this();
  if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) readable = true;
  if (events & EPOLLRDHUP) half_closed_ = true;
  if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) writable = true;
  if ((events & EPOLLERR) || ((events & EPOLLHUP) && !(events & EPOLLIN))) return close();
  if (protocol_ && !half_closed_ && protocol_->receive()) return context_->turns.join(*this);
  advance();
  if ((events & EPOLLRDHUP) && !closed() && protocol_) protocol_->on_peer_half_closed();
}

void ServerConnection::advance() {
  if (closed()) return;
  if (protocol_ == nullptr) {
    if (transport_ == Transport::detect && !detect()) return;
    if (transport_ == Transport::tls && !stream_.is_tls())
      if (!stream_.accept_tls(context_->tls)) return close();
    switch (stream_.handshake()) {
      case net::IoStatus::ok:
        break;
      case net::IoStatus::again:
        return;
      default:
        log::debug("TLS handshake with {} failed: {}", peer_.address, stream_.tls_error());
        return close();
    }
    begin_protocol();
  }
  protocol_->drive();
}

void ServerConnection::take_turn() {
  if (closed()) return;
  const auto self = shared_from_this();
  protocol_->drive();
}

// The first byte of a TLS connection is the record type handshake, 0x16; no HTTP method begins so.
bool ServerConnection::detect() {
  char first = 0;
  const ssize_t got = ::recv(stream_.fd(), &first, 1, MSG_PEEK);
  if (got == 1) {
    transport_ = first == 0x16 ? Transport::tls : Transport::plain;
    return true;
  }
  if (got == 0 || (errno != EAGAIN && errno != EINTR)) close();
  return false;
}

void ServerConnection::begin_protocol() {
  if (stream_.is_tls()) {
    peer_.tls = true;
    peer_.server_name = stream_.server_name();
    peer_.tls_version = stream_.tls_version();
    peer_.tls_cipher = stream_.tls_cipher();
  }
  protocol_ = stream_.negotiated_h2() ? make_http2_protocol(*this) : make_http1_protocol(*this);
  if (context_->draining) protocol_->drain();
}

net::IoResult ServerConnection::read(char* buffer, size_t size) {
  const net::IoResult result = stream_.read(buffer, size);
  // A short read has emptied the socket: what comes later is a new edge. Not so once the end has been
  // announced.
  if (result.status == net::IoStatus::again ||
      (result.status == net::IoStatus::ok && result.bytes < size && !stream_.is_tls() && !half_closed_))
    readable = false;
  return result;
}

void ServerConnection::close() {
  if (closed()) return;
  auto self = shared_from_this();
  context_->loop.remove(stream_.fd());
  stream_.close();
  if (protocol_) protocol_->on_closed();
  context_->on_closed(*this);
}

void ServerConnection::set_deadline_ms(int64_t from_now_ms) {
  deadline_ns_ = from_now_ms == 0 ? 0 : context_->loop.clock().monotonic_ns() + from_now_ms * 1'000'000;
}

void ServerConnection::check_deadline(int64_t now_ns) {
  auto self = shared_from_this();
  if (protocol_ && !closed()) protocol_->check_pace(now_ns);
  if (deadline_ns_ == 0 || now_ns < deadline_ns_ || closed()) return;
  if (protocol_)
    protocol_->on_timeout();
  else
    close();
}

void ServerConnection::drain() {
  auto self = shared_from_this();
  if (protocol_)
    protocol_->drain();
  else
    close();
}

void ServerConnection::post_drive() {
  context_->loop.post([weak = weak_from_this()] {
    if (auto self = weak.lock(); self && !self->closed() && self->protocol_) self->protocol_->drive();
  });
}

bool is_framing_field(std::string_view name) { return is_framing_field(http1::field_id(name)); }

bool is_framing_field(http1::FieldId id) {
  switch (id) {
    case http1::FieldId::connection:
    case http1::FieldId::keep_alive:
    case http1::FieldId::proxy_connection:
    case http1::FieldId::transfer_encoding:
    case http1::FieldId::upgrade:
      return true;
    default:
      return false;
  }
}

std::string_view current_http_date(const Clock& clock) {
  thread_local int64_t second = -1;
  thread_local std::string text;
  const Timestamp now = clock.now();
  if (now.unix_seconds() != second) {
    second = now.unix_seconds();
    text = format_http_date(now);
  }
  return text;
}

}  // namespace landfall::http
