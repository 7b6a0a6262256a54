// Client: HTTP/1.1 requests on an EventLoop, over TCP, Unix sockets and TLS, with kept-alive connections. For
// calls between the roles, health checks and origins; the load balancer's hot path has its own upstreams
// (src/proxy).
//
// Threads: everything on the loop's thread. Callbacks never run inside the call that registers them.
// Ownership: a call lives while its caller or the client holds it; dropping the caller's pointer does not
// cancel it. Limits: response heads as http1::HeadLimits; a paused reader stops reading from the socket;
// writes queue at most kWriteQueueBytes before write() asks to wait.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"
#include "http/message.h"
#include "net/tls.h"

namespace landfall {
class EventLoop;
}

namespace landfall::http {

// Gives a connected or connecting, non-blocking stream socket, now or later; exactly one call of the function
// it gets.
using Connected = std::move_only_function<void(Result<UniqueFd>)>;
using Connector = std::function<void(Connected)>;

// Where requests go. Calls with equal `pool_key` share connections.
struct Endpoint {
  std::string pool_key;
  Connector connect;
  net::TlsContext tls;      // null: plain
  std::string server_name;  // SNI, and what the certificate must be for

  static Endpoint tcp(const std::string& ip, uint16_t port);
  static Endpoint tcp_from(const std::string& source_ip, const std::string& ip, uint16_t port);
  static Endpoint unix_socket(const std::string& path);
  static Endpoint tls_over(Endpoint below, net::TlsContext tls, std::string server_name);
};

enum class ClientErrorKind {
  connect,     // no connection: nothing was sent
  tls,         // handshake or certificate
  timeout,     // of any phase; the message names it
  closed,      // the server went away before the end of the answer
  malformed,   // what came is no HTTP/1.1 answer
  unsendable,  // a method, target or authority that would end early and begin something else: nothing was
               // sent
  cancelled,
};

struct ClientError {
  ClientErrorKind kind;
  std::string message;
};

struct ResponseReader {
  std::move_only_function<void(Response)> on_head;  // once; interim (1xx) answers are not shown
  std::move_only_function<void(std::string_view)> on_data;
  std::move_only_function<void()> on_end;  // exactly one of on_end and on_error, last
  std::move_only_function<void(ClientError)> on_error;
};

struct ClientTimeouts {
  int64_t connect_ms = 5'000;         // with the TLS handshake
  int64_t response_head_ms = 60'000;  // from the end of the request
  int64_t body_idle_ms = 60'000;      // without a byte either way
};

class ClientCall {
 public:
  virtual ~ClientCall() = default;
  // The request's body, if it was started as a stream.
  virtual bool write(std::string data) = 0;  // false: wait for `writable`
  virtual void on_writable(std::move_only_function<void()> writable) = 0;
  virtual void finish() = 0;
  // The answer's body.
  virtual void pause() = 0;
  virtual void resume() = 0;
  virtual void cancel() = 0;  // no callback after this
};

// Method, target and headers (Host from `authority` unless given) are sent as they are, or the call fails as
// unsendable; framing and Connection fields are the client's.
struct ClientRequest {
  Request head;
  std::string body;                                // sent with Content-Length; ignored when streaming
  std::shared_ptr<const std::string> shared_body;  // goes before `body`, and is not copied
  bool streams_body =
      false;  // write() and finish() follow: chunked, or with the Content-Length that `head` has
  ClientTimeouts timeouts;
  std::string_view whole_body() const { return shared_body ? std::string_view(*shared_body) : body; }
};

struct Fetched {
  Response head;
  std::string body;
};

struct ClientOptions {
  size_t idle_per_endpoint = 16;
  int64_t idle_ms =
      20'000;  // below what servers keep (60 s and more), so that a reused one is rarely closed already
};

class Client {
 public:
  static std::unique_ptr<Client> create(EventLoop& loop, ClientOptions options = {});
  virtual ~Client() = default;  // cancels all calls

  // An idempotent request without streamed body that meets a kept connection which the server closes
  // unanswered is sent once more on a new one (RFC 9110 section 9.2.2).
  virtual std::shared_ptr<ClientCall> start(const Endpoint& endpoint, ClientRequest request,
                                            ResponseReader reader) = 0;

  // The whole answer, or an error if its body is longer than limit_bytes.
  std::shared_ptr<ClientCall> fetch(const Endpoint& endpoint, ClientRequest request, size_t limit_bytes,
                                    std::move_only_function<void(std::expected<Fetched, ClientError>)> done);
};

}  // namespace landfall::http
