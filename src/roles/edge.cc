#include "roles/edge.h"

namespace landfall::roles {

int run_edge(const EdgeOptions&) {
  log::error("this build has no edge role yet");
  return 70;
}

}  // namespace landfall::roles
