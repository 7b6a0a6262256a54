#include "net/vpc_sockets.h"

#include <sys/socket.h>

namespace landfall::net {

UniqueFd PlainSockets::try_take(std::string_view) {
  return UniqueFd(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

void PlainSockets::wait(std::string_view, std::move_only_function<void(Result<UniqueFd>)> taken) {
  taken(fail_errno("socket"));  // try_take() fails only when the process is out of descriptors
}

}  // namespace landfall::net
