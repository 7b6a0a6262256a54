#include "services/cloudfront/dataplane/edge_cdn.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "base/log.h"
#include "codec/fields.h"
#include "net/socket.h"
#include "runtime/countdown.h"
#include "services/cloudfront/dataplane/files.h"
#include "services/cloudfront/dataplane/worker.h"
#include "services/route53/snapshot.h"

namespace landfall::cloudfront {
namespace {

// Invariant: the cells hold what the last good document of each thing said.
class EdgeCdnImpl final : public EdgeCdn {
 public:
  explicit EdgeCdnImpl(EdgeCdnOptions options)
      : options_(std::move(options)), shared_(options_.memory_bytes) {
    shared_.report = options_.report;
    shared_.log_spool = options_.log_spool;
  }

  Result<> start(const std::vector<EventLoop*>& loops) {
    LF_CHECK(open_cache());
    const struct {
      uint16_t port;
      CdnWorker::Scheme scheme;
    } places[] = {{options_.http_port, CdnWorker::Scheme::http},
                  {options_.https_port, CdnWorker::Scheme::https}};
    for (EventLoop* loop : loops)
      workers_.push_back(
          std::make_unique<CdnWorker>(*loop, shared_,
                                      OriginClient::Options{.loop = *loop,
                                                            .s3 = options_.s3,
                                                            .names = &shared_.names,
                                                            .ca_file = options_.origin_ca_file,
                                                            .source_address = options_.address}));
    for (const auto& place : places) {
      LF_TRY(const net::SocketAddress address, net::SocketAddress::inet(options_.address, place.port));
      {
        // SO_REUSEPORT would share the port with another Landfall of the same user; a plain bind refuses.
        LF_TRY(const UniqueFd probe, net::listen_tcp(address, {.reuse_port = net::ReusePort::no}));
      }
      for (auto& worker : workers_) {
        LF_TRY(UniqueFd socket, net::listen_tcp(address, {.reuse_port = net::ReusePort::yes}));
        LF_CHECK(worker->serve(std::move(socket), place.scheme));
      }
    }
    loops_ = loops;
    if (options_.report) schedule_metrics();
    return {};
  }

  ~EdgeCdnImpl() override {
    if (metrics_ != 0) loops_.front()->cancel(metrics_);
  }

  Result<> apply(std::string_view kind, std::string_view id, const std::string* document) override {
    if (kind == kDistributionSnapshotKind) return apply_distribution(std::string(id), document);
    if (kind == kInvalidationSnapshotKind) return apply_invalidation(document);
    if (kind == route53::kNameSnapshotKind) return apply_name(std::string(id), document);
    return {};
  }

  void drain(std::move_only_function<void()> drained) override {
    const auto left = std::make_shared<Countdown>(workers_.size(), std::move(drained));
    for (size_t i = 0; i < workers_.size(); ++i)
      loops_[i]->post([worker = workers_[i].get(), left] { worker->drain(Countdown::part(left)); });
  }

 private:
  // A disk that cannot be used must not stop the traffic; but then this run's invalidations are not on it, so
  // what it holds must never be used again either: without a journal the next start drops it.
  Result<> open_cache() {
    LF_TRY(shared_.invalidations, Invalidations::open(""));
    if (options_.cache_directory.empty() || options_.disk_bytes == 0) return {};
    const std::string journal = options_.cache_directory + "/invalidations";
    Result<> opened = open_disk(journal);
    if (opened) return {};
    log::error("the CDN's cache is in memory only: {}", opened.error().message);
    if (::unlink(journal.c_str()) != 0 && errno != ENOENT) return opened;
    LF_TRY(shared_.invalidations, Invalidations::open(""));
    return {};
  }

  Result<> open_disk(const std::string& journal) {
    LF_CHECK(make_folder(options_.cache_directory));
    LF_TRY(shared_.invalidations, Invalidations::open(journal));
    LF_TRY(shared_.disk, DiskCache::open({.folder = options_.cache_directory,
                                          .limit_bytes = options_.disk_bytes,
                                          .invalidations = shared_.invalidations.get()}));
    return {};
  }

  struct Collected {
    std::mutex mutex;
    std::map<std::string, ViewerCounts, std::less<>> counts;
    size_t waiting = 0;
  };

  void schedule_metrics() {
    metrics_ = loops_.front()->after_ms(options_.metrics_period_ms, [this] {
      collect();
      schedule_metrics();
    });
  }

