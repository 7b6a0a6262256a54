// A CDN of one worker before one origin, to be measured by hand beside nginx's proxy_cache or Varnish:
//
//   edge_cdn_bench ADDRESS PORT TLS-PORT ORIGIN-PORT [CACHE-FOLDER]      then: wrk -t1 -c32 -d5
//   http://ADDRESS:PORT/10k
//
// The origin is on 127.0.0.1. At SIGTERM or SIGINT it prints the user and system seconds that it used.
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "codec/fields.h"
#include "http/testing.h"
#include "services/cloudfront/dataplane/edge_cdn.h"
#include "services/cloudfront/snapshot.h"

using namespace landfall;
using namespace landfall::cloudfront;

namespace {
EventLoop* the_loop = nullptr;
}

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: %s ADDRESS PORT TLS-PORT ORIGIN-PORT [CACHE-FOLDER]\n", argv[0]);
    return 2;
  }
  auto loop = EventLoop::create().value();
  the_loop = loop.get();
  auto cdn = EdgeCdn::create({loop.get()}, {.address = argv[1],
                                            .http_port = static_cast<uint16_t>(std::atoi(argv[2])),
                                            .https_port = static_cast<uint16_t>(std::atoi(argv[3])),
                                            .cache_directory = argc > 5 ? argv[5] : ""})
                 .value();
  const auto certificate = http::testing::self_signed("bench.example");
  DistributionSnapshot snapshot{
      .id = "E1BENCH", .arn = "arn:aws:cloudfront::123456789012:distribution/E1BENCH", .domain = argv[1]};
  snapshot.origins = {{.id = "o", .domain = "127.0.0.1", .http_port = std::atoi(argv[4])}};
  snapshot.behaviors = {{.path_pattern = "*", .origin_id = "o", .allowed_methods = {"GET", "HEAD"}}};
  snapshot.default_chain_pem = certificate.chain_pem;
  snapshot.default_key_pem = certificate.key_pem;
  const std::string document = to_json(snapshot);
  if (auto applied = cdn->apply(kDistributionSnapshotKind, snapshot.id, &document); !applied) {
    std::fprintf(stderr, "%s\n", applied.error().message.c_str());
    return 1;
  }
  for (int signal : {SIGTERM, SIGINT}) std::signal(signal, [](int) { the_loop->stop(); });
  loop->run();
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  std::printf("user %ld.%06ld system %ld.%06ld\n", used.ru_utime.tv_sec, used.ru_utime.tv_usec,
              used.ru_stime.tv_sec, used.ru_stime.tv_usec);
  cdn.reset();
  return 0;
}
