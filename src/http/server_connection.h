// One accepted connection of an HttpServer: socket, TLS handshake, timeouts; the protocol spoken on it is a
// Protocol.
//
//   accepted ──(detect: first byte)──▶ handshaking ──▶ serving ──▶ closed
//        └───────── plain ────────────────────────────▲
//
// Invariants: registered with the loop, edge-triggered, from start() to close(); `readable` and `writable`
// are true until a read or write says EAGAIN. After close() no callback of the loop arrives and `protocol_`
// is told once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "codec/http1_field.h"
#include "http/server.h"
#include "net/stream.h"
#include "runtime/event_loop.h"
#include "runtime/turns.h"

namespace landfall::http {

// Read, or sent, at one event; then others get their turn. A mebibyte of a file (what sendfile() is given at
// once) and its head are one turn, not two.
inline constexpr size_t kBytesPerTurn = 1024 * 1024 + 16 * 1024;

class ServerConnection;

class Protocol {
 public:
  virtual ~Protocol() = default;
  // Reads, if only a request can come next; then drive() may wait for the connection's turn. False: it may
  // not.
  virtual bool receive() { return false; }
  virtual void drive() = 0;      // do what can be done now: the socket changed, or the application acted
  virtual void on_closed() = 0;  // the connection is gone: tell exchanges
  virtual void on_peer_half_closed() = 0;
  virtual void on_timeout() = 0;                // the deadline passed
  virtual void check_pace(int64_t now_ns) = 0;  // ends what a client does not take (net/reading_pace.h)
  virtual void drain() = 0;                     // no more requests after those begun
  virtual bool idle() const = 0;
};

// What connections share; owned by the listener, outlives them.
struct ServerContext {
  EventLoop& loop;
  ServerLimits limits;
  Handler handler;
  net::TlsContext tls;  // of the choosing kind; null for plain
  std::function<void(ServerConnection&)> on_closed;
  Turns turns{loop};
  bool draining = false;
};

class ServerConnection final : public IoHandler,
                               public TurnTaker,
                               public std::enable_shared_from_this<ServerConnection> {
 public:
  ServerConnection(std::shared_ptr<ServerContext> context, net::Stream stream, Transport transport);
  ~ServerConnection();

  Result<> start();
  void on_io(uint32_t events) override;
  void close();
  bool closed() const { return !stream_; }
  void check_deadline(int64_t now_ns);
  void take_turn() override;
  void drain();
  bool idle() const { return protocol_ == nullptr || protocol_->idle(); }

  // --- for the protocol ---
  net::Stream& stream() { return stream_; }
  ServerContext& context() { return *context_; }
  const Peer& peer() const { return peer_; }
  bool readable = true, writable = true;
  bool hold() { return context_->turns.hold(*this); }  // asked before sending: not now
  // Like Stream's, but they keep `readable` and `writable`.
  net::IoResult read(char* buffer, size_t size);
  void set_deadline_ms(int64_t from_now_ms);  // 0: none
  // Later, from the loop: drive() if the connection still lives.
  void post_drive();

 private:
  void advance();
  bool detect();
  void begin_protocol();

  std::shared_ptr<ServerContext> context_;
  net::Stream stream_;
  Transport transport_;
  Peer peer_;
  std::unique_ptr<Protocol> protocol_;
  int64_t deadline_ns_ = 0;
  bool half_closed_ = false;  // the peer has said that it sends no more
};

std::unique_ptr<Protocol> make_http1_protocol(ServerConnection& connection);
std::unique_ptr<Protocol> make_http2_protocol(ServerConnection& connection);

// Fields that the server itself decides about, whatever the application says.
bool is_framing_field(std::string_view name);
bool is_framing_field(http1::FieldId id);
std::string_view current_http_date(const Clock& clock);  // made once a second and thread

}  // namespace landfall::http
