#include "delivery/log_delivery.h"

#include "base/log.h"
#include "codec/gzip.h"

namespace landfall::delivery {
namespace {

std::string what_of(const Destination& destination) {
  return "logs of " + destination.source_arn + " to " + destination.bucket;
}

// A segment is megabytes: compressed where it lies.
std::string body_of(const Destination& destination, const SegmentContent& content) {
  if (destination.gzip && destination.preamble.empty())
    return codec::gzip(content.lines(), codec::GzipEffort::least);
  std::string body = destination.preamble;
  body.append(content.lines());
  return destination.gzip ? codec::gzip(body, codec::GzipEffort::least) : body;
}

}  // namespace

LogDelivery::LogDelivery(Options options)
    : loop_(options.loop),
      spool_(std::move(options.spool)),
      put_(std::move(options.put)),
      period_ms_(options.period_ms),
      gather_(std::move(options.gather)) {
  spool_->on_full([this] { later([this] { round([] {}); }); });
}

LogDelivery::~LogDelivery() {
  spool_->on_full({});
  loop_.cancel(timer_);
  loop_.cancel(gathering_);
}

void LogDelivery::start() {
  round([] {});
  schedule();
  if (gather_) schedule_gathering();
}

void LogDelivery::schedule_gathering() {
  gathering_ = loop_.after_ms(kFlushMs, [this] {
    gather_();
    schedule_gathering();
  });
}

// At the ends of the periods, as destination.h counts them.
void LogDelivery::schedule() {
  const int64_t into = loop_.clock().now().unix_ms % period_ms_;
  timer_ = loop_.after_ms(period_ms_ - into, [this] {
    deliver_now([] {});
    schedule();
  });
}

void LogDelivery::deliver_now(std::move_only_function<void()> done) {
  if (gather_) gather_();
  spool_->close_segments();
  for (Waiting& waiting : std::exchange(failed_, {})) queue_.push_back(std::move(waiting));
  round(std::move(done));
}

void LogDelivery::round(std::move_only_function<void()> done) {
  for (Segment& segment : spool_->take_closed()) queue_.push_back({std::move(segment)});
  done_.push_back(std::move(done));
  if (running_) return;
  running_ = true;
  next();
}

// One after another: logs are in no hurry, and at most one segment is in memory.
void LogDelivery::next() {
  if (queue_.empty()) {
    running_ = false;
    for (auto& done : std::exchange(done_, {})) done();
    return;
  }
  const Segment& segment = queue_.front().segment;
  auto content = Spool::read(segment);
  if (!content) {  // no log of ours, or it was cut before its first line was whole
    give_up(segment.path, content.error().message);
    return later([this] { next(); });
  }
  auto destination = std::make_shared<const Destination>(std::move(content->destination));
  if (content->lines().empty())
    return later([this, destination] { settle(destination.get(), {PutOutcome::stored, ""}); });
  const Timestamp time =
      destination->named_by_begin ? segment.begun : end_of_period(segment.closed, period_ms_);
  PutObject object{.bucket = destination->bucket,
                   .region = destination->region,
                   .key = object_key(*destination, time, segment.unique),
                   .content_type = destination->gzip ? "application/x-gzip" : "text/plain",
                   .body = body_of(*destination, *content),
                   .source_arn = destination->source_arn,
                   .source_account = destination->source_account};
  write(std::move(destination), std::move(object), 0);
}

void LogDelivery::write(std::shared_ptr<const Destination> destination, PutObject object, size_t writer) {
  if (writer >= destination->writers.size())
    return settle(destination.get(), {PutOutcome::denied, "nobody to write in whose name"});
  object.writer = destination->writers[writer];
  const bool last = writer + 1 == destination->writers.size();
  PutObject again = last ? PutObject{} : object;
  put_(loop_, std::move(object),
       [this, alive = std::weak_ptr(alive_), destination = std::move(destination), again = std::move(again),
        writer, last](PutAnswer answer) mutable {
         if (alive.expired()) return;
         later([this, destination = std::move(destination), again = std::move(again), writer, last,
                answer = std::move(answer)]() mutable {
           if (answer.outcome == PutOutcome::denied && !last)
             return write(std::move(destination), std::move(again), writer + 1);
           settle(destination.get(), std::move(answer));
         });
       });
}

// A queue of thousands must not become a stack of thousands.
void LogDelivery::later(std::move_only_function<void()> step) {
  loop_.post([alive = std::weak_ptr(alive_), step = std::move(step)]() mutable {
    if (!alive.expired()) step();
  });
}

void LogDelivery::settle(const Destination* destination, PutAnswer answer) {
  const std::string what = what_of(*destination);
  Waiting& waiting = queue_.front();
  if (answer.outcome == PutOutcome::stored) {
    spool_->remove(waiting.segment);
    queue_.pop_front();
    std::lock_guard lock(mutex_);
    ++counters_.delivered_files;
    problems_.erase(what);
  } else {
    {
      std::lock_guard lock(mutex_);
      ++counters_.failed_attempts;
    }
    const bool too_old = loop_.clock().now().unix_ms - waiting.segment.closed.unix_ms > kOldestMs;
    if (++waiting.attempts >= kAttempts || too_old) {
      give_up(what, answer.message);
    } else {
      if (waiting.attempts == 1) log::warn("{}: {}; it will be tried again", what, answer.message);
      remember(what, answer.message);
      failed_.push_back(std::move(waiting));
      queue_.pop_front();
    }
  }
  next();
}

void LogDelivery::give_up(const std::string& what, const std::string& why) {
  log::error("{}: given up, {} bytes are lost: {}", what, queue_.front().segment.bytes, why);
  spool_->remove(queue_.front().segment);
  queue_.pop_front();
  // The destination's problem is over with its file: if there are more, they will tell it again.
  std::lock_guard lock(mutex_);
  ++counters_.given_up_files;
  problems_.erase(what);
}

void LogDelivery::remember(const std::string& what, std::string why) {
  std::lock_guard lock(mutex_);
  if (problems_.size() < kProblems || problems_.contains(what)) problems_[what] = std::move(why);
}

DeliveryCounters LogDelivery::counters() const {
  std::lock_guard lock(mutex_);
  return counters_;
}

std::vector<DeliveryProblem> LogDelivery::problems() const {
  std::vector<DeliveryProblem> told;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [what, why] : problems_) told.push_back({what, why});
    if (counters_.given_up_files > 0)
      told.push_back({"log delivery", std::to_string(counters_.given_up_files) +
                                          " files of logs were given up since the start; the log says why"});
  }
  if (const uint64_t dropped = spool_->dropped_bytes(); dropped > 0)
    told.push_back({"log spool", std::to_string(dropped) + " bytes of logs were dropped: it was full"});
  return told;
}

}  // namespace landfall::delivery