  // Each worker empties its counters on its own thread; the last one reports them.
  void collect() {
    auto collected = std::make_shared<Collected>();
    collected->waiting = workers_.size();
    for (size_t i = 0; i < workers_.size(); ++i)
      loops_[i]->post([this, worker = workers_[i].get(), collected] {
        std::lock_guard lock(collected->mutex);
        for (const auto& [id, counts] : worker->take_counts()) collected->counts[id].merge(counts);
        if (--collected->waiting == 0) report(collected->counts);
      });
  }

  void report(const std::map<std::string, ViewerCounts, std::less<>>& all) {
    const auto sites = shared_.sites.load();
    for (const auto& [id, counts] : all) {
      const auto site = sites->by_id.find(id);
      if (site == sites->by_id.end()) continue;
      // arn:aws:cloudfront::ACCOUNT:distribution/ID
      const std::string& arn = site->second->snapshot.arn;
      constexpr std::string_view kBefore = "arn:aws:cloudfront::";
      const std::string account =
          arn.starts_with(kBefore)
              ? arn.substr(kBefore.size(), arn.find(':', kBefore.size()) - kBefore.size())
              : "";
      options_.report(kDistributionMetricsKind, id,
                      to_json(DistributionMetrics{.distribution_id = id,
                                                  .account = account,
                                                  .timestamp = loops_.front()->clock().now(),
                                                  .counts = counts}));
    }
  }

  // In effect when it returns, in memory and on disk.
  Result<> invalidate(const std::string& distribution_id, const std::vector<std::string>& paths) {
    const Result<> kept = shared_.invalidations->add(distribution_id, paths);
    const size_t count = shared_.cache.invalidate(distribution_id, [&](std::string_view target) {
      return std::ranges::any_of(paths, [&](const std::string& path) { return invalidates(path, target); });
    });
    if (shared_.disk) shared_.disk->sweep();
    log::info("{}: {} objects in memory invalidated", distribution_id, count);
    return kept;
  }

  Result<> apply_distribution(const std::string& id, const std::string* document) {
    SitePtr site;
    if (document != nullptr) {
      LF_TRY(DistributionSnapshot snapshot, from_json<DistributionSnapshot>(*document));
      LF_TRY(site, make_site(std::move(snapshot)));
    }
    const bool gone = !site;
    shared_.sites.store(changed(*shared_.sites.load(), id, std::move(site)));
    return gone ? invalidate(id, {"/*"}) : Result<>();
  }

  Result<> apply_invalidation(const std::string* document) {
    if (document == nullptr) return {};  // control has seen that it is done
    LF_TRY(const InvalidationSnapshot invalidation, from_json<InvalidationSnapshot>(*document));
    std::vector<std::string> paths = invalidation.paths;
    // "/" is what the viewer asked for when it got the default root object.
    if (const auto sites = shared_.sites.load(); sites->by_id.contains(invalidation.distribution_id))
      for (const std::string& path : invalidation.paths)
        if (path == "/")
          paths.push_back("/" + sites->by_id.at(invalidation.distribution_id)->snapshot.default_root_object);
    return invalidate(invalidation.distribution_id, paths);
  }

  Result<> apply_name(const std::string& id, const std::string* document) {
    if (document == nullptr) {
      shared_.names.erase(id);
      return {};
    }
    LF_TRY(route53::NameSnapshot name, from_json<route53::NameSnapshot>(*document));
    shared_.names.set(id, std::move(name.addresses));
    return {};
  }

  const EdgeCdnOptions options_;
  CdnShared shared_;
  std::vector<EventLoop*> loops_;
  TimerId metrics_ = 0;
  std::vector<std::unique_ptr<CdnWorker>> workers_;  // before shared_ in destruction
};

}  // namespace

bool EdgeCdn::takes(std::string_view kind) {
  return kind == kDistributionSnapshotKind || kind == kInvalidationSnapshotKind ||
         kind == route53::kNameSnapshotKind;
}

Result<std::unique_ptr<EdgeCdn>> EdgeCdn::create(std::vector<EventLoop*> workers, EdgeCdnOptions options) {
  auto cdn = std::make_unique<EdgeCdnImpl>(std::move(options));
  LF_CHECK(cdn->start(workers));
  return cdn;
}

}  // namespace landfall::cloudfront
