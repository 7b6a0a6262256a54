// The supervisor's own socket, run/up.sock. A client sends one word and a newline; each answer is one line.
//   status   one line of JSON
//   ready    "ready" once every role has been ready
//   stop     "stopped" when everything has ended; the supervisor's process ends right after
// The socket file decides who may connect: mode 0600, owned by root or by the person behind sudo.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace landfall {
class EventLoop;
}

namespace landfall::roles {

struct UpRequests {
  std::function<std::string()> status;
  std::function<bool()> is_ready;
  std::function<void()> stop;
};

class UpSocket {
 public:
  static constexpr size_t kClients = 64;
  static constexpr size_t kRequestBytes = 64;

  static Result<std::unique_ptr<UpSocket>> create(EventLoop& loop, const std::string& path,
                                                  uint32_t owner_uid, UpRequests requests);
  virtual ~UpSocket() = default;
  virtual void tell_ready() = 0;
  virtual void tell_stopped() = 0;
};

}  // namespace landfall::roles
