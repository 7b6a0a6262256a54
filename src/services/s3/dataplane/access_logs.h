// S3's server access logs: which bucket logs where, and a line for each request that was answered.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
//
// A bucket's log is its own: one destination, one buffer, shared by all workers under a lock; only buckets
// with logging pay for it. Lines that are not in the spool yet are lost when the process is killed: flush()
// each second keeps them few. Threads: any.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "delivery/line_buffer.h"
#include "services/s3/dataplane/records.h"

namespace landfall::s3 {

class ObjectStore;

// Where a bucket's log goes, by its logging configuration; nullopt: nowhere. `day` is the events', for keys
// partitioned by it.
std::optional<delivery::Destination> log_destination_of(const BucketRecord& bucket, Timestamp day);

class BucketLog {
 public:
  BucketLog(std::shared_ptr<delivery::Stream> stream, const BucketRecord& bucket, int64_t day);
  void append(std::string_view line);  // without its line feed
  void flush();
  uint64_t revision() const { return revision_; }  // of the bucket's record that it was made by
  int64_t day() const { return day_; }             // since 1970
  const std::string& owner_id() const { return owner_id_; }

 private:
  const uint64_t revision_;
  const int64_t day_;
  const std::string owner_id_;
  std::mutex mutex_;  // guards what follows
  delivery::LineBuffer buffer_;
};

class AccessLogs {
 public:
  // Before that nothing is logged.
  void set_spool(std::shared_ptr<delivery::Spool> spool, const ObjectStore& store);
  // False: no bucket logs, as far as is known; the one branch of a request that is not logged.
  bool any() const { return any_.load(std::memory_order_relaxed); }
  void logging_was_configured() { any_.store(true, std::memory_order_relaxed); }
  std::shared_ptr<BucketLog> log_of(const BucketRecord& bucket, Timestamp now);  // null: it does not log
  void flush();

 private:
  std::atomic<bool> any_{false};
  std::mutex mutex_;  // guards what follows
  std::shared_ptr<delivery::Spool> spool_;
  std::map<BucketId, std::shared_ptr<BucketLog>> logs_;
};

}  // namespace landfall::s3
