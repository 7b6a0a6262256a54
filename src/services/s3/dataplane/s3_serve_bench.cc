// S3 alone, on one loop, for wrk and perf: s3_serve_bench FOLDER PORT [enforce]. With `enforce` requests need
// the signature of the access key AKIDEXAMPLE with the secret of AWS's examples. Ends with its standard
// input.
#include <sys/epoll.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/log.h"
#include "codec/fields.h"
#include "net/socket.h"
#include "runtime/event_loop.h"
#include "services/iam/dataplane/directory.h"
#include "services/s3/s3.h"

namespace landfall::s3 {
namespace {

constexpr const char* kAccount = "123456789012";

std::shared_ptr<const iam::IamSnapshot> identities() {
  iam::Directory directory;
  const iam::AccountDocument account{
      .account = kAccount,
      .root_keys = {{.id = "AKIDEXAMPLE", .secret = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")}},
      .token_keys = {}};
  const std::string json = to_json(account);
  auto applied = directory.apply(iam::kAccountKind, kAccount, &json);
  LF_INVARIANT(applied.has_value());
  return directory.snapshot();
}

struct Input final : IoHandler {
  explicit Input(EventLoop& loop) : loop(loop) {}
  void on_io(uint32_t) override {
    char byte;
    if (::read(0, &byte, 1) <= 0) loop.stop();
  }
  EventLoop& loop;
};

int run(const std::string& folder, uint16_t port, CredentialCheck credentials) {
  auto loop = std::move(*EventLoop::create());
  auto service =
      std::move(*S3Service::create({.data_dir = folder, .account = kAccount, .credentials = credentials}));
  service->set_iam(identities());
  auto server = http::HttpServer::create(*loop);
  auto socket = net::listen_tcp(*net::SocketAddress::inet("127.0.0.1", port));
  if (!socket) return std::fprintf(stderr, "%s\n", socket.error().message.c_str()), 1;
  auto serving = server->serve(std::move(*socket), {}, [&](std::shared_ptr<http::Exchange> exchange) {
    service->handle(*loop, std::move(exchange));
  });
  LF_INVARIANT(serving.has_value());
  Input input(*loop);
  LF_INVARIANT(loop->add(0, EPOLLIN, &input).has_value());
  std::puts("ready");
  std::fflush(stdout);
  loop->run();
  server.reset();
  return 0;
}

}  // namespace
}  // namespace landfall::s3

int main(int argc, char** argv) {
  using landfall::s3::CredentialCheck;
  if (argc < 3) return std::fprintf(stderr, "usage: s3_serve_bench FOLDER PORT [enforce]\n"), 2;
  const bool enforce = argc > 3 && std::string_view(argv[3]) == "enforce";
  return landfall::s3::run(argv[1], static_cast<uint16_t>(std::atoi(argv[2])),
                           enforce ? CredentialCheck::enforce : CredentialCheck::any_is_root);
}
