// DnsServer: one worker's DNS over UDP and TCP (RFC 1035 section 4.2, RFC 7766) on sockets given to it: the
// worker's own SO_REUSEPORT pair of a public address, or a pair that `host` made inside a VPC. One loop; no
// other thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "runtime/event_loop.h"
#include "services/route53/dataplane/respond.h"

namespace landfall::route53 {

struct DnsServerOptions {
  int64_t tcp_idle_ms =
      10'000;  // from a connection's start or last query to its close (RFC 7766 section 6.2.3)
  size_t max_tcp_connections = 256;  // the one idle longest goes when a new one comes
};

class DnsServer {
 public:
  struct Counters {
    uint64_t udp_queries = 0, tcp_queries = 0, udp_dropped = 0;
  };

  // A bound, non-blocking UDP socket and a listening, non-blocking TCP one. Either may be empty.
  static Result<std::unique_ptr<DnsServer>> create(EventLoop& loop, std::unique_ptr<Responder> responder,
                                                   UniqueFd udp, UniqueFd tcp, DnsServerOptions options = {});
  virtual ~DnsServer() = default;  // on the loop; closes the sockets and connections
  virtual const Counters& counters() const = 0;
};

// Sockets with SO_REUSEPORT on an IPv4 address; port 0 is the system's choice.
Result<UniqueFd> bind_dns_udp(const std::string& address, uint16_t port);
Result<UniqueFd> listen_dns_tcp(const std::string& address, uint16_t port);

// An Error if somebody else, another Landfall for instance, has the address: SO_REUSEPORT alone would let
// both bind it and the kernel deal queries out between them. Asked before the first of one's own sockets is
// bound.
Result<> check_dns_address_free(const std::string& address, uint16_t port);

}  // namespace landfall::route53
