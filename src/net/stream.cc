#include "net/stream.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

namespace landfall::net {
namespace {

IoResult from_system(ssize_t returned) {
  if (returned > 0) return {IoStatus::ok, static_cast<size_t>(returned)};
  if (returned == 0) return {IoStatus::end};
  return {errno == EAGAIN || errno == EINTR ? IoStatus::again : IoStatus::error};
}

// sendfile(2) and splice(2) have no MSG_NOSIGNAL.
void ignore_sigpipe() {
  static const auto ignored = std::signal(SIGPIPE, SIG_IGN);
  (void)ignored;
}

// OpenSSL's I/O on a socket. Unlike OpenSSL's own it remembers whether a read has emptied the socket, which
// saves the read that would only say so, and it never raises SIGPIPE.

void set_retry(BIO* bio, int flags) {
  BIO_clear_retry_flags(bio);
  if (errno == EAGAIN || errno == EINTR) BIO_set_flags(bio, flags | BIO_FLAGS_SHOULD_RETRY);
}

int read_socket(BIO* bio, char* buffer, int size) {
  auto* socket = static_cast<TlsSocket*>(BIO_get_data(bio));
  const auto n = static_cast<int>(::recv(socket->fd, buffer, static_cast<size_t>(size), 0));
  socket->drained = n < size;
  socket->ended = n == 0;
  if (n >= 0)
    BIO_clear_retry_flags(bio);
  else
    set_retry(bio, BIO_FLAGS_READ);
  return n;
}

int write_socket(BIO* bio, const char* data, int size) {
  const auto* socket = static_cast<TlsSocket*>(BIO_get_data(bio));
  const auto n = static_cast<int>(::send(socket->fd, data, static_cast<size_t>(size), MSG_NOSIGNAL));
  if (n >= 0)
    BIO_clear_retry_flags(bio);
  else
    set_retry(bio, BIO_FLAGS_WRITE);
  return n;
}

long control_socket(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return static_cast<TlsSocket*>(BIO_get_data(bio))->ended ? 1 : 0;
  return 0;
}

BIO_METHOD* socket_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "landfall socket");
    LF_INVARIANT(made != nullptr);
    BIO_meth_set_read(made, read_socket);
    BIO_meth_set_write(made, write_socket);
    BIO_meth_set_ctrl(made, control_socket);
    return made;
  }();
  return method;
}

}  // namespace

void Stream::SslDeleter::operator()(SSL* ssl) const { SSL_free(ssl); }

Result<> Stream::put_tls(const TlsContext& context) {
  ssl_.reset(SSL_new(context.get()));
  BIO* bio = ssl_ ? BIO_new(socket_method()) : nullptr;
  if (bio == nullptr) return fail(take_tls_error("SSL_new"));
  socket_ = std::make_unique<TlsSocket>(TlsSocket{.fd = fd_.get()});
  BIO_set_data(bio, socket_.get());
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);  // takes both references
  handshaken_ = false;
  return {};
}

Result<> Stream::accept_tls(const TlsContext& context) {
  LF_CHECK(put_tls(context));
  SSL_set_accept_state(ssl_.get());
  return {};
}

Result<> Stream::connect_tls(const TlsContext& context, const std::string& server_name) {
  LF_CHECK(put_tls(context));
  SSL_set_connect_state(ssl_.get());
  if (!server_name.empty()) {
    if (SSL_set_tlsext_host_name(ssl_.get(), server_name.c_str()) != 1 ||
        SSL_set1_host(ssl_.get(), server_name.c_str()) != 1)
      return fail(take_tls_error("server name"));
  }
  return {};
}

IoStatus Stream::handshake() {
  if (handshaken_) return IoStatus::ok;
  ERR_clear_error();
  const int returned = SSL_do_handshake(ssl_.get());
  if (returned == 1) {
    handshaken_ = true;
    return IoStatus::ok;
  }
  return tls_result(returned).status;
}

