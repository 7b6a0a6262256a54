// Auto Scaling: groups of instances kept at a capacity. What others may include.
#pragma once

#include <memory>

#include "gateway/control_plane.h"
#include "services/service.h"

namespace landfall::autoscaling {

std::unique_ptr<Service> make_service(ControlPlane& plane);

}  // namespace landfall::autoscaling
