// The region's endpoints: their certificate, made at first start and again before it ends, and the CA's own
// certificate written where clients find it.
#pragma once

#include "base/result.h"
#include "gateway/control_plane.h"
#include "roles/layout.h"

namespace landfall::roles {

Result<> publish_endpoints(ControlPlane& plane, const Layout& layout);

}  // namespace landfall::roles