std::string Stream::tls_error() {
  const long verify = SSL_get_verify_result(ssl_.get());
  if (verify != X509_V_OK) return std::string("TLS: ") + X509_verify_cert_error_string(verify);
  return take_tls_error("TLS");
}

IoResult Stream::tls_result(int returned) {
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return {IoStatus::again};
    case SSL_ERROR_ZERO_RETURN:
      return {IoStatus::end};
    default:
      return {IoStatus::error};
  }
}

IoResult Stream::read(char* buffer, size_t size) {
  if (ssl_ == nullptr) {
    const IoResult got = from_system(::recv(fd_.get(), buffer, size, 0));
    drained_ = got.bytes < size;
    return got;
  }
  ERR_clear_error();
  // What an earlier read saw of the socket does not count: this one may be served from OpenSSL's buffer, and
  // the edge that told of newer bytes has been used up.
  socket_->drained = false;
  size_t done = 0;
  const int returned = SSL_read_ex(ssl_.get(), buffer, size, &done);
  if (returned == 1) return {IoStatus::ok, done};
  return tls_result(returned);
}

IoResult Stream::write(const char* data, size_t size) {
  if (ssl_ == nullptr) return from_system(::send(fd_.get(), data, size, MSG_NOSIGNAL));
  ERR_clear_error();
  size_t done = 0;
  const int returned = SSL_write_ex(ssl_.get(), data, size, &done);
  if (returned == 1) return {IoStatus::ok, done};
  return tls_result(returned);
}

IoResult Stream::writev(const iovec* pieces, int count, More more) {
  if (count == 1) {  // a call that has less to copy and to check
    const int more_flag = more == More::follows ? MSG_MORE : 0;
    return from_system(::send(fd_.get(), pieces->iov_base, pieces->iov_len, MSG_NOSIGNAL | more_flag));
  }
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces);
  message.msg_iovlen = static_cast<size_t>(count);
  const int flags = MSG_NOSIGNAL | (more == More::follows ? MSG_MORE : 0);
  return from_system(::sendmsg(fd_.get(), &message, flags));
}

IoResult Stream::splice_to(int pipe, size_t size) {
  return from_system(::splice(fd_.get(), nullptr, pipe, nullptr, size, SPLICE_F_MOVE | SPLICE_F_NONBLOCK));
}

IoResult Stream::splice_from(int pipe, size_t size) {
  ignore_sigpipe();
  return from_system(::splice(pipe, nullptr, fd_.get(), nullptr, size, SPLICE_F_MOVE | SPLICE_F_NONBLOCK));
}

IoResult Stream::send_file(int file, uint64_t offset, size_t size) {
  ignore_sigpipe();
  auto position = static_cast<off_t>(offset);
  return from_system(::sendfile(fd_.get(), file, &position, size));
}

bool Stream::drained() const {
  return ssl_ == nullptr ? drained_ : socket_->drained && SSL_has_pending(ssl_.get()) == 0;
}

bool Stream::has_buffered() const { return ssl_ != nullptr && SSL_has_pending(ssl_.get()) == 1; }

void Stream::shutdown_write() {
  if (ssl_ != nullptr && handshaken_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  ::shutdown(fd_.get(), SHUT_WR);
}

void Stream::close() {
  if (ssl_ != nullptr && handshaken_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());  // one attempt to say close_notify; we do not wait for the peer's
  }
  ssl_.reset();
  socket_.reset();
  fd_.reset();
}

bool Stream::negotiated_h2() const {
  if (ssl_ == nullptr) return false;
  const unsigned char* protocol = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(ssl_.get(), &protocol, &length);
  return std::string_view(reinterpret_cast<const char*>(protocol), length) == "h2";
}

std::string Stream::server_name() const {
  const char* name = ssl_ ? SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name) : nullptr;
  return name == nullptr ? std::string() : std::string(name);
}

std::string_view Stream::tls_version() const { return ssl_ ? SSL_get_version(ssl_.get()) : ""; }
std::string_view Stream::tls_cipher() const { return ssl_ ? SSL_get_cipher_name(ssl_.get()) : ""; }

}  // namespace landfall::net
