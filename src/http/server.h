// HttpServer: serves HTTP/1.1 (and HTTP/2 where TLS negotiates it) on listening sockets of one EventLoop, for
// the API front door, S3, the metadata service and the admin listeners. The proxy's hot path (src/proxy)
// shares the parser but not this interface.
//
// Threads: everything on the loop's thread. Ownership: an Exchange lives while the handler or the connection
// holds it. Limits: see ServerLimits. Back-pressure: body data is read from the socket only while the reader
// is not paused; writes queue at most kWriteQueueBytes before write() asks the caller to wait for the
// `writable` callback.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"
#include "http/message.h"
#include "net/reading_pace.h"

typedef struct ssl_ctx_st SSL_CTX;

namespace landfall {
class EventLoop;
}

namespace landfall::http {

struct ServerLimits {
  size_t header_bytes = 32 * 1024;  // request line and headers together: 431 beyond
  size_t header_count = 128;
  int64_t header_timeout_ms =
      15'000;  // from the first byte (or accept) to the end of the headers: 408 and close
  int64_t idle_timeout_ms = 75'000;             // keep-alive without a request
  int64_t body_idle_timeout_ms = 30'000;        // without a byte of body or a byte taken by the client
  int64_t pace_window_ms = net::kPaceWindowMs;  // in which it has to take the least of an answer
  size_t connections = 4'096;                   // beyond, accept and close
};

inline constexpr size_t kWriteQueueBytes = 256 * 1024;  // in memory
inline constexpr uint64_t kFileQueueBytes =
    4 * 1024 * 1024;  // of files: not in memory, but not looked at either

// Callbacks of a request body. Exactly one of on_end and on_error is called last.
struct BodyReader {
  std::move_only_function<void(std::string_view)> on_data;
  // Optional, and asked only where nothing has to be decoded: where the next bytes may be read to, so that
  // they are not copied there. They are given to on_data all the same, as a view of what was filled. Writable
  // until on_data or another room(); empty: no such place.
  std::move_only_function<std::span<char>()> room;
  std::move_only_function<void()> on_end;
  std::move_only_function<void(Error)> on_error;  // the client went away, timed out or broke the framing
};

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  virtual ~Exchange() = default;
  virtual const Request& request() const = 0;

  // --- the request's body; sends "100 Continue" first if the client waits for it (RFC 9110 section 10.1.1)
  // ---
  virtual void read_body(BodyReader reader) = 0;
  virtual void pause_body() = 0;
  virtual void resume_body() = 0;
  // The whole body, or an error if it is longer than limit_bytes (then the caller answers 413), broken, or
  // there is no memory for it in whole_messages() (ENOMEM: 503).
  void read_whole_body(size_t limit_bytes, std::move_only_function<void(Result<std::string>)> done);

  // --- the answer; one of the two ways, once ---
  virtual void respond(Response head, std::string body) = 0;  // sets Content-Length
  // The same with bytes that the caller shares with others; `owner` holds them.
  virtual void respond_shared(Response head, std::shared_ptr<const void> owner, std::string_view body);
  // Streaming: start(), any number of write()/send_file(), finish(). Without Content-Length in `head` the
  // body is chunked (HTTP/1.1) or delimited by END_STREAM (HTTP/2).
  virtual void start(Response head) = 0;
  // False when the queue is full: wait for `writable` before writing more (data already given is kept).
  virtual bool write(std::string data) = 0;
  virtual void on_writable(
      std::move_only_function<void()> writable) = 0;  // called once, when there is room again
  // Bytes [offset, offset + length) of the file, by sendfile where the connection is plain HTTP/1.1. False:
  // as of write(). The caller may share the file with others; its offset is not used.
  virtual bool send_file(std::shared_ptr<const UniqueFd> file, uint64_t offset, uint64_t length) = 0;
  virtual bool takes_files() const { return true; }  // false: only write() will do
  virtual void finish() = 0;
  virtual void
  abort() = 0;  // closes the connection (or resets the stream) so that the client sees the answer is cut

  // Called once, if the client goes away before the answer is complete.
  virtual void on_close(std::move_only_function<void()> closed) = 0;
};

using Handler = std::function<void(std::shared_ptr<Exchange>)>;

// Chooses the TLS context for a ClientHello's server name (lower case, empty if none); nullptr refuses the
// handshake with unrecognized_name. Called once per handshake; the context outlives the connection.
using TlsChooser = std::function<std::shared_ptr<SSL_CTX>(std::string_view server_name)>;

enum class Transport {
  plain,   // HTTP only
  tls,     // TLS only, ALPN h2 and http/1.1
  detect,  // the first byte tells: 0x16 is TLS (API port 4566)
};

struct ListenOptions {
  Transport transport = Transport::plain;
  TlsChooser tls;  // needed unless plain
  ServerLimits limits;
};

class HttpServer {
 public:
  static std::unique_ptr<HttpServer> create(EventLoop& loop);
  virtual ~HttpServer() = default;  // closes all listeners and connections
  // Takes a bound, listening, non-blocking stream socket (TCP or Unix).
  virtual Result<> serve(UniqueFd listener, ListenOptions options, Handler handler) = 0;
  // Stops accepting and closes idle connections; `drained` is called when the last request is answered.
  virtual void drain(std::move_only_function<void()> drained) = 0;
};

}  // namespace landfall::http
