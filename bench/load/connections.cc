// A client of HTTPS servers that opens connections, for what other loads do not do:
//
//   bench_connections new  ADDRESS PORT NAME PATH CLIENTS SECONDS   a new connection, with a full handshake,
//   for each request bench_connections hold ADDRESS PORT NAME PATH COUNT             opens COUNT, one request
//   on each, prints "held", and
//                                                                   keeps them until its standard input ends
// "new" prints: REQUESTS SECONDS P50_MS P99_MS. It never resumes a session (wrk does). TLS 1.3, certificate
// not verified.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Server {
  sockaddr_in address{};
  std::string name, path;
};

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

// One connection, blocking.
class Connection {
 public:
  Connection(SSL_CTX* context, const Server& server) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (fd_ < 0) die("socket");
    const int one = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd_, reinterpret_cast<const sockaddr*>(&server.address), sizeof server.address) != 0)
      die("connect");
    ssl_ = SSL_new(context);
    SSL_set_fd(ssl_, fd_);
    SSL_set_tlsext_host_name(ssl_, server.name.c_str());
    if (SSL_connect(ssl_) != 1) die("handshake");
  }
  Connection(Connection&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), ssl_(std::exchange(other.ssl_, nullptr)) {}
  ~Connection() {
    if (ssl_ != nullptr) SSL_free(ssl_);
    if (fd_ >= 0) close(fd_);
  }

  // A GET, and its answer, which has to tell its length.
  void get(const Server& server, std::string_view connection) {
    const std::string request = "GET " + server.path + " HTTP/1.1\r\nHost: " + server.name +
                                "\r\nConnection: " + std::string(connection) + "\r\n\r\n";
    if (SSL_write(ssl_, request.data(), static_cast<int>(request.size())) <= 0) die("write");
    std::string answer;
    char buffer[16384];
    for (size_t wanted = 1; answer.size() < wanted;) {
      const int n = SSL_read(ssl_, buffer, sizeof buffer);
      if (n <= 0) die("read");
      answer.append(buffer, static_cast<size_t>(n));
      const size_t end = answer.find("\r\n\r\n");
      wanted = end == std::string::npos ? answer.size() + 1 : end + 4 + length_of(answer);
    }
    if (!answer.starts_with("HTTP/1.1 200")) {
      std::fprintf(stderr, "%s\n", answer.substr(0, answer.find('\r')).c_str());
      std::exit(1);
    }
  }

 private:
  static size_t length_of(const std::string& answer) {
    for (const char* name : {"\r\nContent-Length: ", "\r\ncontent-length: "})
      if (const size_t at = answer.find(name); at != std::string::npos)
        return std::strtoul(answer.c_str() + at + 18, nullptr, 10);
    std::fprintf(stderr, "an answer without a length\n");
    std::exit(1);
  }

  int fd_;
  SSL* ssl_ = nullptr;
};

int open_new(SSL_CTX* context, const Server& server, int clients, double seconds) {
  const auto began = Clock::now();
  const auto end =
      began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  std::vector<std::vector<double>> took(static_cast<size_t>(clients));
  std::vector<std::thread> threads;
  for (auto& mine : took)
    threads.emplace_back([&server, &mine, context, end] {
      for (auto start = Clock::now(); start < end; start = Clock::now()) {
        Connection(context, server).get(server, "close");
        mine.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
      }
    });
  for (std::thread& thread : threads) thread.join();
  std::vector<double> all;
  for (const auto& each : took) all.insert(all.end(), each.begin(), each.end());
  std::ranges::sort(all);
  if (all.empty()) return 1;
  std::printf("%zu %.6f %.3f %.3f\n", all.size(), std::chrono::duration<double>(Clock::now() - began).count(),
              all[all.size() / 2], all[all.size() * 99 / 100]);
  return 0;
}

int hold(SSL_CTX* context, const Server& server, int count) {
  std::vector<Connection> held;
  for (int i = 0; i < count; ++i) {
    held.emplace_back(context, server);
    held.back().get(server, "keep-alive");
  }
  std::puts("held");
  std::fflush(stdout);
  char ignored;
  while (read(STDIN_FILENO, &ignored, 1) > 0) {
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7) return std::fprintf(stderr, "usage: see connections.cc\n"), 2;
  Server server{.name = argv[4], .path = argv[5]};
  server.address.sin_family = AF_INET;
  server.address.sin_port = htons(static_cast<uint16_t>(std::atoi(argv[3])));
  if (inet_pton(AF_INET, argv[2], &server.address.sin_addr) != 1)
    return std::fprintf(stderr, "no address: %s\n", argv[2]), 2;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  const std::string_view mode = argv[1];
  if (mode == "hold") return hold(context.get(), server, std::atoi(argv[6]));
  if (mode == "new" && argc > 7)
    return open_new(context.get(), server, std::atoi(argv[6]), std::atof(argv[7]));
  return 2;
}
