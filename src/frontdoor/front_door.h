// FrontDoor: the way of an API call in control: one HTTP request in, one operation, one transaction, one
// answer out.
//
//   identify -> authenticate (SigV4) -> decode -> validate -> authorise (IAM) -> handler -> commit -> encode
//
// Requests come from edge over a Unix socket whose peer is checked, untouched but for the header
// `x-landfall-peer` (PeerHeader), in which edge says who the client is. Every answer has a request id; every
// error has the shape of the protocol that the client spoke. Threads: control's loop.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "frontdoor/peer_header.h"
#include "gateway/control_plane.h"
#include "http/server.h"
#include "services/iam/dataplane/authenticator.h"
#include "services/iam/dataplane/directory.h"

namespace landfall {

class FrontDoor {
 public:
  // Sets plane.services, plane.authorize_operation and plane.authorize_call.
  explicit FrontDoor(ControlPlane& plane);
  void handle(std::shared_ptr<http::Exchange> exchange);
  std::shared_ptr<const iam::IamSnapshot> identities();  // as they are now

 private:
  struct Asking;
  void answer(http::Exchange& exchange, const std::string& body, std::shared_ptr<Asking> asking);
  iam::Principal principal_of(const Caller& caller);
  void authorise(const iam::Principal& principal, const Call& call, const aws::OperationModel& operation,
                 const void* input, aws::ErrorDialect dialect);
  ControlPlane::Authorize authorizer(iam::Principal principal, const Call& call, aws::ErrorDialect dialect);

  ControlPlane& plane_;
  iam::Directory directory_;
  iam::AuthCache cache_;
};

}  // namespace landfall
