// VpcSockets: unconnected sockets inside VPCs, which edge gets from host in batches and keeps a few of, so
// that it can go on connecting while host restarts. A socket made in a VPC's namespace stays there wherever
// it goes.
//
// Threads: one VpcSockets per worker loop, used on its thread only.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace landfall::net {

class VpcSockets {
 public:
  virtual ~VpcSockets() = default;
  // An unconnected, non-blocking TCP socket in the VPC's router namespace; none (false) when the pool is
  // empty just now: then wait().
  virtual UniqueFd try_take(std::string_view vpc_id) = 0;
  // Like try_take(), once there is one; an error if there is none within the pool's own patience. The
  // function is called exactly once, later.
  virtual void wait(std::string_view vpc_id, std::move_only_function<void(Result<UniqueFd>)> taken) = 0;
};

// Sockets of this process's own namespace, for tests and for a load balancer without a VPC.
class PlainSockets final : public VpcSockets {
 public:
  UniqueFd try_take(std::string_view vpc_id) override;
  void wait(std::string_view vpc_id, std::move_only_function<void(Result<UniqueFd>)> taken) override;
};

}  // namespace landfall::net
