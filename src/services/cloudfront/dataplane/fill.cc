#include "services/cloudfront/dataplane/fill.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "services/cloudfront/dataplane/cacheability.h"
#include "services/cloudfront/dataplane/compress.h"
#include "services/cloudfront/dataplane/origin_request.h"

namespace landfall::cloudfront {
namespace {

constexpr size_t kMaxGathered = 256 * 1024 * 1024;  // bytes of an answer that has to be whole; beyond: 502
constexpr size_t kFileReadBytes = 64 * 1024;

using State = proxy::ContentSource::State;

}  // namespace

Fill::Fill(CdnWorker& worker, AskPtr ask, ObjectPtr stale, CdnWorker::FillEvents events)
    : worker_(worker),
      ask_(std::move(ask)),
      stale_(std::move(stale)),
      events_(std::move(events)),
      epoch_(worker.shared_.invalidations->sequence()) {}

void Fill::start() {
  const std::string& id = ask_->behavior->origin_id;
  const OriginGroupSnapshot* group = ask_->site->origin_group(id);
  if (group == nullptr) return ask(id);
  const std::string& method = ask_->viewer.method;
  if (method == "GET" || method == "HEAD" || method == "OPTIONS") group_ = group;
  ask(group->first);
}

// Asks the group's second origin instead, if an answer of this status is a reason to and it has not been
// asked yet.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
bool Fill::fails_over(int status) {
  if (group_ == nullptr || std::ranges::find(group_->status_codes, status) == group_->status_codes.end())
    return false;
  if (call_) std::exchange(call_, nullptr)->cancel();
  ask(std::exchange(group_, nullptr)->second);
  return true;
}

void Fill::ask(const std::string& origin_id) {
  const OriginSnapshot* origin = ask_->site->origin(origin_id);
  if (origin == nullptr) {
    worker_.loop_.post([self = shared_from_this()] { self->on_error({502, "no such origin"}); });
    return;
  }
  OriginRequest request = origin_request(
      *ask_, *origin, worker_.fills(*ask_, stale_) ? Purpose::fill : Purpose::pass, stale_.get());
  if (!ask_->body.empty()) request.body = {ask_, &ask_->body};
  const auto self = shared_from_this();
  const auto heard = [self, attempt = ++attempt_] { return self->attempt_ == attempt; };
  call_ = worker_.origins_.start(std::move(request), {.on_head =
                                                          [self, heard](http::Response head) {
                                                            if (heard()) self->on_head(std::move(head));
                                                          },
                                                      .on_data =
                                                          [self, heard](std::string_view data) {
                                                            if (heard()) self->on_data(data);
                                                          },
                                                      .on_end =
                                                          [self, heard] {
                                                            if (heard()) self->on_end();
                                                          },
                                                      .on_error =
                                                          [self, heard](OriginFailure failure) {
                                                            if (heard()) self->on_error(std::move(failure));
                                                          }});
}

// ---- from the origin ----

bool Fill::may_compress() const {
  if (!ask_->behavior->compress) return false;
  const std::string_view encodings = normalized_encodings(ask_->viewer.headers, *ask_->behavior);
  return !chosen_encoding(head_, body_bytes_.value_or(kSmallestCompressed), encodings).empty();
}

bool Fill::must_gather() const {
  if (ask_->viewer.method != "GET" || ask_->is_error_page) return true;
  if (stale_ && (head_.status == 304 || head_.status >= 500)) return true;
  // Which part the viewer gets depends on the length.
  if (is_conditional(ask_->viewer.headers) && worker_.fills(*ask_, stale_) && !body_bytes_) return true;
  const ErrorResponseSnapshot* page = ask_->site->error_response(head_.status);
  return (page != nullptr && !page->page_path.empty()) || may_compress();
}

void Fill::on_head(http::Response head) {
  if (fails_over(head.status)) return;
  group_ = nullptr;
  head_ = std::move(head);
  if (const auto text = head_.headers.get("content-length")) {
    uint64_t bytes = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), bytes);
    if (error == std::errc() && end == text->data() + text->size()) body_bytes_ = bytes;
  }
  if (!must_gather()) stream();
}

void Fill::on_data(std::string_view data) {
  if (over_) return;
  if (streaming_) return add(data);
  if (!share_.grow(data.size())) {
    call_->cancel();
    return on_error({503, "too many long answers that have to be whole are on their way"});
  }
  held_ += data;
  if (may_compress() && held_.size() > kLargestCompressed) return stream();
  if (held_.size() <= kMaxGathered) return;
  call_->cancel();
  on_error({502, "the answer is larger than this edge can hold"});
}

void Fill::on_end() {
  if (over_) return;
  over_ = true;
  if (!streaming_) {
    call_.reset();
    return worker_.gathered(ask_, stale_, epoch_, http::Fetched{std::move(head_), std::move(held_)},
                            std::move(events_));
  }
  call_.reset();
  state_ = State::ended;
  if (spool_) {
    spool_->finish([self = shared_from_this()](ObjectPtr object) {
      const bool kept = object && self->worker_.keep_from_disk(object);
      self->land(kept ? std::move(object) : nullptr);
    });
  } else if (stores_) {
    object_->body = std::move(held_);  // view() goes on there
    land(worker_.keep(object_, CdnWorker::Tiers::both) ? object_ : nullptr);
  }
  tell_viewer();
}

