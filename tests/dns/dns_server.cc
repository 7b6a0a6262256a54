// Route 53's data plane alone: dns_server ADDRESS PORT FILE answers on ADDRESS:PORT, over UDP and TCP, with
// the zones in FILE (a ZoneSnapshot a line). Says "ready" when it listens, ends when its standard input does.
#include <sys/epoll.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "base/log.h"
#include "runtime/event_loop.h"
#include "services/route53/dataplane/apply.h"
#include "services/route53/dataplane/server.h"
#include "services/route53/snapshot.h"

using namespace landfall;

namespace {

struct EndOfInput final : IoHandler {
  EventLoop& loop;
  explicit EndOfInput(EventLoop& loop) : loop(loop) {}
  void on_io(uint32_t) override {
    char byte;
    if (::read(STDIN_FILENO, &byte, 1) <= 0) loop.stop();
  }
};

Result<> load(const char* path, route53::Tables& tables) {
  std::ifstream file(path);
  int id = 0;
  for (std::string line; std::getline(file, line);) {
    LF_TRY(auto change, route53::compile_change(route53::kZoneSnapshotKind, std::to_string(++id), &line));
    change(tables);
  }
  return {};
}

Result<> serve(const char* address, uint16_t port, const char* path) {
  LF_TRY(auto loop, EventLoop::create());
  route53::Tables tables;
  LF_CHECK(load(path, tables));
  LF_TRY(UniqueFd udp, route53::bind_dns_udp(address, port));
  LF_TRY(UniqueFd tcp, route53::listen_dns_tcp(address, port));
  LF_TRY(auto server, route53::DnsServer::create(*loop, route53::authoritative_responder(tables, "us-east-1"),
                                                 std::move(udp), std::move(tcp)));
  EndOfInput end(*loop);
  LF_CHECK(loop->add(STDIN_FILENO, EPOLLIN, &end));
  loop->post([] {
    std::printf("ready\n");
    std::fflush(stdout);
  });
  loop->run();
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  log::init("dns_server", log::Level::info);
  if (auto served = serve(argv[1], static_cast<uint16_t>(std::atoi(argv[2])), argv[3]); !served) {
    std::fprintf(stderr, "%s\n", served.error().message.c_str());
    return 1;
  }
  return 0;
}
