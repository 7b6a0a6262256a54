#include "proxy/transaction.h"

#include "http/message.h"
#include "proxy/worker.h"

namespace landfall::proxy {

void Decision::clear() {
  kind = DecisionKind::respond;
  upstream.reset();
  status = 503;
  content_type.clear();
  body.clear();
  location.clear();
  response_fields.clear();
  error_reason.clear();
  head_lines = {};
  content = {};
  keep_alive.reset();
  rule = group = target = nullptr;
  trace_id.clear();
}

Transaction::Transaction(Worker& worker, Site& site, const ClientInfo& client)
    : worker_(worker), site_(site), client_(&client) {}

Transaction::~Transaction() { worker_.turns().leave(*this); }

void Transaction::reset() {
  head_ = nullptr;
  bytes_received_ = bytes_sent_ = 0;
  pace_.reset();
  status_ = upstream_status_ = 0;
  answer_begun_ = answer_complete_ = tunnel_ = false;
  decision_.clear();
  upstream_address_.clear();
  outcome_ = Outcome::answered;
  begun_ns_ = forwarded_ns_ = answered_ns_ = replied_ns_ = finished_ns_ = deadline_ns_ = 0;
  serving_ = false;
  content_at_ = 0;
  touched_ = active_ = connected_ = body_taken_ = last_chunk_queued_ = request_sent_ = false;
  attempts_ = interim_answers_ = 0;
  upgrading_ = false;
  answer_head_seen_ = upstream_reusable_ = decode_chunks_ = answer_ended_ = false;
  answer_kind_ = http1::BodyKind::none;
  answer_left_ = 0;
  chunks_.reset();
  framed_ = 0;
}

void Transaction::begin(const http1::RequestHead& head) {
  head_ = &head;
  active_ = true;
  begun_ns_ = worker_.now_ns();
  bytes_received_ += head.head_bytes;
  touch();
  deciding_ = true;
  site_.decide(*this);
  deciding_ = false;
  carry_out();
}

void Transaction::carry_out() {
  switch (decision_.kind) {
    case DecisionKind::respond:
      return respond_decided();
    case DecisionKind::serve:
      return serve_decided();
    case DecisionKind::later:
      if (!collecting_) wait_without_deadline();  // the site's business
      return;
    case DecisionKind::forward:
      upstream_ = decision_.upstream;
      return connect();
  }
}

void Transaction::respond_decided() {
  outcome_ = Outcome::answered_by_site;
  std::string fields;
  if (!decision_.content_type.empty()) http::append_field(fields, "Content-Type", decision_.content_type);
  if (!decision_.location.empty()) http::append_field(fields, "Location", decision_.location);
  fields += decision_.response_fields;
  status_ = decision_.status;
  answer_begun_ = answer_complete_ = true;
  replied_ns_ = worker_.now_ns();
  send_local(status_, fields, decision_.body);
}

void Transaction::fail_begin(int status) {
  active_ = true;
  begun_ns_ = worker_.now_ns();
  touch();
  fail(status, status == 408 ? Outcome::client_timeout : Outcome::bad_request);
}

void Transaction::pump() {
  if (pumping_) {
    again_ = true;
    return;
  }
  pumping_ = true;
  turn_bytes_ = 0;
  bool moved = true;
  while (active_ && (moved || again_) && turn_bytes_ < kTurnBytes) {
    again_ = moved = false;
    if (collecting_) moved = pump_collecting();
    if (active_ && serving_) moved |= pump_content();
    if (active_ && up_) moved |= pump_request();
    if (active_ && up_) moved |= pump_answer();
    if (active_) moved |= flush_answer();
    if (active_ && answer_complete_ && answer_flushed()) {
      finish(outcome_);
      break;
    }
  }
  pumping_ = false;
  if (!active_ && finished_ns_ != 0) over();
}

bool Transaction::ends_turn(size_t bytes) {
  turn_bytes_ += bytes;
  if (turn_bytes_ < kTurnBytes) return false;
  worker_.turns().join(*this);
  return true;
}

void Transaction::fail(int status, Outcome outcome) {
  if (up_) drop_upstream(false);
  collecting_.reset();
  serving_ = false;
  outcome_ = outcome;
  answer_complete_ = true;
  if (answer_begun_) return abort_answer();
  answer_begun_ = true;
  replied_ns_ = worker_.now_ns();
  status_ = status;
  std::string fields;
  http::append_field(fields, "Content-Type", "text/html");
  fields += decision_.response_fields;
  send_local(status, fields, site_.error_body(status));
}

void Transaction::drop_upstream(bool reusable) {
  if (!up_) return;
  auto connection = std::move(up_);
  up_ = nullptr;
  connection->user = nullptr;
  --upstream_->requests_in_flight;
  if (reusable)
    upstream_->release(std::move(connection));
  else
    connection->close();
}

void Transaction::finish(Outcome outcome) {
  if (!active_) return;
  outcome_ = outcome;
  finished_ns_ = worker_.now_ns();
  active_ = false;
  deadline_ns_ = 0;
  if (pipe_) worker_.pipes().give_back(std::move(pipe_));
  if (later_) {
    later_->transaction_ = nullptr;
    later_.reset();
  }
  collecting_.reset();
  site_.finished(*this);
  upstream_.reset();
  decision_.content = {};
}

void Transaction::client_gone(Outcome why) {
  if (!active_) return;
  drop_upstream(false);
  // An answer whose last byte the system has taken is an answer.
  finish(answer_complete_ && answer_flushed() ? outcome_ : why);
  if (!pumping_) over();
}

bool Transaction::check_deadline(int64_t now_ns) {
  const bool waits = active_ && answer_begun_ && !tunnel_ && waits_for_reader();
  if (pace_.too_slow(now_ns, site_.timeouts().pace_window_ms, waits, bytes_sent_, sharers())) {
    client_gone(Outcome::client_gone);
    return true;
  }
  if (active_ && touched_) {
    touched_ = false;
    deadline_ns_ = now_ns + site_.timeouts().idle_ms * 1'000'000;
  }
  if (!active_ || deadline_ns_ == 0 || now_ns < deadline_ns_) return false;
  deadline_ns_ = 0;
  if (answer_complete_ || tunnel_) {
    client_gone(Outcome::client_gone);  // it does not take what it asked for; or nobody speaks in the tunnel
    return true;
  }
  if (collecting_) {
    fail(408, Outcome::client_timeout);
  } else if (up_ && !connected_) {
    on_connect_slow(now_ns);
  } else if (up_ && request_sent_ && !answer_head_seen_) {
    fail(504, Outcome::upstream_timeout);
  } else if (up_ && !request_sent_ && body_view().empty()) {
    fail(408, Outcome::client_timeout);
  } else if (up_ && answer_head_seen_ && can_write() && !(pipe_ && pipe_->bytes > 0)) {
    fail(504, Outcome::upstream_timeout);
  } else {
    client_gone(Outcome::client_gone);
    return true;
  }
  pump();
  return true;
}

}  // namespace landfall::proxy
