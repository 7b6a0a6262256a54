// CloudFormation: stacks of resources declared in one template. What others may include.
#pragma once

#include <memory>

#include "gateway/control_plane.h"
#include "services/service.h"

namespace landfall::cloudformation {

std::unique_ptr<Service> make_service(ControlPlane& plane);

}  // namespace landfall::cloudformation
