// CPU per answer, sockets left out, over many zones: what the answer path itself costs. Google Benchmark.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "services/route53/dataplane/respond.h"

namespace landfall::route53 {
namespace {

constexpr int kZones = 10'000;

const Tables& tables() {
  static const Tables* const kTables = [] {
    auto* out = new Tables;
    for (int i = 0; i < kZones; ++i) {
      ZoneSnapshot zone{.id = fmt::format("Z{}", i), .name = fmt::format("zone{}.example.com.", i)};
      auto add = [&](std::string name, const char* type, const char* value) {
        zone.record_sets.push_back({.name = std::move(name), .type = type, .ttl = 60, .values = {value}});
      };
      add(zone.name, "SOA", "ns.a. h.a. 1 7200 900 1209600 86400");
      add(zone.name, "NS", "ns.a.");
      add("www." + zone.name, "A", "192.0.2.1");
      out->put_zone(Zone::compile(zone).value());
    }
    return out;
  }();
  return *kTables;
}

void answer_a_query(benchmark::State& state, const char* name) {
  auto responder = authoritative_responder(tables(), "us-east-1");
  uint8_t query[512], out[dns::kMaxUdpBytes];
  dns::MessageWriter writer(query, sizeof query);
  writer.begin_query(1, dns::Name::from_text(name).value(), dns::Type::A);
  const size_t size = writer.finish();
  Answer scratch;
  for (auto _ : state) {
    benchmark::DoNotOptimize(respond({query, size}, Transport::udp, *responder, scratch, out));
  }
}

BENCHMARK_CAPTURE(answer_a_query, found, "www.zone7777.example.com");
BENCHMARK_CAPTURE(answer_a_query, no_such_name, "nothing.zone7777.example.com");
BENCHMARK_CAPTURE(answer_a_query, refused, "www.example.org");

}  // namespace
}  // namespace landfall::route53
