// ElastiCache: Redis replication groups in VPCs. What others may include.
#pragma once

#include <memory>

#include "gateway/control_plane.h"
#include "services/service.h"

namespace landfall::elasticache {

std::unique_ptr<Service> make_service(ControlPlane& plane);

}  // namespace landfall::elasticache
