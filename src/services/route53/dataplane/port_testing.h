// A port for a DNS server in a test. Tests only.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "services/route53/dataplane/server.h"

namespace landfall::route53 {

// A port that is free over both UDP and TCP at every one of `addresses`. A port the kernel picks for UDP may
// be some connection's over TCP, so this looks below the range that the kernel gives to connections. Throws
// when none is free.
inline uint16_t free_dns_port(const std::vector<std::string>& addresses) {
  constexpr uint16_t kFirst = 20000;
  constexpr uint16_t kCount = 10000;  // up to 29,999; Linux gives connections 32,768 and above
  auto free = [&](uint16_t port) {
    for (const auto& address : addresses) {
      if (!check_dns_address_free(address, port)) return false;
    }
    return true;
  };
  for (uint16_t i = 0; i < kCount; ++i) {
    const uint16_t port = kFirst + (getpid() + i) % kCount;
    if (free(port)) return port;
  }
  throw std::runtime_error("no port between 20000 and 29999 is free over UDP and TCP");
}

}  // namespace landfall::route53
