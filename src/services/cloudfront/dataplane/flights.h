// Flights: of several requests that miss the same object at once, one fetches it; the others wait for it.
//
// Threads: any. A waiter is called on its own loop.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/event_loop.h"
#include "services/cloudfront/dataplane/object_cache.h"

namespace landfall::cloudfront {

// Null: what the leader got may not be shared (it is not cacheable); fetch it yourself.
using FlightWaiter = std::move_only_function<void(ObjectPtr)>;

class Flights {
 public:
  // True: the caller leads and must land(). False: `waiter` has been taken.
  bool lead(const std::string& key, EventLoop& loop, FlightWaiter& waiter) {
    std::lock_guard lock(mutex_);
    const auto [it, first] = flights_.try_emplace(key);
    if (!first) it->second.push_back({&loop, std::move(waiter)});
    return first;
  }
  void land(const std::string& key, const ObjectPtr& object) {
    std::vector<Waiting> waiting;
    {
      std::lock_guard lock(mutex_);
      const auto it = flights_.find(key);
      if (it == flights_.end()) return;
      waiting = std::move(it->second);
      flights_.erase(it);
    }
    for (Waiting& one : waiting)
      one.loop->post([waiter = std::move(one.waiter), object]() mutable { waiter(object); });
  }

 private:
  struct Waiting {
    EventLoop* loop;
    FlightWaiter waiter;
  };
  std::mutex mutex_;
  std::map<std::string, std::vector<Waiting>> flights_;
};

}  // namespace landfall::cloudfront
