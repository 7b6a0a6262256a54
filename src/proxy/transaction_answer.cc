// Transaction, towards the client: the upstream's answer, or its end without one.
#include <algorithm>

#include "proxy/transaction.h"
#include "proxy/worker.h"

namespace landfall::proxy {
namespace {

constexpr uint64_t kSpliceBytes = 64 * 1024;  // still to come of a body that is worth a pipe
constexpr uint8_t kInterimAnswers = 16;       // passed on of one upstream's; more are dropped

}  // namespace

void Transaction::on_upstream_ready() {
  read_ahead();
  worker_.turns().join(*this);
}

// The beginning of an answer: a body is read when it can be given on. What is not read well is met again by
// who reads next.
void Transaction::read_ahead() {
  if (!connected_ || !request_sent_ || answer_head_seen_ || !up_->readable || !up_->in.empty()) return;
  Buffer& in = up_->in;
  in.ensure();
  const net::IoResult got = up_->read(in.free_begin(), in.free_size());
  if (got.status != net::IoStatus::ok) return;
  answered_ns_ = worker_.now_ns();
  in.add(got.bytes);
  touch();
}

bool Transaction::pump_answer() {
  if (!connected_) return false;
  if (answer_head_seen_) return pump_answer_body();
  if (!read_answer_head()) return false;
  // The body that came with the head goes out with it, in one system call.
  if (active_ && up_ && answer_head_seen_) pump_answer_body();
  return true;
}

bool Transaction::read_answer_head() {
  Buffer& in = up_->in;
  for (;;) {
    if (!in.empty()) {
      switch (up_->parser.parse(in.view(), head_->method() == "HEAD")) {
        case http1::ParseStatus::complete:
          return on_answer_head();
        case http1::ParseStatus::error:
          decision_.error_reason = http1::describe(up_->parser.error());
          fail(502, Outcome::upstream_malformed);
          return true;
        case http1::ParseStatus::incomplete:
          break;
      }
    }
    if (!up_->readable && !up_->has_buffered()) return false;
    in.ensure();
    if (in.free_size() == 0) {
      in.compact();                        // interim answers may lie before it
      if (in.free_size() == 0) in.grow();  // the parser's limit lies below a large block
    }
    const net::IoResult got = up_->read(in.free_begin(), in.free_size());
    switch (got.status) {
      case net::IoStatus::ok:
        if (answered_ns_ == 0) answered_ns_ = worker_.now_ns();
        in.add(got.bytes);
        touch();
        break;
      case net::IoStatus::again:
        return false;
      default:
        on_upstream_end();
        return true;
    }
  }
}

bool Transaction::on_answer_head() {
  const http1::ResponseHead& head = up_->parser.head();
  Buffer& in = up_->in;
  const size_t head_bytes = head.head_bytes;
  if (head.status == 101 && upgrading_) {
    tunnel_ = true;
    request_sent_ = false;
    begin_tunnel();
  } else if (head.status < 200) {
    if (head.status == 101) {  // RFC 9110 section 15.2.2: nobody asked for it
      fail(502, Outcome::upstream_malformed);
      return true;
    }
    // RFC 9110 section 15.2: all are passed on, but not to HTTP/1.0. 100 is for a client that waits for it.
    const bool wanted =
        head.status == 100 ? head_->expects_continue : head_->version == http1::HttpVersion::http_1_1;
    if (wanted && interim_answers_ < kInterimAnswers) {
      ++interim_answers_;
      send_interim(head);
    }
    in.drop(head_bytes);
    up_->parser.reset();
    return true;
  }
  upstream_status_ = status_ = head.status;
  answer_head_seen_ = answer_begun_ = true;
  replied_ns_ = worker_.latest_ns();
  upstream_reusable_ = head.keep_alive && !tunnel_;
  answer_kind_ = tunnel_ ? http1::BodyKind::until_close : head.body;
  answer_left_ = head.content_length;
  decode_chunks_ = answer_kind_ == http1::BodyKind::chunked && !passes_chunked();
  std::string& extra = worker_.scratch();
  extra = decision_.response_fields;
  site_.add_response_fields(*this, extra);
  send_head(head, extra);
  if (!active_) return true;
  in.drop(head_bytes);
  framed_ = 0;
  if (answer_kind_ == http1::BodyKind::none) {
    answer_ended_ = true;
  } else if (answer_kind_ == http1::BodyKind::chunked && !decode_chunks_) {
    const auto status = chunks_.scan(in.view(), framed_);
    if (status == http1::ChunkedDecoder::Status::error) {
      fail(502, Outcome::upstream_malformed);
      return true;
    }
  }
  return true;
}

// What of the body lies at the front of the upstream's buffer, as it is to be given to the client.
std::string_view Transaction::answer_view() {
  Buffer& in = up_->in;
  switch (answer_kind_) {
    case http1::BodyKind::none:
      return {};
    case http1::BodyKind::length:
      return in.view().substr(0, std::min<uint64_t>(in.size(), answer_left_));
    case http1::BodyKind::until_close:
      return in.view();
    case http1::BodyKind::chunked:
      break;
  }
  if (!decode_chunks_) return in.view().substr(0, framed_);
  while (framed_ == 0 && !in.empty() && !chunks_.done()) {
    std::string_view rest = in.view(), data;
    const auto status = chunks_.decode(rest, data);
    if (status == http1::ChunkedDecoder::Status::error) {
      outcome_ = Outcome::upstream_malformed;
      return {};
    }
    in.drop(in.size() - rest.size() - data.size());
    framed_ = data.size();
  }
  return in.view().substr(0, framed_);
}

void Transaction::consume_answer(size_t bytes) {
  up_->in.drop(bytes);
  if (up_->in.empty()) up_->in.clear();
  if (answer_kind_ == http1::BodyKind::length) answer_left_ -= bytes;
  if (answer_kind_ == http1::BodyKind::chunked) framed_ -= bytes;
}

bool Transaction::answer_sets_cookie(std::string_view name) const {
  if (!up_) return false;
  const http1::ResponseHead& head = up_->parser.head();
  for (const http1::Field& field : head) {
    if (field.id != http1::FieldId::set_cookie) continue;
    const std::string_view value = head.value(field);
    if (value.size() > name.size() && value.starts_with(name) && value[name.size()] == '=') return true;
  }
  return false;
}

// A long body between two plain sockets goes through a pipe: its bytes are not copied. False: it cannot, or
// no longer.
bool Transaction::may_splice() {
  if (pipe_) return true;
  if (answer_kind_ != http1::BodyKind::length || answer_left_ < kSpliceBytes || !up_->in.empty())
    return false;
  if (!up_->is_plain() || !client_may_splice()) return false;
  pipe_ = worker_.pipes().take();
  return pipe_ != nullptr;
}

// True if something moved.
bool Transaction::splice_answer() {
  bool moved = false;
  while (active_) {
    if (pipe_->bytes == 0) {
      if (answer_left_ == 0) {
        worker_.pipes().give_back(std::move(pipe_));
        return true;
      }
      if (!up_->readable) return moved;
      const net::IoResult got =
          up_->splice_to(pipe_->writing.get(), std::min<uint64_t>(answer_left_, kPipeBytes));
      if (got.status == net::IoStatus::again) return moved;
      if (got.status != net::IoStatus::ok) {
        on_upstream_end();
        return true;
      }
      pipe_->bytes = got.bytes;
      answer_left_ -= got.bytes;
    }
    const size_t taken = splice_body(*pipe_);
    if (!active_ || taken == 0) return moved;
    pipe_->bytes -= taken;
    moved = true;
    touch();
    if (ends_turn(taken)) return true;
  }
  return true;
}

bool Transaction::pump_answer_body() {
  bool moved = false;
  while (!answer_complete_) {
    if (may_splice()) {
      moved |= splice_answer();
      if (pipe_ || !active_ || answer_complete_) return moved;
    }
    const std::string_view data = answer_view();
    if (outcome_ == Outcome::upstream_malformed) {
      fail(502, outcome_);
      return true;
    }
    if (!data.empty()) {
      const size_t taken = write_body(data);
      if (!active_) return true;
      if (taken == 0) return moved;
      consume_answer(taken);
      moved = true;
      touch();
      if (ends_turn(taken)) return true;
      continue;
    }
    const bool ended = answer_ended_ || answer_kind_ == http1::BodyKind::none ||
                       (answer_kind_ == http1::BodyKind::length && answer_left_ == 0) ||
                       (answer_kind_ == http1::BodyKind::chunked && chunks_.done());
    if (ended) {
      // Bytes beyond the answer's end, or a request not wholly sent, leave the connection in no state to go
      // on.
      drop_upstream(upstream_reusable_ && up_->in.empty() && request_sent_);
      answer_complete_ = true;
      finish_answer();
      return true;
    }
    if (!can_write()) return moved;
    if (!up_->readable && !up_->has_buffered()) return moved;
    Buffer& in = up_->in;
    if (in.empty())
      in.clear();
    else if (in.free_size() == 0)
      in.compact();
    in.ensure();
    // A body longer than what came with the head: worth a large block.
    if (in.empty() && !in.is_large() && answer_kind_ != http1::BodyKind::none) in.grow();
    const net::IoResult got = up_->read(in.free_begin(), in.free_size());
    if (got.status == net::IoStatus::again) return moved;
    if (got.status != net::IoStatus::ok) {
      if (answer_kind_ == http1::BodyKind::until_close && got.status == net::IoStatus::end) {
        answer_ended_ = true;
        continue;
      }
      on_upstream_end();
      return true;
    }
    if (answer_kind_ == http1::BodyKind::chunked && !decode_chunks_) {
      size_t used = 0;
      if (chunks_.scan({in.free_begin(), got.bytes}, used) == http1::ChunkedDecoder::Status::error) {
        fail(502, Outcome::upstream_malformed);
        return true;
      }
      framed_ += used;
    }
    in.add(got.bytes);
    moved = true;
    touch();
  }
  return moved;
}

bool Transaction::is_idempotent() const {
  const std::string_view m = head_->method();  // RFC 9110 section 9.2.2
  return m == "GET" || m == "HEAD" || m == "PUT" || m == "DELETE" || m == "OPTIONS" || m == "TRACE";
}

void Transaction::on_upstream_end() {
  const bool unanswered = !answer_head_seen_ && up_->in.empty();
  const bool may_repeat = unanswered && up_->reused && is_idempotent() && !body_taken_ &&
                          head_->body == http1::BodyKind::none && !body_needs_chunks();
  if (may_repeat) {
    drop_upstream(false);
    request_sent_ = false;
    answered_ns_ = 0;
    connect();
    return;
  }
  decision_.error_reason = "the target closed the connection";
  fail(502, Outcome::upstream_closed);
}

}  // namespace landfall::proxy
