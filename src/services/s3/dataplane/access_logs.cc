#include "services/s3/dataplane/access_logs.h"

#include "base/log.h"
#include "codec/xml.h"
#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/object_store.h"
#include "services/s3/dataplane/request.h"

namespace landfall::s3 {
namespace {

constexpr const char* kLoggingService = "logging.s3.amazonaws.com";
constexpr int64_t kDayMs = 86'400'000;

int64_t day_of(Timestamp time) { return time.unix_ms / kDayMs; }

// "2026/11/23/2026-11-23"
std::string event_date(Timestamp time) {
  const std::string date = format_iso8601(time).substr(0, 10);
  return date.substr(0, 4) + "/" + date.substr(5, 2) + "/" + date.substr(8, 2) + "/" + date;
}

}  // namespace

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#server-log-keyname-format
std::optional<delivery::Destination> log_destination_of(const BucketRecord& bucket, Timestamp day) {
  const auto document = bucket.configuration.find(kLoggingConfiguration);
  if (document == bucket.configuration.end()) return std::nullopt;
  const auto xml = codec::XmlDocument::parse(document->second);
  if (!xml) return std::nullopt;
  const codec::XmlNode enabled = xml->root().child("LoggingEnabled");
  delivery::Destination destination{.bucket = enabled.child("TargetBucket").text(),
                                    .region = bucket.region,
                                    .key_prefix = enabled.child("TargetPrefix").text(),
                                    .name = "%Y-%m-%d-%H-%M-%S-%R",
                                    .writers = {{.service = kLoggingService}},
                                    .source_arn = "arn:aws:s3:::" + bucket.name,
                                    .source_account = bucket.owner};
  const codec::XmlNode partitioned = enabled.child("TargetObjectKeyFormat").child("PartitionedPrefix");
  if (!partitioned) return destination;
  destination.key_prefix += bucket.owner + "/" + bucket.region + "/" + bucket.name + "/";
  const bool by_event = partitioned.child("PartitionDateSource").text() == "EventTime";
  destination.name = by_event ? event_date(day) + "-00-00-00-%R" : "%Y/%m/%d/" + destination.name;
  return destination;
}

BucketLog::BucketLog(std::shared_ptr<delivery::Stream> stream, const BucketRecord& bucket, int64_t day)
    : revision_(bucket.revision),
      day_(day),
      owner_id_(S3Request::canonical_id(bucket.owner)),
      buffer_(std::move(stream)) {}

void BucketLog::append(std::string_view line) {
  std::lock_guard lock(mutex_);
  buffer_.line().append(line);
  buffer_.end_line();
}

void BucketLog::flush() {
  std::lock_guard lock(mutex_);
  buffer_.flush();
}

void AccessLogs::set_spool(std::shared_ptr<delivery::Spool> spool, const ObjectStore& store) {
  {
    std::lock_guard lock(mutex_);
    spool_ = std::move(spool);
    logs_.clear();
  }
  for (const auto& bucket : store.buckets())
    if (bucket->configuration.contains(kLoggingConfiguration)) return logging_was_configured();
}

std::shared_ptr<BucketLog> AccessLogs::log_of(const BucketRecord& bucket, Timestamp now) {
  const bool logs = bucket.configuration.contains(kLoggingConfiguration);
  std::lock_guard lock(mutex_);
  const auto known = logs_.find(bucket.id);
  if (known != logs_.end() && logs && known->second->revision() == bucket.revision &&
      known->second->day() == day_of(now))
    return known->second;
  // Whoever holds the old one last flushes it; held here, so that the same destination keeps its stream.
  const std::shared_ptr<BucketLog> old = known == logs_.end() ? nullptr : known->second;
  if (old) logs_.erase(known);
  if (!logs || !spool_) return nullptr;
  const auto destination = log_destination_of(bucket, now);
  if (!destination) {
    log::error("s3: the logging configuration of bucket {} does not load", bucket.name);
    return nullptr;
  }
  return logs_[bucket.id] = std::make_shared<BucketLog>(spool_->stream(*destination), bucket, day_of(now));
}

void AccessLogs::flush() {
  std::vector<std::shared_ptr<BucketLog>> logs;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [id, log] : logs_) logs.push_back(log);
  }
  for (const auto& log : logs) log->flush();
}

}  // namespace landfall::s3
