#include "proxy/transaction.h"

#include <algorithm>
#include <charconv>

#include "http/message.h"
#include "proxy/worker.h"

namespace landfall::proxy {
namespace {

constexpr uint8_t kConnectAttempts = 3;
// How long one upstream may take to accept while there is another: an instance that died without a word costs
// a request this much, not its life.
constexpr int64_t kImpatientConnectMs = 1'000;
constexpr uint64_t kSpliceBytes = 64 * 1024;          // still to come of a body that is worth a pipe
constexpr std::string_view kTunnelled = "websocket";  // RFC 6455 section 4.1; ALB knows no other
constexpr uint8_t kInterimAnswers = 16;               // passed on of one upstream's; more are dropped
constexpr size_t kCoalescedBodyBytes =
    8 * 1024;  // of a request's body, copied beside the head to save a system call

}  // namespace

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

void Transaction::connect() {
  ++attempts_;
  connected_ = false;
  upstream_address_ = upstream_->address_text();
  ++upstream_->requests_in_flight;
  up_ = upstream_->acquire(attempts_ == 1 ? Upstream::Wanted::any : Upstream::Wanted::fresh);
  up_->user = this;
  up_->parser.reset();
  up_->out.clear();
  up_->out_sent = 0;
  write_request_head(up_->out);
  connect_began_ns_ = worker_.now_ns();
  touched_ = false;
  const int64_t limit_ms = site_.timeouts().connect_ms;
  deadline_ns_ =
      connect_began_ns_ +
      (attempts_ < kConnectAttempts ? std::min(kImpatientConnectMs, limit_ms) : limit_ms) * 1'000'000;
}

void Transaction::write_request_head(std::string& out) {
  const http1::RequestHead& head = *head_;
  out.append(head.method()).append(" ").append(head.origin_form()).append(" HTTP/1.1\r\nHost: ");
  out.append(head.authority()).append("\r\n");
  std::string_view upgrade;
  for (const http1::Field& field : head) {
    switch (field.id) {
      case http1::FieldId::host:
      case http1::FieldId::content_length:
        continue;
      case http1::FieldId::upgrade:
        upgrade = head.value(field);
        continue;
      default:
        break;
    }
    if (head.is_connection_field(field) || !site_.forwards_field(*this, field)) continue;
    // Name, colon and value as they came: both have been checked.
    out.append(head.name(field)).append(": ").append(head.value(field)).append("\r\n");
  }
  site_.add_request_fields(*this, out);
  if (body_needs_chunks() || head.body == http1::BodyKind::chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  } else if (head.has_content_length) {
    char digits[24];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, head.content_length);
    out.append("Content-Length: ").append(digits, end).append("\r\n");
  }
  // Only what a tunnel is right for: with h2c behind it, one connection would carry requests past the site.
  upgrading_ = head.connection_upgrade && http1::list_has(upgrade, kTunnelled);
  if (upgrading_) out.append("Connection: Upgrade\r\nUpgrade: ").append(kTunnelled).append("\r\n");
  out.append("\r\n");
}

void Transaction::pump() {
  if (pumping_) {
    again_ = true;
    return;
  }
  pumping_ = true;
  bool moved = true;
  while (active_ && (moved || again_)) {
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

// ---- towards the upstream ----

void Transaction::on_connect_failed() {
  const std::string why = up_->connect_error();
  drop_upstream(false);
  // Nothing has been sent, so any method may go elsewhere (RFC 9110 section 9.2.2 speaks of what was sent).
  if (attempts_ < kConnectAttempts && !body_taken_) {
    if (auto another = site_.another_upstream(*this)) {
      upstream_ = std::move(another);
      connect();
      return;
    }
  }
  decision_.error_reason = why;
  fail(502, Outcome::connect_failed);
}

// Another upstream if there is one; else this one gets the whole of its time.
void Transaction::on_connect_slow(int64_t now_ns) {
  const int64_t end_ns = connect_began_ns_ + site_.timeouts().connect_ms * 1'000'000;
  if (now_ns < end_ns) {
    if (auto another = body_taken_ ? nullptr : site_.another_upstream(*this)) {
      drop_upstream(false);
      upstream_ = std::move(another);
      connect();
    } else {
      attempts_ = kConnectAttempts;
      deadline_ns_ = end_ns;
    }
    return;
  }
  drop_upstream(false);
  fail(504, Outcome::connect_timeout);
}

bool Transaction::pump_request() {
  if (!connected_) {
    switch (up_->connect_step()) {
      case ConnectStatus::pending:
        return false;
      case ConnectStatus::failed:
        on_connect_failed();
        return true;
      case ConnectStatus::connected:
        break;
    }
    connected_ = true;
    touch();
  }
  bool moved = false;
  while (!request_sent_) {
    if (body_broken()) {  // nothing more of it goes out: the upstream sees a request that is cut, not a
                          // strange one
      fail(400, Outcome::bad_request);
      return true;
    }
    std::string& out = up_->out;
    if (!body_taken_ && !body_needs_chunks() && up_->out_sent == 0) {
      // The first of the body goes with the head.
      const std::string_view first = body_view();
      if (!first.empty() && first.size() <= kCoalescedBodyBytes) {
        out.append(first);
        consume_body(first.size());
        body_taken_ = true;
      }
    }
    if (up_->out_sent < out.size()) {
      if (!up_->writable || worker_.turns().hold(*this)) return moved;
      const net::IoResult sent = up_->write(out.data() + up_->out_sent, out.size() - up_->out_sent);
      if (sent.status == net::IoStatus::again) return moved;
      if (sent.status != net::IoStatus::ok) {
        // The answer may be there already, 413 for example: stop sending, read on, and find the end.
        request_sent_ = true;
        body_taken_ = body_taken_ || !body_complete();
        up_->readable = true;
        return true;
      }
      if (forwarded_ns_ == 0) forwarded_ns_ = worker_.now_ns();
      up_->out_sent += sent.bytes;
      moved = true;
      touch();
      continue;
    }
    const std::string_view data = body_view();
    if (data.empty()) {
      if (body_complete()) {
        if (body_needs_chunks() && !tunnel_ && !last_chunk_queued_) {
          last_chunk_queued_ = true;
          out.assign(http1::kLastChunk);
          up_->out_sent = 0;
          continue;
        }
        request_sent_ = true;
        if (tunnel_) up_->shutdown_write();
        return true;
      }
      if (!read_body()) return moved;
      moved = true;
      continue;
    }
    body_taken_ = true;
    if (body_needs_chunks()) {
      out.clear();
      up_->out_sent = 0;
      http1::append_chunk(out, data);
      consume_body(data.size());
      continue;
    }
    if (!up_->writable || worker_.turns().hold(*this)) return moved;
    const net::IoResult sent = up_->write(data.data(), data.size());
    if (sent.status == net::IoStatus::again) return moved;
    if (sent.status != net::IoStatus::ok) {
      request_sent_ = true;
      up_->readable = true;
      return true;
    }
    consume_body(sent.bytes);
    moved = true;
    touch();
  }
  return moved;
}

// ---- towards the client ----

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
  replied_ns_ = worker_.now_ns();
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

// ---- the end ----

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
