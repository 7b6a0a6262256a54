// EdgeElb: all load balancing of the edge role: every load balancer on every worker, health checks,
// observations.
//
// Fed with the documents of control (LoadBalancerSnapshot). Threads: create() and the destructor on one
// thread, with the loops not running or ended; apply() on any one thread. `report` is called on a worker's
// thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "net/vpc_sockets.h"
#include "runtime/event_loop.h"

namespace landfall::delivery {
class Spool;
}

namespace landfall::elbv2::dataplane {

struct EdgeElbWorker {
  EventLoop* loop = nullptr;
  net::VpcSockets* sockets = nullptr;  // of that loop
};

// Asks for a listening socket inside a VPC (an internal load balancer's node). Called on `loop`, calls `done`
// on it, once.
using OpenVpcListener =
    std::function<void(EventLoop& loop, const std::string& vpc_id, const std::string& address, uint16_t port,
                       std::move_only_function<void(Result<UniqueFd>)> done)>;

// An observation for control: kind and id as services/elbv2/snapshot.h says, and its document (empty:
// gone).
using Report = std::function<void(std::string kind, std::string id, std::string document)>;

struct EdgeElbOptions {
  std::shared_ptr<delivery::Spool> log_spool;  // of access logs; null: none are written
  OpenVpcListener open_vpc_listener;
  Report report;
  int64_t metrics_period_ms = 60'000;
};

class EdgeElb {
 public:
  static std::unique_ptr<EdgeElb> create(std::vector<EdgeElbWorker> workers, EdgeElbOptions options);
  virtual ~EdgeElb() = default;

  static bool takes(std::string_view kind);
  // `document` is nullptr when it is gone. An Error: a broken document (or certificate); what is served
  // stays.
  virtual Result<> apply(std::string_view kind, std::string_view id, const std::string* document) = 0;
  // Connections end with the requests on them; `drained`, on any worker's thread: none is left, and what
  // was logged is in the spool.
  virtual void drain(std::move_only_function<void()> drained) = 0;
};

}  // namespace landfall::elbv2::dataplane

// The parts inside have the names of API shapes (TargetGroup, Rule, Action), hence their namespace; outside,
// it is ELBv2's.
namespace landfall::elbv2 {
using dataplane::EdgeElb;
using dataplane::EdgeElbOptions;
using dataplane::EdgeElbWorker;
}  // namespace landfall::elbv2
