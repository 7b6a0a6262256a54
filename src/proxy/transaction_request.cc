// Transaction, towards the upstream: a connection to it, the request's head and body.
#include <algorithm>

#include "base/text_writer.h"
#include "proxy/transaction.h"
#include "proxy/worker.h"

namespace landfall::proxy {
namespace {

constexpr uint8_t kConnectAttempts = 3;
// How long one upstream may take to accept while there is another: an instance that died without a word costs
// a request this much, not its life.
constexpr int64_t kImpatientConnectMs = 1'000;
constexpr std::string_view kTunnelled = "websocket";  // RFC 6455 section 4.1; ALB knows no other
constexpr size_t kCoalescedBodyBytes = 8 * 1024;      // copied beside the head to save a system call
constexpr size_t kSiteFieldsBytes = 512;              // what a site is likely to add to a head

}  // namespace

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
  connect_began_ns_ = worker_.latest_ns();
  touched_ = false;
  const int64_t limit_ms = site_.timeouts().connect_ms;
  deadline_ns_ =
      connect_began_ns_ +
      (attempts_ < kConnectAttempts ? std::min(kImpatientConnectMs, limit_ms) : limit_ms) * 1'000'000;
}

void Transaction::write_request_head(std::string& out) {
  const http1::RequestHead& head = *head_;
  std::string_view upgrade;
  {
    TextWriter text(out, head.head_bytes + kSiteFieldsBytes);
    text.put(head.method(), ' ', head.origin_form(), " HTTP/1.1\r\nHost: ", head.authority(), "\r\n");
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
      text.put(head.name(field), ": ", head.value(field), "\r\n");
    }
  }
  site_.add_request_fields(*this, out);
  TextWriter text(out);
  if (body_needs_chunks() || head.body == http1::BodyKind::chunked)
    text.put("Transfer-Encoding: chunked\r\n");
  else if (head.has_content_length)
    text.put("Content-Length: ", head.content_length, "\r\n");
  // Only what a tunnel is right for: with h2c behind it, one connection would carry requests past the site.
  upgrading_ = head.connection_upgrade && http1::list_has(upgrade, kTunnelled);
  if (upgrading_) text.put("Connection: Upgrade\r\nUpgrade: ", kTunnelled, "\r\n");
  text.put("\r\n");
}

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
      const size_t taken = data.size();
      consume_body(taken);
      if (ends_turn(taken)) return true;
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
    if (ends_turn(sent.bytes)) return true;
  }
  return moved;
}

}  // namespace landfall::proxy
