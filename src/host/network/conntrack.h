// Connection tracking entries of one namespace (nfnetlink_conntrack).
#pragma once

#include "base/result.h"
#include "host/network/ipv4.h"

namespace landfall::host {

// Deletes every tracked connection from or to `address`: a new owner of the address must not inherit what the
// old one was allowed, and connections to a machine that is gone should meet the rules again.
Result<> forget_connections(int netns_fd, Ipv4 address);

}  // namespace landfall::host
