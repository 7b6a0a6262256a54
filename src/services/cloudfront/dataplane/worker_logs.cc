// Standard logs of the distributions, as one worker writes them.
#include "services/cloudfront/dataplane/standard_log.h"
#include "services/cloudfront/dataplane/worker.h"

namespace landfall::cloudfront {

void CdnWorker::write_log(const proxy::Transaction& transaction, std::string_view distribution) {
  if (!shared_.log_spool || !transaction.has_head()) return;
  // Mostly the one that was looked up last.
  SitePtr site = site_found_;
  if (!site || site->snapshot.id != distribution) {
    const auto& sites = sites_.get();
    const auto found = sites->by_id.find(distribution);
    if (found == sites->by_id.end()) return;
    site = found->second;
  }
  if (!site->log) return;
  Log& log = logs_[site->snapshot.id];
  if (log.site != site) {
    if (!log.lines || log.lines->destination() != *site->log)
      log.lines = std::make_unique<delivery::LineBuffer>(shared_.log_spool->stream(*site->log));
    log.site = site;
  }
  append_standard_log(log.lines->line(), transaction, site->snapshot, loop_.clock().now());
  log.lines->end_line();
  if (flush_ == 0) schedule_flush();
}

// A distribution that is gone, or has changed, gives its buffer up; what it held is delivered.
void CdnWorker::flush_logs() {
  const auto& sites = sites_.get();
  std::erase_if(logs_, [&](const auto& entry) {
    const auto now = sites->by_id.find(entry.first);
    return now == sites->by_id.end() || now->second != entry.second.site;
  });
  for (auto& [id, log] : logs_) log.lines->flush();
}

void CdnWorker::schedule_flush() {
  flush_ = loop_.after_ms(delivery::kFlushMs, [this] {
    flush_ = 0;
    flush_logs();
    if (!logs_.empty()) schedule_flush();
  });
}

void CdnWorker::drain(std::move_only_function<void()> drained) {
  engine_.drain_clients([this, drained = std::move(drained)]() mutable {
    flush_logs();
    drained();
  });
}

}  // namespace landfall::cloudfront
