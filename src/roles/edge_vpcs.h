// EdgeVpcs: edge's listeners inside VPCs: the AWS endpoints at 169.254.169.251 and .252, the metadata service
// at 169.254.169.254; and, another EdgeVpcs, the addresses of interface endpoints. A place, which is a VPC or
// an address in one, is served by one worker, from the time control's document says that it is there until it
// goes.
// Threads: the main loop's; hands sockets to workers.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "roles/edge_host_link.h"
#include "runtime/event_loop.h"

namespace landfall::roles {

inline constexpr int64_t kVpcRetryMs = 100;  // the address is not on the VPC's router yet, or host is away

struct VpcListener {
  std::string address;  // empty: the place's own
  uint16_t port;
  // On the worker's thread.
  std::function<void(size_t worker, const std::string& place, UniqueFd socket)> opened;
};

// "vpc-1", or "vpc-1/10.0.1.5".
inline std::string vpc_of_place(const std::string& place) { return place.substr(0, place.find('/')); }

class EdgeVpcs {
 public:
  EdgeVpcs(EventLoop& main, EdgeHostLink& host, std::vector<EventLoop*> workers,
           std::vector<VpcListener> listeners,
           std::function<void(size_t worker, const std::string& place)> forget)
      : main_(main),
        host_(host),
        workers_(std::move(workers)),
        listeners_(std::move(listeners)),
        forget_(std::move(forget)) {}

  void add(const std::string& place);  // again: nothing
  void remove(const std::string& place);
  // Those of a VPC are these.
  void set_addresses(const std::string& vpc_id, const std::set<std::string>& addresses);

 private:
  void open(const std::string& place, uint64_t generation);
  size_t worker_of(const std::string& place) const {
    return std::hash<std::string>()(vpc_of_place(place)) % workers_.size();
  }

  EventLoop& main_;
  EdgeHostLink& host_;
  std::vector<EventLoop*> workers_;
  std::vector<VpcListener> listeners_;
  std::function<void(size_t, const std::string&)> forget_;
  std::map<std::string, uint64_t> places_;  // generation: which add() this is
  uint64_t last_generation_ = 0;
};

}  // namespace landfall::roles
