#include "roles/control_own_api.h"

#include "codec/fields.h"
#include "gateway/control_plane.h"
#include "http/server.h"
#include "roles/own_api_text.h"
#include "services/iam/dataplane/authenticator.h"

namespace landfall::roles {
void answer_json(http::Exchange& exchange, int status, std::string json) {
  http::Response head{.status = status};
  head.headers.add("content-type", "application/json");
  exchange.respond(std::move(head), std::move(json) + "\n");
}

void refuse(http::Exchange& exchange, int status, std::string_view code, std::string_view message) {
  answer_json(exchange, status, to_json(RefusalText{std::string(code), std::string(message)}));
}

bool is_managed(const ControlPlane& plane, const iam::IamSnapshot& identities, http::Exchange& exchange,
                const std::string& body) {
  const http::Request& request = exchange.request();
  const auto caller =
      iam::authenticate(request, identities,
                        {.now = plane.clock.now(),
                         .payload_hash = iam::payload_hash_of(request, body),
                         .check = plane.config.auth == AuthMode::any ? iam::CredentialCheck::any_is_root
                                                                     : iam::CredentialCheck::enforce});
  if (!caller) {
    refuse(exchange, caller.error().status, caller.error().code, caller.error().message);
    return false;
  }
  const aws::policy::Principal& who = caller->principal.who;
  if (who.kind == aws::policy::PrincipalKind::root && who.account == plane.config.account) return true;
  refuse(exchange, 403, "AccessDenied",
         "Only the root of the account " + plane.config.account + " may do this");
  return false;
}

}  // namespace landfall::roles
