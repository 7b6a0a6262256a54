// EdgeVpcSockets: a worker's pools of unconnected sockets inside VPCs, refilled from host in batches. A pool
// outlives a restart of host: kPoolTarget connections can still be made meanwhile, besides those kept alive
// to targets.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "net/vpc_sockets.h"
#include "roles/edge_host_link.h"
#include "runtime/event_loop.h"

namespace landfall::roles {

inline constexpr size_t kPoolTarget = 64;     // sockets kept per VPC and worker
inline constexpr size_t kPoolRefill = 32;     // asked for when fewer are left
inline constexpr size_t kPoolWaiters = 1024;  // waiting for a socket; more are refused at once
inline constexpr int64_t kPoolPatienceMs = 3'000;
inline constexpr int64_t kPoolRetryMs = 100;

class EdgeVpcSockets final : public net::VpcSockets {
 public:
  // Asks host for sockets; the answer comes on the loop, later.
  using Open = std::function<void(const std::string& vpc_id, std::vector<host::SocketRequest> requests,
                                  EdgeHostLink::Opened opened)>;
  EdgeVpcSockets(EventLoop& loop, Open open) : loop_(loop), open_(std::move(open)) {}
  EdgeVpcSockets(EventLoop& loop, EdgeHostLink& host)
      : EdgeVpcSockets(loop,
                       [&loop, &host](const std::string& vpc_id, std::vector<host::SocketRequest> requests,
                                      EdgeHostLink::Opened opened) {
                         host.open(loop, vpc_id, std::move(requests), std::move(opened));
                       }) {}
  UniqueFd try_take(std::string_view vpc_id) override;
  void wait(std::string_view vpc_id, std::move_only_function<void(Result<UniqueFd>)> taken) override;

 private:
  struct Waiter {
    uint64_t id;
    TimerId timer;
    std::move_only_function<void(Result<UniqueFd>)> taken;
  };
  struct Pool {
    std::vector<UniqueFd> sockets;
    std::deque<Waiter> waiters;
    bool asking = false;
    std::string last_error;
  };
  void refill(const std::string& vpc_id, Pool& pool);
  void filled(const std::string& vpc_id, Result<std::vector<UniqueFd>> sockets);

  EventLoop& loop_;
  const Open open_;
  std::map<std::string, Pool, std::less<>> pools_;
  uint64_t last_waiter_ = 0;
};

}  // namespace landfall::roles
