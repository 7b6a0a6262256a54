#include "services/route53/dataplane/server.h"

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <list>
#include <vector>

#include "base/log.h"

namespace landfall::route53 {
namespace {

constexpr int kBatch = 32;               // datagrams a system call
constexpr int kBatchesPerEvent = 8;      // then others on the loop have their turn
constexpr size_t kMaxQueryBytes = 2048;  // over UDP; longer ones arrive cut and are format errors
constexpr size_t kMaxPendingBytes = 256
                                    << 10;  // answers a TCP client has not taken: no more queries are read
constexpr int kBacklog = 256;
constexpr int kAcceptsPerEvent = 64;     // then others on the loop have their turn
constexpr int64_t kAcceptPauseMs = 100;  // when the process is out of descriptors

class Server;

// Invariant: `in_` holds less than one whole frame whenever more is to be read.
class TcpConnection final : public IoHandler {
 public:
  TcpConnection(Server& server, UniqueFd fd) : server_(server), fd_(std::move(fd)) {}
  void on_io(uint32_t events) override;
  int fd() const { return fd_.get(); }

  TimerId timer = 0;
  std::list<TcpConnection*>::iterator by_activity;

 private:
  enum class Step { keep, close };
  Step read_some();
  bool answer_frames();  // true if at least one query came
  Step flush();
  bool saturated() const { return out_.size() - sent_ > kMaxPendingBytes; }

  Server& server_;
  UniqueFd fd_;
  std::vector<uint8_t> in_, out_;
  size_t sent_ = 0;
  uint32_t interest_ = EPOLLIN;
  bool peer_done_ = false;
};

class UdpSocket final : public IoHandler {
 public:
  UdpSocket(Server& server, UniqueFd fd) : server_(server), fd_(std::move(fd)) {
    for (int i = 0; i < kBatch; ++i) {
      in_vectors_[i] = {in_[i].data(), in_[i].size()};
      incoming_[i].msg_hdr = {.msg_name = &peers_[i], .msg_iov = &in_vectors_[i], .msg_iovlen = 1};
    }
  }
  void on_io(uint32_t events) override;
  int fd() const { return fd_.get(); }

 private:
  int receive();
  void answer(int count);

  Server& server_;
  UniqueFd fd_;
  std::array<std::array<uint8_t, kMaxQueryBytes>, kBatch> in_;
  std::array<std::array<uint8_t, dns::kMaxUdpBytes>, kBatch> out_;
  std::array<sockaddr_storage, kBatch> peers_{};
  std::array<iovec, kBatch> in_vectors_{}, out_vectors_{};
  std::array<mmsghdr, kBatch> incoming_{}, outgoing_{};
};

class Listener final : public IoHandler {
 public:
  Listener(Server& server, UniqueFd fd) : server_(server), fd_(std::move(fd)) {}
  ~Listener();
  void on_io(uint32_t events) override;
  int fd() const { return fd_.get(); }

 private:
  Server& server_;
  UniqueFd fd_;
  TimerId pause_ = 0;
};

// Invariants: each connection in connections_ is registered with the loop, has a timer, and stands in
// by_activity_ in the order of its last query.
class Server final : public DnsServer {
 public:
  Server(EventLoop& loop, std::unique_ptr<Responder> responder, DnsServerOptions options)
      : loop_(loop),
        responder_(std::move(responder)),
        options_(options),
        tcp_answer_(dns::kMaxMessageBytes) {}

  ~Server() override {
    while (!by_activity_.empty()) close(by_activity_.front());
    if (udp_) loop_.remove(udp_->fd());
    if (listener_) loop_.remove(listener_->fd());
  }

  Result<> start(UniqueFd udp, UniqueFd tcp) {
    if (udp) {
      auto socket = std::make_unique<UdpSocket>(*this, std::move(udp));
      LF_CHECK(loop_.add(socket->fd(), EPOLLIN, socket.get()));
      udp_ = std::move(socket);
    }
    if (tcp) {
      auto listener = std::make_unique<Listener>(*this, std::move(tcp));
      LF_CHECK(loop_.add(listener->fd(), EPOLLIN, listener.get()));
      listener_ = std::move(listener);
    }
    return {};
  }

