// CloudWatch Logs for the rest of control: its reconciler (retention).
#pragma once

#include <memory>

#include "services/service.h"

namespace landfall {
struct ControlPlane;
}

namespace landfall::logs {

std::unique_ptr<Service> make_service(ControlPlane& plane);

}  // namespace landfall::logs
