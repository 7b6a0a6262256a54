// Service: a service's part of the control role beyond its operations: reconcilers and watches.
// Each service's <service>.h declares `std::unique_ptr<Service> make_service(ControlPlane&)` in its
// namespace, and roles/control lists them. The constructor registers with plane.queue, plane.store and
// plane.observations; start(), called once after all are made, enqueues every resource (level-triggered:
// whatever happened while control was away is seen).
#pragma once

#include <string>
#include <vector>

namespace landfall {

struct Problem {  // what `landfall status` shows
  std::string what, why;
};

class Service {
 public:
  virtual ~Service() = default;
  virtual void start() {}
  virtual std::vector<Problem> problems() const { return {}; }
};

}  // namespace landfall
