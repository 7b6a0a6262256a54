// Reset: back to a fresh account. POST /_landfall/reset on the API's port, by the first account's root (or
// anybody, with --auth any); `landfall reset` sends it. The accounts added since are gone afterwards.
//
// The store is emptied and the fresh account written in one transaction: there is no moment in which half of
// it is gone. Edge and host follow as they follow any change; S3 is emptied through its API. The answer comes
// once nothing of the old is left: no object, no workload, no namespace.
//
// Threads: control's loop. One reset at a time; a second one waits for the first, and is another.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "roles/control_own_api.h"

namespace landfall::roles {

class Reset {
 public:
  static constexpr std::string_view kTarget = "/_landfall/reset";
  static constexpr int64_t kWorldPatienceMs = 60'000;  // for host to end what ran

  Reset(ControlPlane& plane, Identities identities);
  ~Reset();
  Reset(const Reset&) = delete;

  void handle(std::shared_ptr<http::Exchange> exchange);

 private:
  using Done = std::function<void(Result<>)>;
  void start_next();
  void finish(Result<> result);
  Result<> empty_store();
  void wait_for_world();
  void observed(std::string_view kind, std::string_view id, std::string_view document);

  ControlPlane& plane_;
  Identities identities_;
  std::deque<Done> waiting_;           // the first is being served
  std::set<std::string> world_;        // "Workload/i-1": what host still has of the old
  std::vector<std::string> accounts_;  // that there were
  bool s3_empty_ = false;
  uint64_t patience_ = 0;  // timer
};

}  // namespace landfall::roles
