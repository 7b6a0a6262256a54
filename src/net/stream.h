// Stream: a connected socket, plain or under TLS, that never blocks. One thread.
//
// TLS runs on the socket itself, so a read may have to write and the other way round; with edge-triggered
// events the owner simply tries again whenever the socket becomes readable or writable.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"
#include "net/tls.h"

namespace landfall::net {

enum class IoStatus { ok, again, end, error };

// follows: what is written next completes the packet; the kernel waits for it (MSG_MORE).
enum class More { no, follows };

struct IoResult {
  IoStatus status;
  size_t bytes = 0;
};

// The socket as OpenSSL's I/O sees it.
struct TlsSocket {
  int fd;
  bool drained = false;  // by the last read
  bool ended = false;
};

class Stream {
 public:
  Stream() = default;
  explicit Stream(UniqueFd fd) : fd_(std::move(fd)) {}
  Stream(Stream&&) noexcept = default;
  Stream& operator=(Stream&&) noexcept = default;

  int fd() const { return fd_.get(); }
  explicit operator bool() const { return static_cast<bool>(fd_); }
  bool is_tls() const { return ssl_ != nullptr; }

  // Puts TLS over the socket. The context is kept.
  Result<> accept_tls(const TlsContext& context);
  // `server_name` goes into SNI; it is verified against the certificate if the context verifies.
  Result<> connect_tls(const TlsContext& context, const std::string& server_name);
  IoStatus handshake();  // ok when done; again: when the socket is readable or writable
  bool handshaken() const { return handshaken_; }
  std::string tls_error();  // after an error

  IoResult read(char* buffer, size_t size);
  IoResult write(const char* data, size_t size);
  IoResult writev(const iovec* pieces, int count, More more = More::no);  // plain only
  IoResult send_file(int file, uint64_t offset, size_t size);             // plain only
  // Between the socket and a pipe, uncopied; plain only. The pipe is empty when it is filled.
  IoResult splice_to(int pipe, size_t size);
  IoResult splice_from(int pipe, size_t size);
  // Bytes already decrypted that read() gives without the socket.
  bool has_buffered() const;
  // The last read() took all that the socket had: the next bytes are a new edge. Not told of its end: an
  // owner that knows of EPOLLRDHUP reads on.
  bool drained() const;

  void shutdown_write();  // close_notify and FIN, as far as it goes without waiting
  void close();

  bool negotiated_h2() const;
  std::string server_name() const;
  std::string_view tls_version() const;
  std::string_view tls_cipher() const;

 private:
  struct SslDeleter {
    void operator()(SSL* ssl) const;
  };
  IoResult tls_result(int returned);
  Result<> put_tls(const TlsContext& context);

  UniqueFd fd_;
  std::unique_ptr<TlsSocket> socket_;     // what ssl_ reads and writes
  std::unique_ptr<SSL, SslDeleter> ssl_;  // before fd_ in destruction
  bool handshaken_ = true, drained_ = false;
};

}  // namespace landfall::net
