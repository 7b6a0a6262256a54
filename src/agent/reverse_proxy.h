// What listens on port 80: passes requests on to the application, as the platform's nginx does: X-Real-IP,
// X-Forwarded-For added, hop-by-hop fields left out, bodies streamed both ways. 502 while the application
// does not answer.
#pragma once

#include "http/client.h"
#include "http/server.h"

namespace landfall::agent {

http::Handler reverse_proxy_to(http::Client& client, http::Endpoint application);

}  // namespace landfall::agent
