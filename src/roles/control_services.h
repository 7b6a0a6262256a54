// The services of control, in the order in which they start: those that others build on first.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "gateway/control_plane.h"
#include "services/service.h"

namespace landfall::roles {

struct NamedService {
  std::string_view name;
  std::unique_ptr<Service> service;
};
std::vector<NamedService> make_services(ControlPlane& plane);

}  // namespace landfall::roles
