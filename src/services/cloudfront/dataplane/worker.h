// CdnWorker: the requests of one loop. CdnShared: what all workers share.
#pragma once

#include <map>
#include <memory>
#include <utility>

#include "base/memory_budget.h"
#include "delivery/line_buffer.h"
#include "javascript/runner.h"
#include "proxy/transaction.h"
#include "proxy/worker.h"
#include "runtime/snapshot_cell.h"
#include "services/cloudfront/dataplane/answer.h"
#include "services/cloudfront/dataplane/cache_key.h"
#include "services/cloudfront/dataplane/disk_cache.h"
#include "services/cloudfront/dataplane/flights.h"
#include "services/cloudfront/dataplane/function_logs.h"
#include "services/cloudfront/dataplane/invalidations.h"
#include "services/cloudfront/dataplane/object_cache.h"
#include "services/cloudfront/dataplane/origin.h"
#include "services/cloudfront/dataplane/request_id.h"
#include "services/cloudfront/dataplane/site.h"
#include "services/cloudfront/viewer_metrics.h"

namespace landfall::cloudfront {

struct CdnShared {
  explicit CdnShared(size_t memory_bytes) : cache(memory_bytes) {}
  ObjectCache cache;
  std::unique_ptr<Invalidations> invalidations;  // never null once workers are there
  std::unique_ptr<DiskCache> disk;               // null: memory only
  Flights flights;
  std::shared_ptr<delivery::Spool> log_spool;  // null: nothing is logged
  SnapshotCell<Sites> sites{std::make_shared<const Sites>()};
  OriginNames names;
  FunctionLogs::Report report;  // set before the workers are made; any of their threads
};

// A request that was not answered from memory at once. Immutable once it is asked.
struct Ask {
  SitePtr site;
  const BehaviorSnapshot* behavior = nullptr;  // of `site`
  std::string path;                            // default root object applied
  http::Request viewer;
  std::string body;
  MemoryBudget::Share body_share{whole_messages()};
  std::string request_id;
  CacheKey key;
  int64_t asked_ns = 0;        // monotonic
  bool is_error_page = false;  // asked for by a custom error response: its own errors are final
};
using AskPtr = std::shared_ptr<const Ask>;

class Fill;
struct FunctionResponse;

struct Obtained {
  ObjectPtr object;
  CacheResult result = CacheResult::miss;
  std::shared_ptr<Fill> body;  // which is still coming; else the object has it
};

class CdnWorker {
 public:
  CdnWorker(EventLoop& loop, CdnShared& shared, OriginClient::Options origins);
  ~CdnWorker();
  enum class Scheme { http, https };
  Result<> serve(UniqueFd listener, Scheme scheme);
  void drain(std::move_only_function<void()> drained);  // then the logs are in the spool

  struct FillEvents {
    std::move_only_function<void(Obtained)> answered;  // once
    std::move_only_function<void(ObjectPtr)> landed;   // once; what others may have too; null: nothing
  };

  // By distribution, since the last call.
  std::map<std::string, ViewerCounts, std::less<>> take_counts() { return std::exchange(counts_, {}); }

  // --- for the sites of its listeners ---
  void finished(const proxy::Transaction& transaction);
  void decide(proxy::Transaction& transaction);
  net::TlsContext tls_for(std::string_view server_name) { return tls_sites_.get()->tls_for(server_name); }

 private:
  friend class Fill;
  using Got = std::move_only_function<void(Obtained)>;
  using LaterPtr = std::shared_ptr<proxy::Later>;

