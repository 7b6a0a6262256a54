// Fill: one answer on its way from an origin: to the viewer that asked first, as it comes, and into the
// cache.
//
//   asking ──head──▶ gathering ──end──▶ (answered whole, landed)
//                        └──▶ streaming: answered at once; ──end──▶ (landed)
//
// Gathered are answers that must be whole before they can be answered: those that are compressed here, errors
// that a page may replace, answers about a stale object, answers to HEAD. All others stream.
//
// What is held of a streaming answer: all of it while it may be kept in memory; beyond kLargestInMemory what
// the disk has not taken yet (Spool::kMostPending at most) and, if it is not stored, what the viewer has not
// taken yet (kAhead, and what is on its way). The origin waits for the disk, and for the viewer only if it is
// not stored: a slow viewer never holds up those who wait for the same object; it reads behind from the file.
//
// Threads: one loop's. Ownership: the origin's call holds the Fill until its end; the engine holds a
// FillSource.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/memory_budget.h"
#include "proxy/transaction.h"
#include "services/cloudfront/dataplane/worker.h"

namespace landfall::cloudfront {

class Fill final : public std::enable_shared_from_this<Fill> {
 public:
  static constexpr uint64_t kAhead = 1024 * 1024;

  Fill(CdnWorker& worker, AskPtr ask, ObjectPtr stale, CdnWorker::FillEvents events);
  void start();

  // --- for the viewer's side ---
  void set_viewer(std::shared_ptr<proxy::Later> viewer) { viewer_ = std::move(viewer); }
  std::optional<uint64_t> body_bytes() const { return body_bytes_; }
  std::string_view view();
  void consume(size_t bytes);
  void skip_to(uint64_t offset) { sent_ = offset; }  // of a range
  proxy::ContentSource::State state() const { return state_; }
  void viewer_gone();

 private:
  void ask(const std::string& origin_id);
  bool fails_over(int status);
  void on_head(http::Response head);
  void on_data(std::string_view data);
  void on_end();
  void on_error(OriginFailure failure);
  bool must_gather() const;
  bool may_compress() const;
  void stream();
  void become_large();
  void add(std::string_view data);
  void drop_what_is_done();
  void hold_back();
  void land(ObjectPtr object);
  void tell_viewer();
  uint64_t total() const { return base_ + held_.size(); }

  CdnWorker& worker_;
  const AskPtr ask_;
  const ObjectPtr stale_;
  CdnWorker::FillEvents events_;
  const uint64_t epoch_;
  std::shared_ptr<OriginCall> call_;
  const OriginGroupSnapshot* group_ = nullptr;  // while its second origin may still be asked
  uint32_t attempt_ = 0;                        // what earlier calls still say is not heard
  std::shared_ptr<proxy::Later> viewer_;

  http::Response head_;
  std::optional<uint64_t> body_bytes_;    // as the origin said
  std::shared_ptr<CachedObject> object_;  // streaming
  bool streaming_ = false, stores_ = false, large_ = false, viewer_left_ = false, held_back_ = false,
       over_ = false;
  proxy::ContentSource::State state_ = proxy::ContentSource::State::more;
  std::string held_;                             // bytes [base_, total()) of the body
  MemoryBudget::Share share_{whole_messages()};  // of held_, while it has to be whole
  uint64_t base_ = 0, sent_ = 0;
  std::unique_ptr<Spool> spool_;
  std::string from_file_;  // what view() read
};

// The engine's hold: when it goes, the viewer has gone.
class FillSource final : public proxy::ContentSource {
 public:
  explicit FillSource(std::shared_ptr<Fill> fill) : fill_(std::move(fill)) {}
  ~FillSource() override { fill_->viewer_gone(); }
  std::string_view view() override { return fill_->view(); }
  void consume(size_t bytes) override { fill_->consume(bytes); }
  State state() const override { return fill_->state(); }

 private:
  std::shared_ptr<Fill> fill_;
};

}  // namespace landfall::cloudfront
