// HostLink: control's connection to host: desired documents out ("host." in the store), observations in, and
// requests that are answered. Reconnects for ever; host goes on with what it has meanwhile.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "gateway/control_plane.h"
#include "gateway/observations.h"
#include "mirror/sender.h"
#include "runtime/channel.h"

namespace landfall::roles {

inline constexpr size_t kMaxHostRequests = 256;  // waiting for an answer; more are refused at once

class HostLink final : public HostRequests {
 public:
  HostLink(EventLoop& loop, store::Store& store, Observations& observations, std::string socket_path);

  void start() { client_.start(); }
  bool connected() const { return client_.connected(); }
  void console_output(std::string workload_id, std::function<void(Result<std::string>)> done) override;

 private:
  void received(std::string_view json);

  Observations& observations_;
  ChannelClient client_;
  mirror::Sender sender_;
  std::map<std::string, std::function<void(Result<std::string>)>> waiting_;  // by request id
  uint64_t last_request_ = 0;
};

}  // namespace landfall::roles