  void accepted(UniqueFd fd) {
    if (connections_.size() >= options_.max_tcp_connections) close(by_activity_.front());
    const int number = fd.get();
    auto connection = std::make_unique<TcpConnection>(*this, std::move(fd));
    if (!loop_.add(number, EPOLLIN, connection.get())) return;
    connection->by_activity = by_activity_.insert(by_activity_.end(), connection.get());
    set_timer(*connection);
    connections_[number] = std::move(connection);
  }

  void active(TcpConnection& connection) {
    by_activity_.splice(by_activity_.end(), by_activity_, connection.by_activity);
    loop_.cancel(connection.timer);
    set_timer(connection);
  }

  void close(TcpConnection* connection) {
    loop_.cancel(connection->timer);
    loop_.remove(connection->fd());
    by_activity_.erase(connection->by_activity);
    connections_.erase(connection->fd());
  }

  size_t respond_udp(std::span<const uint8_t> query, std::span<uint8_t> out) {
    ++counters_.udp_queries;
    return respond(query, Transport::udp, *responder_, scratch_, out);
  }

  std::span<const uint8_t> respond_tcp(std::span<const uint8_t> query) {
    ++counters_.tcp_queries;
    return {tcp_answer_.data(), respond(query, Transport::tcp, *responder_, scratch_, tcp_answer_)};
  }

  EventLoop& loop() { return loop_; }
  void dropped(int count) { counters_.udp_dropped += static_cast<uint64_t>(count); }
  const Counters& counters() const override { return counters_; }

 private:
  void set_timer(TcpConnection& connection) {
    connection.timer = loop_.after_ms(options_.tcp_idle_ms, [this, &connection] { close(&connection); });
  }

