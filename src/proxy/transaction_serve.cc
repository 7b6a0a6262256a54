// Answers that a site gives from what it keeps, and decisions that it makes later.
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "proxy/transaction.h"
#include "proxy/worker.h"

namespace landfall::proxy {
namespace {
constexpr size_t kFileReadBytes = 16 * 1024;  // a TLS record: SSL_write takes one at a time

std::unexpected<Error> fail_too_long() { return landfall::fail("the request's body is too long"); }

}  // namespace

void Later::decided() {
  if (transaction_ == nullptr || transaction_->deciding_) return;
  Transaction& transaction = *transaction_;
  transaction.touch();
  transaction.carry_out();
  transaction.pump();
}

void Later::more() {
  if (transaction_ != nullptr && transaction_->serving_) transaction_->pump();
}

std::shared_ptr<Later> Transaction::later() {
  if (!later_) later_ = std::make_shared<Later>(*this);
  return later_;
}

void Transaction::serve_decided() {
  outcome_ = Outcome::answered_by_site;
  status_ = decision_.status;
  answer_begun_ = true;
  replied_ns_ = worker_.now_ns();
  const Content& content = decision_.content;
  // RFC 9112 section 6.3.
  const bool bodiless = head_->method() == "HEAD" || status_ == 204 || status_ == 304 ||
                        (content.has_length && content.length == 0);
  send_served_head(status_, decision_, bodiless ? Follows::nothing : Follows::body);
  if (bodiless) {
    answer_complete_ = true;
  } else {
    content_at_ = 0;
    serving_ = true;
  }
}

bool Transaction::pump_content() {
  bool moved = false;
  Content& content = decision_.content;
  while (serving_) {
    const uint64_t left = content.has_length ? content.length - content_at_ : UINT64_MAX;
    if (left == 0) {
      serving_ = false;
      answer_complete_ = true;
      finish_answer();
      return true;
    }
    size_t taken = 0;
    if (content.source) {
      std::string_view view = content.source->view();
      view = view.substr(0, std::min<uint64_t>(view.size(), left));
      if (view.empty()) {
        const ContentSource::State state = content.source->state();
        if (state == ContentSource::State::more) return moved;
        if (state == ContentSource::State::ended && !content.has_length) {
          content.length = content_at_;
          content.has_length = true;
          continue;
        }
        fail(502, Outcome::upstream_closed);
        return true;
      }
      taken = write_body(view);
      if (active_ && taken > 0) content.source->consume(taken);
    } else if (content.file) {
      const auto written = write_file(content.file->get(), content.offset + content_at_, left);
      if (!written) {
        fail(502, Outcome::upstream_closed);
        return true;
      }
      taken = *written;
    } else {
      taken = write_body(content.bytes.substr(content_at_, left));
    }
    if (!active_) return true;
    if (taken == 0) return moved;
    content_at_ += taken;
    moved = true;
    touch();
    if (taken < left && ends_turn(taken)) return true;  // the last piece's answer is ended in the same turn
  }
  return moved;
}

// Where the kernel cannot move the bytes itself. What is not taken is read again.
std::optional<size_t> Transaction::write_file(int fd, uint64_t offset, uint64_t size) {
  if (!can_write()) return 0;
  static thread_local std::unique_ptr<char[]> buffer = std::make_unique<char[]>(kFileReadBytes);
  const ssize_t got =
      ::pread(fd, buffer.get(), std::min<uint64_t>(size, kFileReadBytes), static_cast<off_t>(offset));
  if (got <= 0) return std::nullopt;
  return write_body({buffer.get(), static_cast<size_t>(got)});
}

// ---- the request's body, for a site that wants it whole ----

void Transaction::collect_body(size_t limit_bytes, std::move_only_function<void(Result<std::string>)> done) {
  collecting_ = std::make_unique<Collecting>();
  collecting_->limit = limit_bytes;
  collecting_->done = std::move(done);
}

bool Transaction::pump_collecting() {
  bool moved = false;
  const bool framed = head_->body == http1::BodyKind::chunked && !body_needs_chunks();
  while (collecting_) {
    Collecting& into = *collecting_;
    const std::string_view data = body_view();
    if (data.empty()) {
      if (body_broken()) {
        fail(400, Outcome::bad_request);
        return true;
      }
      if (body_complete()) {
        end_collecting(std::move(into.body));
        return true;
      }
      if (head_->expects_continue && !into.continued) {
        into.continued = true;
        static const http1::ResponseHead kContinue = [] {
          http1::ResponseHead head;
          head.status = 100;
          return head;
        }();
        send_interim(kContinue);
        return true;  // to be flushed before the body can come
      }
      if (!read_body()) return moved;
      moved = true;
      continue;
    }
    moved = true;
    if (!into.share.grow(data.size())) {
      end_collecting(landfall::fail("too many long bodies are on their way", ENOMEM));
      return true;
    }
    if (into.body.size() + data.size() > into.limit + (framed ? data.size() : 0)) {
      end_collecting(fail_too_long());
      return true;
    }
    if (framed) {
      std::string_view rest = data, piece;
      while (!rest.empty() && !into.chunks.done()) {
        if (into.chunks.decode(rest, piece) == http1::ChunkedDecoder::Status::error) {
          fail(400, Outcome::bad_request);
          return true;
        }
        into.body += piece;
      }
      if (into.body.size() > into.limit) {
        end_collecting(fail_too_long());
        return true;
      }
    } else {
      into.body += data;
    }
    const size_t taken = data.size();
    consume_body(taken);
    touch();
    if (ends_turn(taken)) return true;
  }
  return moved;
}

void Transaction::end_collecting(Result<std::string> result) {
  const std::unique_ptr<Collecting> ended = std::move(collecting_);
  wait_without_deadline();
  ended->done(std::move(result));
}

}  // namespace landfall::proxy
