// EdgeHostLink: edge's connection to host, over which it gets sockets made inside VPCs. On edge's main loop;
// asked from any loop, answered on the asker's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "host/protocol.h"
#include "runtime/channel.h"

namespace landfall::roles {

inline constexpr size_t kMaxSocketRequests = 1024;  // waiting for host; more are refused at once

class EdgeHostLink {
 public:
  using Opened = std::move_only_function<void(Result<std::vector<UniqueFd>>)>;

  EdgeHostLink(EventLoop& main, std::string socket_path);
  void start() { client_.start(); }
  // Main thread.
  bool connected() const { return client_.connected(); }

  // Any thread. `done` runs on `loop`, once: the sockets in the order asked for, or why there are none.
  void open(EventLoop& loop, std::string vpc_id, std::vector<host::SocketRequest> requests, Opened done);

 private:
  struct Waiting {
    EventLoop* loop;
    size_t count;
    Opened done;
  };
  void ask(EventLoop& loop, std::string vpc_id, std::vector<host::SocketRequest> requests, Opened done);
  void received(std::string_view json, std::vector<UniqueFd> descriptors);
  static void answer(Waiting waiting, Result<std::vector<UniqueFd>> result);

  EventLoop& main_;
  ChannelClient client_;
  std::map<std::string, Waiting> waiting_;
  uint64_t last_id_ = 0;
};

}  // namespace landfall::roles
