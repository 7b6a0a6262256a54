// Where in the public range (--public-cidr) the addresses are that every Landfall has: offsets from its first
// one.
#pragma once

#include <cstdint>

namespace landfall::net {

inline constexpr uint32_t kEndpointOffset = 1;  // the region's endpoints, and the operator's resolver
inline constexpr uint32_t kDnsOffset = 2;       // Route 53
inline constexpr uint32_t kCdnOffset =
    3;  // CloudFront: where it listens, and where it comes from to its origins

}  // namespace landfall::net
