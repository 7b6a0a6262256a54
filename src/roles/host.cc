#include "roles/host.h"

namespace landfall::roles {

int run_host(const HostOptions&) {
  log::error("this build has no host role yet");
  return 70;
}

}  // namespace landfall::roles
