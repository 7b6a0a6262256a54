#include "roles/up/up_socket.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <map>

#include "base/unique_fd.h"
#include "runtime/event_loop.h"

namespace landfall::roles {

namespace {

enum class Waits { for_request, for_ready, for_stopped };

struct Client {
  UniqueFd fd;
  std::string request;
  Waits waits = Waits::for_request;
};

void say(int fd, const std::string& line) {
  const std::string text = line + "\n";
  // Short lines into an empty buffer: they fit, or the client is gone.
  [[maybe_unused]] const ssize_t count = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

class Implementation final : public UpSocket {
 public:
  Implementation(EventLoop& loop, UniqueFd listener, UpRequests requests)
      : loop_(loop), listener_(std::move(listener)), requests_(std::move(requests)), acceptor_(*this) {}
  ~Implementation() override {
    loop_.remove(listener_.get());
    for (auto& [fd, connection] : connections_) loop_.remove(fd);
  }

  Result<> listen() { return loop_.add(listener_.get(), EPOLLIN, &acceptor_); }

  void tell_ready() override { tell(Waits::for_ready, "ready"); }
  void tell_stopped() override { tell(Waits::for_stopped, "stopped"); }

 private:
  struct Acceptor final : IoHandler {
    explicit Acceptor(Implementation& owner) : owner(owner) {}
    void on_io(uint32_t) override { owner.accept_one(); }
    Implementation& owner;
  };
  struct Connection final : IoHandler {
    Connection(Implementation& owner, UniqueFd fd) : owner(owner) { client.fd = std::move(fd); }
    void on_io(uint32_t) override { owner.read_from(client); }
    Implementation& owner;
    Client client;
  };

  void accept_one() {
    UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd || connections_.size() >= kClients) return;
    const int number = fd.get();
    auto connection = std::make_unique<Connection>(*this, std::move(fd));
    if (loop_.add(number, EPOLLIN, connection.get())) connections_[number] = std::move(connection);
  }

  void read_from(Client& client) {
    char buffer[kRequestBytes];
    const ssize_t count = ::recv(client.fd.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0 || client.request.size() + static_cast<size_t>(count) > kRequestBytes)
      return close(client.fd.get());
    client.request.append(buffer, static_cast<size_t>(count));
    if (client.request.ends_with('\n') && client.waits == Waits::for_request) answer(client);
  }

  void answer(Client& client) {
    client.request.pop_back();
    if (client.request == "status") {
      say(client.fd.get(), requests_.status());
      return close(client.fd.get());
    }
    if (client.request == "ready") {
      if (!requests_.is_ready()) {
        client.waits = Waits::for_ready;
        return;
      }
      say(client.fd.get(), "ready");
      return close(client.fd.get());
    }
    if (client.request == "stop") {
      client.waits = Waits::for_stopped;
      return requests_.stop();
    }
    say(client.fd.get(), "error: no such request");
    close(client.fd.get());
  }

  void tell(Waits waiting, const std::string& line) {
    for (auto it = connections_.begin(); it != connections_.end();) {
      const int fd = it->first;
      const bool told = it->second->client.waits == waiting;
      ++it;
      if (!told) continue;
      say(fd, line);
      close(fd);
    }
  }

  void close(int fd) {
    loop_.remove(fd);
    connections_.erase(fd);
  }

  EventLoop& loop_;
  UniqueFd listener_;
  UpRequests requests_;
  Acceptor acceptor_;
  std::map<int, std::unique_ptr<Connection>> connections_;
};

}  // namespace

Result<std::unique_ptr<UpSocket>> UpSocket::create(EventLoop& loop, const std::string& path,
                                                   uint32_t owner_uid, UpRequests requests) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (path.size() >= sizeof address.sun_path)
    return fail(path + ": too long for a Unix socket (choose a shorter --data-dir)");
  std::memcpy(address.sun_path, path.data(), path.size());
  UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener) return fail_errno("socket");
  ::unlink(path.c_str());
  const mode_t mask = ::umask(0177);
  const int bound = ::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  ::umask(mask);
  if (bound != 0) return fail_errno("bind " + path);
  if (::chown(path.c_str(), owner_uid, static_cast<gid_t>(-1)) != 0) return fail_errno("chown " + path);
  if (::listen(listener.get(), 16) != 0) return fail_errno("listen " + path);
  auto result = std::make_unique<Implementation>(loop, std::move(listener), std::move(requests));
  LF_CHECK(result->listen());
  return std::unique_ptr<UpSocket>(std::move(result));
}

}  // namespace landfall::roles
