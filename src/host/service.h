// Service: host's two sockets and the messages on them. Who may say what is decided by the peer's uid,
// checked by the kernel:
//   control   Sync, Put, Delete, GetConsoleOutput
//   edge      OpenSockets
//   root      everything
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "host/exec_session.h"
#include "host/protocol.h"
#include "host/world.h"
#include "runtime/channel.h"

namespace landfall::host {

class Service {
 public:
  struct Options {
    std::string socket;        // run/host.sock
    std::string admin_socket;  // run/host-admin.sock
    uid_t control_uid = 0;
    uid_t edge_uid = 0;
    gid_t group = 0;  // that the socket file belongs to: control and edge have it
  };
  static Result<std::unique_ptr<Service>> create(EventLoop& loop, World& world, Options options);

  // StopWorld was asked for; call the argument when it is done.
  void on_stop_world(std::move_only_function<void(std::move_only_function<void()>)> callback) {
    on_stop_world_ = std::move(callback);
  }

 private:
  struct Peer {
    std::unique_ptr<Channel> channel;
    bool observes = false;                                      // has sent a Sync
    std::map<std::string, std::unique_ptr<ExecSession>> execs;  // by request id
  };
  Service(EventLoop& loop, World& world, Options options)
      : loop_(loop), world_(world), options_(std::move(options)) {}
  void accept(std::unique_ptr<Channel> channel);
  void received(Peer& peer, std::string_view json, std::vector<UniqueFd> descriptors);
  bool may(const Peer& peer, const std::string& type) const;
  Result<> handle(Peer& peer, const std::string& type, std::string_view json,
                  std::vector<UniqueFd> descriptors);
  Result<> handle_desired(Peer& peer, const std::string& type, std::string_view json);
  Result<> handle_exec(Peer& peer, std::string_view json, std::vector<UniqueFd> descriptors);
  Result<> handle_open_sockets(Peer& peer, std::string_view json);
  void broadcast(const Observed& observed);

  EventLoop& loop_;
  World& world_;
  Options options_;
  std::unique_ptr<ChannelServer> server_, admin_server_;
  std::map<uint64_t, std::unique_ptr<Peer>> peers_;
  uint64_t next_peer_ = 0;
  std::move_only_function<void(std::move_only_function<void()>)> on_stop_world_;
};

}  // namespace landfall::host
