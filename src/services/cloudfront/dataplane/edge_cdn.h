// EdgeCdn: CloudFront in the edge role: every distribution on every worker, one cache for all of them.
//
// Fed with the documents of control: DistributionSnapshot, InvalidationSnapshot, and route53's NameSnapshot
// (to find custom origins that are load balancers). Threads: create() and the destructor on one thread, with
// the loops not running or ended; apply() on any one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/event_loop.h"

namespace landfall::s3 {
class S3Service;
}
namespace landfall::delivery {
class Spool;
}

namespace landfall::cloudfront {

struct EdgeCdnOptions {
  std::string address;  // "127.77.0.3"
  uint16_t http_port = 80, https_port = 443;
  std::string cache_directory;  // of the disk tier; empty: memory only
  size_t memory_bytes = 256 * 1024 * 1024;
  size_t disk_bytes = 2ULL * 1024 * 1024 * 1024;
  s3::S3Service* s3 = nullptr;                 // outlives the loops
  std::shared_ptr<delivery::Spool> log_spool;  // of standard logs; null: none are written
  std::string origin_ca_file;                  // trusted for https origins beside the system's roots
  // What control is to know (viewer_metrics.h); on any worker's thread.
  std::function<void(std::string kind, std::string id, std::string document)> report;
  int64_t metrics_period_ms = 60'000;
};

class EdgeCdn {
 public:
  // Binds the ports, so that an address in use is told at once.
  static Result<std::unique_ptr<EdgeCdn>> create(std::vector<EventLoop*> workers, EdgeCdnOptions options);
  virtual ~EdgeCdn() = default;

  static bool takes(std::string_view kind);
  // `document` is nullptr when it is gone. An Error: a broken document (or certificate); what is served
  // stays. When it returns, an invalidation is done and a distribution is served as changed.
  virtual Result<> apply(std::string_view kind, std::string_view id, const std::string* document) = 0;
  // Connections end with the requests on them; `drained`, on any worker's thread: none is left.
  virtual void drain(std::move_only_function<void()> drained) = 0;
};

}  // namespace landfall::cloudfront
