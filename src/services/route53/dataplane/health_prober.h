// HealthProber: Route 53's health checkers, all in one: asks endpoints at their interval, and says when one
// changes between healthy and unhealthy. Calculated checks follow from their children.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
//
// Invariants: a check is healthy until failure_threshold probes in a row say otherwise, and the same back; a
// disabled one is healthy (inverted: not), and is not asked. At most one probe of a check is under way.
// Threads: the loop's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "http/client.h"
#include "runtime/event_loop.h"
#include "services/route53/snapshot.h"

namespace landfall::route53 {

inline constexpr int64_t kProbeTimeoutMs = 4'000;     // AWS: connect within four seconds,
inline constexpr int64_t kResponseTimeoutMs = 2'000;  // answer within two
inline constexpr size_t kSearchedBytes = 5'120;       // of the body, for the search string

// Whether a probe's answer counts: pure.
bool is_success(const HealthCheckSnapshot& check, int status, std::string_view body);
// CALCULATED: pure.
bool is_calculated_healthy(const HealthCheckSnapshot& check,
                           const std::function<bool(const std::string&)>& child);

class HealthProber {
 public:
  // The first address that a name has; empty: none.
  using Resolve = std::function<std::string(const std::string& host)>;
  // After each probe; `healthy` in it is what records go by.
  using Report = std::function<void(const std::string& id, const HealthCheckStatus&)>;

  HealthProber(EventLoop& loop, Resolve resolve, Report report);
  ~HealthProber();

  void set(const HealthCheckSnapshot& check);
  void remove(const std::string& id);

 private:
  class Check;
  friend class Check;
  bool healthy(const std::string& id) const;  // unknown ones are
  void recalculate();

  EventLoop& loop_;
  Resolve resolve_;
  Report report_;
  net::TlsContext tls_;
  std::unique_ptr<http::Client> client_;
  std::map<std::string, std::unique_ptr<Check>> checks_;
};

}  // namespace landfall::route53
