// EdgeLink: control's side of the channel to edge: snapshots out ("edge." in the store), observations and the
// revision that edge serves in. Control listens, edge connects; one edge at a time (a new connection replaces
// the old).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gateway/control_plane.h"
#include "gateway/observations.h"
#include "mirror/sender.h"
#include "runtime/channel.h"

namespace landfall::roles {

class EdgeLink {
 public:
  EdgeLink(EventLoop& loop, store::Store& store, Observations& observations,
           std::function<void(store::Revision)> serves);

  Result<> listen(std::string socket_path, uid_t edge_uid);
  bool connected() const { return channel_ != nullptr; }

 private:
  void accepted(std::unique_ptr<Channel> channel);
  void received(std::string_view json);

  EventLoop& loop_;
  Observations& observations_;
  std::function<void(store::Revision)> serves_;
  std::unique_ptr<ChannelServer> server_;
  std::unique_ptr<Channel> channel_;
  mirror::Sender sender_;
};

}  // namespace landfall::roles
