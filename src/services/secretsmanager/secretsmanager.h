// Secrets Manager for the rest of control: its reconciler (deletion after the recovery window).
#pragma once

#include <memory>

#include "services/service.h"

namespace landfall {
struct ControlPlane;
}

namespace landfall::secretsmanager {

std::unique_ptr<Service> make_service(ControlPlane& plane);

}  // namespace landfall::secretsmanager
