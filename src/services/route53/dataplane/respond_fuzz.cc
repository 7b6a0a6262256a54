// Any datagram gets an answer that a client can read, or none.
#include <cstdlib>

#include "services/route53/dataplane/respond.h"

using namespace landfall;
using namespace landfall::route53;

namespace {

const Tables& tables() {
  static const Tables kTables = [] {
    Tables out;
    ZoneSnapshot zone{.id = "Z", .name = "a."};
    auto add = [&](const char* name, const char* type, const char* value) {
      zone.record_sets.push_back({.name = name, .type = type, .ttl = 1, .values = {value}});
    };
    add("a.", "SOA", "n.a. h.a. 1 2 3 4 5");
    add("a.", "NS", "n.a.");
    add("*.a.", "CNAME", "b.a.");
    add("b.a.", "A", "192.0.2.1");
    add("c.a.", "NS", "n.c.a.");
    add("n.c.a.", "A", "192.0.2.1");
    out.put_zone(Zone::compile(zone).value());
    return out;
  }();
  return kTables;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static auto authoritative = authoritative_responder(tables(), "us-east-1");
  static auto resolver = resolver_responder({.tables = &tables(), .vpc_id = "vpc-1", .networks = {{0, 0}}});
  static Answer scratch;
  static uint8_t out[dns::kMaxMessageBytes];
  for (Responder* responder : {authoritative.get(), resolver.get()}) {
    const size_t n = respond({data, size}, Transport::udp, *responder, scratch, out);
    if (n > dns::kMaxUdpBytes || (n > 0 && !dns::parse_message({out, n}))) abort();
  }
  return 0;
}
