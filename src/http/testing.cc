#include "http/testing.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <future>

#include "net/socket.h"

namespace landfall::http::testing {
namespace {

constexpr int kPatienceSeconds = 10;

std::string take_pem(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(bio);
  return pem;
}

}  // namespace

LoopbackListener listen_anywhere() {
  auto fd = net::listen_tcp(net::SocketAddress::inet("127.0.0.1", 0).value()).value();
  const uint16_t port = net::SocketAddress::local_of(fd.get()).port();
  return {std::move(fd), port};
}

LoopThread::LoopThread(Start when) : loop_(EventLoop::create().value()) {
  if (when == Start::now) start();
}

void LoopThread::start() {
  thread_ = std::thread([this] { loop_->run(); });
}

LoopThread::~LoopThread() {
  if (!thread_.joinable()) return;
  loop_->stop();
  thread_.join();
}

void LoopThread::join() { thread_.join(); }

void LoopThread::run(std::move_only_function<void()> task) {
  std::promise<void> done;
  loop_->post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

RawClient::RawClient(const std::string& ip, uint16_t port)
    : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const auto address = net::SocketAddress::inet(ip, port).value();
  set_patience();
  LF_INVARIANT(connect(fd_.get(), address.get(), address.length) == 0);
}

RawClient::RawClient(UniqueFd connected) : fd_(std::move(connected)) { set_patience(); }

void RawClient::set_patience() {
  const timeval patience{.tv_sec = kPatienceSeconds, .tv_usec = 0};
  setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // the peer closed: the test sees it in what it reads
    bytes.remove_prefix(static_cast<size_t>(n));
  }
}

std::string RawClient::read_until(std::string_view end) {
  for (;;) {
    if (!end.empty()) {
      if (const size_t at = buffer_.find(end); at != std::string::npos) {
        std::string found = buffer_.substr(0, at + end.size());
        buffer_.erase(0, at + end.size());
        return found;
      }
    }
    char block[65536];
    const ssize_t n = ::recv(fd_.get(), block, sizeof block, 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::exchange(buffer_, {}) + "<timed out>";
    if (n <= 0) return std::exchange(buffer_, {});
    buffer_.append(block, static_cast<size_t>(n));
  }
}

void RawClient::close_write() { shutdown(fd_.get(), SHUT_WR); }

ScriptedServer::ScriptedServer(std::vector<Script> scripts) : listener_(listen_anywhere()) {
  const int flags = fcntl(listener_.fd.get(), F_GETFL);
  fcntl(listener_.fd.get(), F_SETFL, flags & ~O_NONBLOCK);
  thread_ = std::thread([this, scripts = std::move(scripts)]() mutable { run(std::move(scripts)); });
}

ScriptedServer::~ScriptedServer() {
  stopping_ = true;
  shutdown(listener_.fd.get(), SHUT_RDWR);  // wakes accept()
  thread_.join();
}

void ScriptedServer::run(std::vector<Script> scripts) {
  for (size_t i = 0; !stopping_; ++i) {
    UniqueFd fd(accept4(listener_.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd) return;
    ++connections_;
    RawClient connection(std::move(fd));
    scripts[std::min(i, scripts.size() - 1)](connection);
  }
}

TestCertificate self_signed(const std::string& name) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  X509_EXTENSION* names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + name).c_str());
  X509_add_ext(certificate, names, -1);
  X509_EXTENSION_free(names);
  X509_sign(certificate, key, EVP_sha256());
  BIO* chain = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(chain, certificate);
  BIO* secret = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(secret, key, nullptr, nullptr, 0, nullptr, nullptr);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return {take_pem(chain), Secret(take_pem(secret))};
}

CommandResult run_command(const std::string& shell_line) {
  CommandResult result;
  FILE* pipe = popen((shell_line + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return result;
  char block[4096];
  while (size_t n = fread(block, 1, sizeof block, pipe)) result.output.append(block, n);
  const int status = pclose(pipe);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

}  // namespace landfall::http::testing
