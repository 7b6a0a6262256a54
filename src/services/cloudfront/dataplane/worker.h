// CdnWorker: the requests of one loop. CdnShared: what all workers share.
#pragma once

#include <memory>

#include "http/server.h"
#include "services/cloudfront/dataplane/answer.h"
#include "services/cloudfront/dataplane/cache_key.h"
#include "services/cloudfront/dataplane/disk_cache.h"
#include "services/cloudfront/dataplane/flights.h"
#include "services/cloudfront/dataplane/invalidations.h"
#include "services/cloudfront/dataplane/object_cache.h"
#include "services/cloudfront/dataplane/origin.h"
#include "services/cloudfront/dataplane/site.h"

namespace landfall::cloudfront {

struct CdnShared {
  explicit CdnShared(size_t memory_bytes) : cache(memory_bytes) {}
  ObjectCache cache;
  std::unique_ptr<Invalidations> invalidations;  // never null once workers are there
  std::unique_ptr<DiskCache> disk;               // null: memory only
  Flights flights;
  SnapshotCell<Sites> sites{std::make_shared<const Sites>()};
  SnapshotCell<OriginNames> names{std::make_shared<const OriginNames>()};
};

// A request on its way. Immutable once it is asked.
struct Ask {
  SitePtr site;
  const BehaviorSnapshot* behavior = nullptr;  // of `site`
  std::string path;                            // default root object applied
  http::Request viewer;
  std::string body;
  std::string request_id;
  CacheKey key;
  bool is_error_page = false;  // asked for by a custom error response: its own errors are final
};
using AskPtr = std::shared_ptr<const Ask>;

struct Obtained {
  ObjectPtr object;
  CacheResult result = CacheResult::miss;
};

class CdnWorker {
 public:
  CdnWorker(EventLoop& loop, CdnShared& shared, OriginClient::Options origins);
  Result<> serve(UniqueFd listener, http::Transport transport);

 private:
  using Got = std::move_only_function<void(Obtained)>;
  // `stored`: others may have it too.
  using Fetched = std::move_only_function<void(Obtained, bool stored)>;

  void handle(std::shared_ptr<http::Exchange> exchange);
  void route(std::shared_ptr<http::Exchange> exchange, std::shared_ptr<Ask> ask);
  void ask_with_body(std::shared_ptr<http::Exchange> exchange, std::shared_ptr<Ask> ask);
  void respond(http::Exchange& exchange, const Ask& ask, const Obtained& obtained);

  void obtain(AskPtr ask, Got got);  // through the cache
  void direct(AskPtr ask, Got got);  // past it
  // Of the flight that this ask leads:
  void lead_from_disk(AskPtr ask, std::shared_ptr<Got> got);
  void lead_from_origin(AskPtr ask, ObjectPtr stale, std::shared_ptr<Got> got);
  void fetch(AskPtr ask, ObjectPtr stale, Fetched fetched);  // from the origin; keeps it if it may
  void fetched(AskPtr ask, ObjectPtr stale, uint64_t epoch, OriginResult result, Fetched done);
  void with_error_page(AskPtr ask, std::shared_ptr<CachedObject> object,
                       std::move_only_function<void(std::shared_ptr<CachedObject>)> done);
  enum class Tiers { memory, both };
  void keep(ObjectPtr object, Tiers tiers);
  void keep_from_disk(const ObjectPtr& object);
  bool is_cached_method(const Ask& ask) const;

  EventLoop& loop_;
  CdnShared& shared_;
  SnapshotCell<Sites>::Reader sites_, tls_sites_;
  OriginClient origins_;
  std::unique_ptr<http::HttpServer> server_;
};

}  // namespace landfall::cloudfront
