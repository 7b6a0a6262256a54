// Which rule a request meets, and what a redirect says. Pure functions of the request's head and the
// configuration.
#pragma once

#include <string>
#include <string_view>

#include "codec/http1_head.h"
#include "services/elbv2/dataplane/config.h"

namespace landfall::elbv2::dataplane {

struct RouteRequest {
  const http1::RequestHead& head;
  std::string_view client_address;
};

// The first rule, by priority, whose conditions all hold; the default rule holds always. `evaluated` counts
// those looked at.
const Rule& route(const RouteRequest& request, const ListenerConfig& listener, int& evaluated);

struct RedirectContext {
  std::string_view protocol;  // "http", "https": of the listener
  std::string_view host;      // of the request, without port
  uint16_t port = 0;          // of the listener
  std::string_view path;
  std::string_view query;
};

// The Location: ALB always writes the port.
std::string redirect_location(const ActionSnapshot& action, const RedirectContext& context);

std::string_view host_without_port(std::string_view authority);

}  // namespace landfall::elbv2::dataplane