  EventLoop& loop_;
  std::unique_ptr<Responder> responder_;
  DnsServerOptions options_;
  Counters counters_;
  Answer scratch_;
  std::vector<uint8_t> tcp_answer_;
  std::unique_ptr<UdpSocket> udp_;
  std::unique_ptr<Listener> listener_;
  std::unordered_map<int, std::unique_ptr<TcpConnection>> connections_;
  std::list<TcpConnection*> by_activity_;
};

int UdpSocket::receive() {
  for (auto& message : incoming_) message.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
  return recvmmsg(fd_.get(), incoming_.data(), kBatch, MSG_DONTWAIT, nullptr);
}

void UdpSocket::answer(int count) {
  int answers = 0;
  for (int i = 0; i < count; ++i) {
    const size_t size = server_.respond_udp({in_[i].data(), incoming_[i].msg_len}, out_[i]);
    if (size == 0) continue;
    out_vectors_[answers] = {out_[i].data(), size};
    outgoing_[answers].msg_hdr = {.msg_name = &peers_[i],
                                  .msg_namelen = incoming_[i].msg_hdr.msg_namelen,
                                  .msg_iov = &out_vectors_[answers],
                                  .msg_iovlen = 1};
    ++answers;
  }
  for (int sent = 0; sent < answers;) {
    const int n =
        sendmmsg(fd_.get(), outgoing_.data() + sent, static_cast<unsigned>(answers - sent), MSG_DONTWAIT);
    if (n > 0) {
      sent += n;
    } else if (errno == EAGAIN || errno == ENOBUFS) {
      return server_.dropped(answers - sent);  // clients ask again
    } else if (errno != EINTR) {
      server_.dropped(1);  // this destination cannot be reached
      ++sent;
    }
  }
}

void UdpSocket::on_io(uint32_t) {
  for (int batch = 0; batch < kBatchesPerEvent; ++batch) {
    const int count = receive();
    if (count <= 0) return;  // nothing left, or an ICMP error taken off the queue
    answer(count);
    if (count < kBatch) return;
  }
}

Listener::~Listener() { server_.loop().cancel(pause_); }

void Listener::on_io(uint32_t) {
  for (int i = 0; i < kAcceptsPerEvent; ++i) {
    UniqueFd fd(accept4(fd_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd) {
      server_.accepted(std::move(fd));
      continue;
    }
    if (errno == ECONNABORTED || errno == EINTR) continue;
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
      // What waits stays readable: without a pause the loop would spin.
      log::error("DNS over TCP: {}; pausing", fail_errno("accept").error().message);
      server_.loop().modify(fd_.get(), 0);
      pause_ = server_.loop().after_ms(kAcceptPauseMs, [this] { server_.loop().modify(fd_.get(), EPOLLIN); });
    }
    return;
  }
}

void TcpConnection::on_io(uint32_t events) {
  Step step = Step::keep;
  if (events & (EPOLLERR | EPOLLHUP)) step = Step::close;
  if (step == Step::keep && (events & EPOLLIN)) step = read_some();
  if (step == Step::keep) {
    if (answer_frames()) server_.active(*this);
    step = flush();
  }
  if (step == Step::close) server_.close(this);  // deletes this
}

TcpConnection::Step TcpConnection::read_some() {
  uint8_t buffer[4096];
  const ssize_t n = read(fd_.get(), buffer, sizeof buffer);
  if (n < 0) return errno == EAGAIN || errno == EINTR ? Step::keep : Step::close;
  if (n == 0) peer_done_ = true;
  in_.insert(in_.end(), buffer, buffer + n);
  return Step::keep;
}

bool TcpConnection::answer_frames() {
  size_t at = 0;
  bool any = false;
  while (!saturated() && in_.size() - at >= 2) {
    const size_t length = static_cast<size_t>(in_[at]) << 8 | in_[at + 1];
    if (in_.size() - at - 2 < length) break;
    const auto answer = server_.respond_tcp({in_.data() + at + 2, length});
    at += 2 + length;
    any = true;
    if (answer.empty()) continue;
    out_.push_back(static_cast<uint8_t>(answer.size() >> 8));
    out_.push_back(static_cast<uint8_t>(answer.size()));
    out_.insert(out_.end(), answer.begin(), answer.end());
  }
  in_.erase(in_.begin(), in_.begin() + static_cast<ptrdiff_t>(at));
  return any;
}

TcpConnection::Step TcpConnection::flush() {
  while (true) {
    while (sent_ < out_.size()) {
      const ssize_t n = send(fd_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0 && errno != EAGAIN) return Step::close;
      if (n < 0) break;
      sent_ += static_cast<size_t>(n);
    }
    if (sent_ < out_.size()) break;
    out_.clear();
    sent_ = 0;
    // Queries that waited for room. None: all is said.
    if (!answer_frames()) break;
    server_.active(*this);
  }
  if (peer_done_ && out_.empty()) return Step::close;
  const uint32_t interest = (saturated() || peer_done_ ? 0u : EPOLLIN) | (out_.empty() ? 0u : EPOLLOUT);
  if (interest != interest_) server_.loop().modify(fd_.get(), interest_ = interest);
  return Step::keep;
}

enum class Sharing { with_own_workers, none };

Result<UniqueFd> make_socket(int kind, const std::string& address, uint16_t port, Sharing sharing) {
  UniqueFd fd(socket(AF_INET, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno("socket");
  const int on = 1;
  // SO_REUSEADDR: for TCP it passes over connections of an earlier run; for UDP it would share the address.
  if (kind == SOCK_STREAM && setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) {
    return fail_errno("setsockopt");
  }
  if (sharing == Sharing::with_own_workers &&
      setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
    return fail_errno("setsockopt");
  }
  sockaddr_in name{.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, address.c_str(), &name.sin_addr) != 1)
    return fail("not an IPv4 address: " + address);
  if (bind(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) != 0) {
    return fail_errno("bind " + address + " port " + std::to_string(port));
  }
  return fd;
}

}  // namespace

Result<std::unique_ptr<DnsServer>> DnsServer::create(EventLoop& loop, std::unique_ptr<Responder> responder,
                                                     UniqueFd udp, UniqueFd tcp, DnsServerOptions options) {
  auto server = std::make_unique<Server>(loop, std::move(responder), options);
  LF_CHECK(server->start(std::move(udp), std::move(tcp)));
  return server;
}

Result<UniqueFd> bind_dns_udp(const std::string& address, uint16_t port) {
  return make_socket(SOCK_DGRAM, address, port, Sharing::with_own_workers);
}

Result<UniqueFd> listen_dns_tcp(const std::string& address, uint16_t port) {
  LF_TRY(UniqueFd fd, make_socket(SOCK_STREAM, address, port, Sharing::with_own_workers));
  if (listen(fd.get(), kBacklog) != 0) return fail_errno("listen");
  return fd;
}

Result<> check_dns_address_free(const std::string& address, uint16_t port) {
  for (int kind : {SOCK_DGRAM, SOCK_STREAM}) {
    LF_TRY([[maybe_unused]] UniqueFd probe, make_socket(kind, address, port, Sharing::none));
  }
  return {};
}

}  // namespace landfall::route53
