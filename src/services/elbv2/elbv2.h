// ELBv2: Application Load Balancers. What others may include.
#pragma once

#include <memory>

#include "gateway/control_plane.h"
#include "services/service.h"

namespace landfall::elbv2 {

std::unique_ptr<Service> make_service(ControlPlane& plane);

}  // namespace landfall::elbv2
