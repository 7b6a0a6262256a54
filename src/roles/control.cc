#include "roles/control.h"

namespace landfall::roles {

int run_control(const ControlOptions&) {
  log::error("this build has no control role yet");
  return 70;
}

}  // namespace landfall::roles
