#include "agent/agent.h"

#include <netdb.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "agent/application.h"
#include "agent/bundle.h"
#include "agent/document.h"
#include "agent/download.h"
#include "agent/procfile.h"
#include "agent/reverse_proxy.h"
#include "base/log.h"
#include "codec/fields.h"
#include "net/socket.h"
#include "runtime/event_loop.h"
#include "runtime/signals.h"

namespace landfall::agent {
namespace {

constexpr char kBundlePath[] = "/var/lib/landfall-bundle.zip";
constexpr char kFolder[] = "/var/app/current";
constexpr int64_t kFirstRetryMs = 500, kMaxRetryMs = 10'000;
constexpr uint16_t kPublicPort = 80;
constexpr int64_t kEndGraceMs = 1'000;

Result<std::string> read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail_errno("open " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

// Blocking: the agent has nothing else to do before it has its bundle.
Result<http::Endpoint> resolve(const std::string& host, uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found); error != 0)
    return fail("resolve " + host + ": " + gai_strerror(error));
  net::SocketAddress address;
  std::copy_n(reinterpret_cast<const char*>(found->ai_addr), found->ai_addrlen,
              reinterpret_cast<char*>(&address.storage));
  address.length = found->ai_addrlen;
  freeaddrinfo(found);
  return http::Endpoint::tcp(address.ip(), port);
}

class Agent {
 public:
  Agent(EventLoop& loop, Document document)
      : loop_(loop),
        document_(std::move(document)),
        client_(http::Client::create(loop)),
        server_(http::HttpServer::create(loop)) {}

  Result<> listen() {
    LF_TRY(const net::SocketAddress address, net::SocketAddress::inet("0.0.0.0", kPublicPort));
    LF_TRY(UniqueFd listener, net::listen_tcp(address));
    return server_->serve(std::move(listener), {},
                          reverse_proxy_to(*client_, http::Endpoint::tcp("127.0.0.1", kWebPort)));
  }

  void deploy() {
    auto s3 = resolve("s3." + document_.region + ".amazonaws.com", 80);
    if (!s3) return again(s3.error());
    DownloadOptions options{.metadata = http::Endpoint::tcp("169.254.169.254", 80), .s3 = std::move(*s3)};
    download_bundle(*client_, std::move(options), document_, kBundlePath, [this](Result<> result) {
      if (result) result = start();
      if (!result) again(result.error());
    });
  }

  void end() {
    if (application_) application_->terminate();
    loop_.after_ms(kEndGraceMs, [this] { loop_.stop(); });
  }

 private:
  void again(const Error& error) {
    pause_ms_ = std::clamp(pause_ms_ * 2, kFirstRetryMs, kMaxRetryMs);
    log::warn("deployment of {}: {}; again in {} ms", document_.version_label, error.message, pause_ms_);
    loop_.after_ms(pause_ms_, [this] { deploy(); });
  }

  Result<> start() {
    LF_CHECK(unpack_zip(kBundlePath, kFolder, kWebUid));
    unlink(kBundlePath);
    LF_TRY(const std::string text, read_whole(std::string(kFolder) + "/Procfile"));
    LF_TRY(const auto processes, parse_procfile(text));
    const auto web = processes.find("web");
    if (web == processes.end()) return fail("the Procfile has no `web` process");
    ApplicationOptions options{.command = web->second};
    options.environment = document_.properties;
    options.environment.insert({{"PORT", std::to_string(kWebPort)},
                                {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
                                {"HOME", kFolder},
                                {"USER", "webapp"},
                                {"LANG", "C.UTF-8"}});
    application_ = Application::start(loop_, std::move(options));
    log::info("version {} is deployed", document_.version_label);
    return {};
  }

  EventLoop& loop_;
  Document document_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<http::HttpServer> server_;
  std::unique_ptr<Application> application_;
  int64_t pause_ms_ = 0;
};

Result<> run() {
  LF_TRY(const std::string text, read_whole(kDocumentPath));
  LF_TRY(Document document, from_json<Document>(text));
  LF_TRY(auto loop, EventLoop::create());
  Agent agent(*loop, std::move(document));
  LF_TRY(const auto signals, Signals::create(*loop, {SIGTERM, SIGINT}, [&](int) { agent.end(); }));
  LF_CHECK(agent.listen());
  agent.deploy();
  loop->run();
  return {};
}

}  // namespace

int run_agent(int, char**) {
  signal(SIGPIPE, SIG_IGN);
  log::init("agent", log::Level::info);
  if (const Result<> result = run(); !result) {
    log::error("{}", result.error().message);
    return 70;
  }
  return 0;
}

}  // namespace landfall::agent
