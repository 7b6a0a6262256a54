// A server of S3 alone, for the tests of this folder: s3_server DIRECTORY. Listens on a free port of
// 127.0.0.1, prints it as "port N", and knows three identities: root, the user "reader" (may read bucket
// "allowed" alone), and, on the Unix socket DIRECTORY/trusted.sock, trusted peers. Ends when its standard
// input does.
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>

#include "base/log.h"
#include "codec/fields.h"
#include "http/server.h"
#include "runtime/event_loop.h"
#include "services/iam/dataplane/directory.h"
#include "services/s3/s3.h"

using namespace landfall;

namespace {

constexpr const char* kAccount = "123456789012";

std::shared_ptr<const iam::IamSnapshot> identities() {
  iam::Directory directory;
  iam::AccountDocument account{
      .account = kAccount, .root_keys = {{"AKIAROOT", Secret("root-secret"), true}}, .token_keys = {}};
  const std::string account_json = to_json(account);
  LF_INVARIANT(directory.apply(iam::kAccountKind, kAccount, &account_json));
  iam::UserDocument reader;
  reader.entity.name = "reader";
  reader.entity.path = "/";
  reader.entity.arn = "arn:aws:iam::123456789012:user/reader";
  reader.entity.id = "AIDAREADER";
  reader.entity.inline_policies["read"] =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],)"
      R"("Resource":["arn:aws:s3:::allowed","arn:aws:s3:::allowed/*"]}]})";
  reader.keys = {{"AKIAREADER", Secret("reader-secret"), true}};
  const std::string reader_json = to_json(reader);
  LF_INVARIANT(directory.apply(iam::kUserKind, "reader", &reader_json));
  return directory.snapshot();
}

UniqueFd listen_tcp(uint16_t& port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  LF_INVARIANT(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  LF_INVARIANT(::listen(fd.get(), 128) == 0);
  socklen_t size = sizeof address;
  LF_INVARIANT(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port = ntohs(address.sin_port);
  return fd;
}

UniqueFd listen_unix(const std::string& path) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ::unlink(path.c_str());
  LF_INVARIANT(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  LF_INVARIANT(::listen(fd.get(), 16) == 0);
  return fd;
}

struct EndOfInput final : IoHandler {
  EventLoop& loop;
  explicit EndOfInput(EventLoop& loop) : loop(loop) {}
  void on_io(uint32_t) override {
    char byte;
    if (::read(STDIN_FILENO, &byte, 1) <= 0) loop.stop();
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  log::init("s3_server", log::Level::info);
  auto loop = std::move(*EventLoop::create());
  auto service = s3::S3Service::create({.data_dir = argv[1], .account = kAccount});
  if (!service) {
    std::fprintf(stderr, "%s\n", service.error().message.c_str());
    return 1;
  }
  (*service)->set_iam(identities());
  auto server = http::HttpServer::create(*loop);
  uint16_t port = 0;
  LF_INVARIANT(server->serve(listen_tcp(port), {}, [&](std::shared_ptr<http::Exchange> exchange) {
    (*service)->handle(*loop, std::move(exchange));
  }));
  LF_INVARIANT(server->serve(listen_unix(std::string(argv[1]) + "/trusted.sock"), {},
                             [&](std::shared_ptr<http::Exchange> exchange) {
                               (*service)->handle(*loop, std::move(exchange), s3::TrustedPeer::yes);
                             }));
  EndOfInput end(*loop);
  (void)loop->add(STDIN_FILENO, EPOLLIN,
                  &end);  // a terminal or a pipe; a file cannot be watched and is not needed
  std::printf("port %u\n", port);
  std::fflush(stdout);
  loop->run();
  server.reset();
  return 0;
}