void Fill::on_error(OriginFailure failure) {
  // Who cannot be connected to counts as a 503, who does not answer in time as a 504.
  if (!over_) {
    call_.reset();
    if (fails_over(failure.status) || (failure.status == 502 && fails_over(503))) return;
  }
  if (std::exchange(over_, true)) return;
  call_.reset();
  if (!streaming_)
    return worker_.gathered(ask_, stale_, epoch_, std::unexpected(std::move(failure)), std::move(events_));
  state_ = State::broken;
  spool_.reset();
  land(nullptr);
  tell_viewer();
}

// ---- streaming ----

void Fill::stream() {
  streaming_ = true;
  share_ = MemoryBudget::Share(whole_messages());
  const Timestamp now = worker_.loop_.clock().now();
  const Cacheability verdict =
      cacheability(head_, *ask_->behavior, ask_->site->error_seconds(head_.status), now);
  object_ = object_without_body(*ask_, std::move(head_), now);
  object_->ttl_seconds = verdict.ttl_seconds;
  object_->announced_bytes = body_bytes_.value_or(0);
  object_->epoch = epoch_;
  object_->seal();
  stores_ = worker_.fills(*ask_, stale_) && verdict.store;
  const std::string first = std::exchange(held_, {});
  if (!stores_) land(nullptr);
  if (stores_ && body_bytes_.value_or(0) > kLargestInMemory) become_large();
  // It may be consumed, or refused, in there.
  if (events_.answered)
    std::exchange(events_.answered, nullptr)({object_, CacheResult::miss, shared_from_this()});
  if (!first.empty()) add(first);
}

// Too large for memory: to the disk, or not at all.
void Fill::become_large() {
  if (!worker_.shared_.disk && body_bytes_.value_or(total()) <= worker_.shared_.cache.largest() / 2 &&
      total() <= worker_.shared_.cache.largest() / 2)
    return;
  large_ = true;
  if (worker_.shared_.disk) spool_ = worker_.shared_.disk->spool(worker_.loop_, object_, body_bytes_);
  if (spool_) {
    if (!held_.empty()) spool_->write(held_);
    return;
  }
  stores_ = false;
  land(nullptr);
}

void Fill::add(std::string_view data) {
  if (over_) return;
  held_ += data;
  if (spool_)
    spool_->write(std::string(data));
  else if (stores_ && total() > kLargestInMemory)
    become_large();
  tell_viewer();
  if (spool_ && spool_->failed()) {
    stores_ = false;
    land(nullptr);
    if (viewer_left_) return viewer_gone();
  }
  drop_what_is_done();
  hold_back();
}

// What nobody needs in memory any more. Of a small one that is to be kept, nothing.
void Fill::drop_what_is_done() {
  if (stores_ && !large_) return;
  const uint64_t sent = viewer_left_ ? total() : sent_;
  const uint64_t on_disk = spool_ ? spool_->written() : 0;
  const uint64_t behind = total() > kAhead ? std::min(on_disk, total() - kAhead) : 0;
  const uint64_t end = std::min(std::max(sent, behind), total());
  if (end <= base_ || (end < base_ + kFileReadBytes && end < total())) return;  // not worth moving the rest
  held_.erase(0, end - base_);
  base_ = end;
}

void Fill::hold_back() {
  if (over_ || held_back_) return;
  const auto go_on = [self = shared_from_this()] {
    self->held_back_ = false;
    if (!self->over_) self->call_->resume();
  };
  if (spool_ && !spool_->failed()) {
    if (spool_->has_room()) return;
    held_back_ = true;
    call_->pause();
    spool_->on_room(go_on);
  } else if (!stores_ && !viewer_left_ && total() > sent_ + kAhead) {
    held_back_ = true;
    call_->pause();
  }
}

void Fill::land(ObjectPtr object) {
  if (events_.landed) std::exchange(events_.landed, nullptr)(std::move(object));
}

void Fill::tell_viewer() {
  if (const auto viewer = viewer_) viewer->more();
}

// ---- to the viewer ----

std::string_view Fill::view() {
  if (sent_ >= base_) {
    const std::string& bytes = over_ && stores_ && !large_ ? object_->body : held_;
    return std::string_view(bytes).substr(std::min<uint64_t>(sent_ - base_, bytes.size()));
  }
  from_file_.resize(std::min<uint64_t>(kFileReadBytes, base_ - sent_));
  const ssize_t got = !spool_ ? 0 : spool_->read(from_file_.data(), from_file_.size(), sent_);
  if (got <= 0) {
    state_ = State::broken;
    return {};
  }
  return std::string_view(from_file_).substr(0, static_cast<size_t>(got));
}

void Fill::consume(size_t bytes) {
  sent_ += bytes;
  if (stores_) return;
  drop_what_is_done();
  if (held_back_ && (!spool_ || spool_->failed()) && total() < sent_ + kAhead / 2) {
    held_back_ = false;
    // Later: the engine is in the middle of sending.
    worker_.loop_.post([self = shared_from_this()] {
      if (!self->over_) self->call_->resume();
    });
  }
}

void Fill::viewer_gone() {
  viewer_left_ = true;
  viewer_.reset();
  if (over_ || stores_) return;
  if (body_bytes_ && total() >= *body_bytes_) return call_->resume();  // its end is about to come
  over_ = true;                                                        // nobody wants the rest
  std::exchange(call_, nullptr)->cancel();
}

}  // namespace landfall::cloudfront
