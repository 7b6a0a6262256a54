// EdgeVpcs: edge's listeners inside VPCs: the AWS endpoints at 169.254.169.252 and the metadata service at
// 169.254.169.254. A VPC is served by one worker, from the time its MetadataSnapshot is there until it goes.
// Threads: the main loop's; hands sockets to workers.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "roles/edge_host_link.h"
#include "runtime/event_loop.h"

namespace landfall::roles {

inline constexpr int64_t kVpcRetryMs = 100;  // the address is not on the VPC's router yet, or host is away

struct VpcListener {
  std::string address;
  uint16_t port;
  // On the worker's thread.
  std::function<void(size_t worker, const std::string& vpc_id, UniqueFd socket)> opened;
};

class EdgeVpcs {
 public:
  EdgeVpcs(EventLoop& main, EdgeHostLink& host, std::vector<EventLoop*> workers,
           std::vector<VpcListener> listeners,
           std::function<void(size_t worker, const std::string& vpc_id)> forget)
      : main_(main),
        host_(host),
        workers_(std::move(workers)),
        listeners_(std::move(listeners)),
        forget_(std::move(forget)) {}

  void add(const std::string& vpc_id);  // again: nothing
  void remove(const std::string& vpc_id);

 private:
  void open(const std::string& vpc_id, uint64_t generation);
  size_t worker_of(const std::string& vpc_id) const {
    return std::hash<std::string>()(vpc_id) % workers_.size();
  }

  EventLoop& main_;
  EdgeHostLink& host_;
  std::vector<EventLoop*> workers_;
  std::vector<VpcListener> listeners_;
  std::function<void(size_t, const std::string&)> forget_;
  std::map<std::string, uint64_t> vpcs_;  // generation: which add() this is
  uint64_t last_generation_ = 0;
};

}  // namespace landfall::roles