  // worker.cc: from a request to an answer.
  const SitePtr& site_of(const proxy::Transaction& transaction);
  bool is_misdirected(const proxy::Transaction& transaction);
  bool is_admitted(proxy::Transaction& transaction, const BehaviorSnapshot& behavior);
  const BehaviorSnapshot& behavior_of(const Site& site) const;  // that path_ has
  void route(proxy::Transaction& transaction, const BehaviorSnapshot& behavior);
  bool serve_hit(proxy::Transaction& transaction, const BehaviorSnapshot& behavior);
  void ask_for(proxy::Transaction& transaction, const BehaviorSnapshot& behavior);
  void refuse(proxy::Transaction& transaction, int status, std::string_view why);
  void redirect_to_https(proxy::Transaction& transaction);
  std::shared_ptr<Ask> ask_of(const proxy::Transaction& transaction, const BehaviorSnapshot& behavior);
  void obtain_and_respond(const LaterPtr& later, AskPtr ask);
  void respond(const LaterPtr& later, const AskPtr& ask, Obtained obtained);
  void send(const LaterPtr& later, const Ask& ask, const Obtained& obtained, Answer answer);
  void add_timing(proxy::Transaction& transaction, const Ask& ask, CacheResult result);
  std::string own_lines(std::string_view result, std::string_view domain, std::string_view request_id);

  // worker_logs.cc: standard logs.
  void write_log(const proxy::Transaction& transaction, std::string_view distribution);
  void flush_logs();
  void schedule_flush();

  // worker_functions.cc: CloudFront Functions.
  void ask_function(const LaterPtr& later, std::shared_ptr<Ask> ask);
  void ask_response_function(const LaterPtr& later, const AskPtr& ask, Obtained obtained, Answer answer);
  void run_function(const Ask& ask, const std::string& arn, std::string event,
                    std::move_only_function<void(javascript::Ran)> done);
  void log_function(const Ask& ask, const std::string& arn, const javascript::Ran& ran);
  void function_failed(const LaterPtr& later, const Ask& ask, javascript::End end);
  void answer_by_function(const LaterPtr& later, const Ask& ask, FunctionResponse response);

  // fetch.cc: from an ask to an object.
  void obtain(AskPtr ask, Got got);  // through the cache
  void direct(AskPtr ask, Got got);  // past it
  // Of the flight that this ask leads:
  void lead_from_disk(AskPtr ask, std::shared_ptr<Got> got);
  void lead_from_origin(AskPtr ask, ObjectPtr stale, std::shared_ptr<Got> got);
  void gathered(AskPtr ask, ObjectPtr stale, uint64_t epoch, OriginResult result, FillEvents events);
  static bool fills(const Ask& ask, const ObjectPtr& stale);  // the answer is for the cache
  void with_error_page(AskPtr ask, std::shared_ptr<CachedObject> object,
                       std::move_only_function<void(std::shared_ptr<CachedObject>)> done);
  enum class Tiers { memory, both };
  bool keep(ObjectPtr object, Tiers tiers);
  bool keep_from_disk(const ObjectPtr& object);

  EventLoop& loop_;
  CdnShared& shared_;
  SnapshotCell<Sites>::Reader sites_, tls_sites_;
  OriginClient origins_;
  RequestIds ids_;
  proxy::Worker engine_;
  FunctionLogs function_logs_;
  std::unique_ptr<javascript::Runner> runner_;               // from the first function on
  std::vector<std::shared_ptr<proxy::Listener>> listeners_;  // before engine_ in destruction

  // The request at hand, and what the one before it found: a connection's requests are mostly for one host.
  std::shared_ptr<const Sites> found_in_;
  std::string found_authority_, found_server_name_;
  SitePtr site_found_, site_of_server_name_;
  std::string path_;
  CacheKey key_;
  std::map<std::string, ViewerCounts, std::less<>> counts_;
  struct Log {
    SitePtr site;  // by which it was made
    std::unique_ptr<delivery::LineBuffer> lines;
  };
  std::map<std::string, Log, std::less<>> logs_;  // by distribution
  TimerId flush_ = 0;                             // while there are any
  double timing_credit_ = 0;                      // percent: an answer gets Server-Timing when it reaches 100
};

void set_path(Ask& ask);  // of ask.viewer's, with the default root object
std::shared_ptr<CachedObject> object_without_body(const Ask& ask, http::Response head, Timestamp now);
bool is_cached_method(std::string_view method, const BehaviorSnapshot& behavior);

}  // namespace landfall::cloudfront
