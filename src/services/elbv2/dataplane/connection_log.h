// One connection log entry in ALB's format.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "proxy/site.h"

namespace landfall::elbv2::dataplane {

struct ConnectionLogContext {
  uint16_t listener_port = 0;
  bool https = false;
  Timestamp now;                        // of success or failure
  std::optional<int64_t> handshake_ns;  // nullopt: the TLS handshake has failed
};

void append_connection_log(std::string& line, const proxy::ClientInfo& client,
                           const ConnectionLogContext& context);

}  // namespace landfall::elbv2::dataplane
