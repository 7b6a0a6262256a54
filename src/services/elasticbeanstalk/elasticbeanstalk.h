// Elastic Beanstalk: web server environments, made of other services' resources. What others may include.
#pragma once

#include <memory>

#include "gateway/control_plane.h"
#include "services/service.h"

namespace landfall::elasticbeanstalk {

std::unique_ptr<Service> make_service(ControlPlane& plane);

}  // namespace landfall::elasticbeanstalk
