// The client's side of HTTP/2: one connection, a transaction per stream. Upstreams are spoken to in HTTP/1.1.
//
// Invariants: streams_ holds a stream from its request until its transaction is over and nghttp2 has closed
// it. Bytes of a request's body are given back to flow control when the upstream has taken them; bytes of an
// answer wait in `pending`, at most kPendingBytes, until flow control lets them go. nghttp2 is not entered
// again from its own callbacks: what they make possible is done afterwards (ready_). Of an answer no more is
// taken than the client's windows let go, so a stream that it keeps shut costs no body.
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

#include "codec/http2_session.h"
#include "codec/http2_stream_table.h"
#include "http/message.h"
#include "http/server_connection.h"
#include "proxy/listener.h"
#include "proxy/transaction.h"

namespace landfall::proxy {
namespace {

constexpr size_t kPendingBytes = 64 * 1024;  // of one answer
// Of all answers of a connection together; but a few of each, or the short ones would wait for the long.
constexpr size_t kConnectionPendingBytes = 256 * 1024;
constexpr size_t kPendingShareBytes = 8 * 1024;
constexpr size_t kOutputBytes = 64 * 1024;  // framed and not yet taken by the socket
constexpr size_t kReadBytes = 32 * 1024;
constexpr size_t kSpareStreams = 32;      // of a connection that is busy
constexpr size_t kSpareBytes = 4 * 1024;  // of each of a spare stream's buffers
constexpr int64_t kGoAwayMs = 1'000;      // the client's answer to the first GOAWAY is waited for

class Http2Client;

// The fields of one answer on their way into the session. Names get lower case (RFC 9113 section 8.2); values
// are views of what the caller has.
class AnswerFields {
 public:
  void clear() {
    names_.clear();
    fields_.clear();
  }
  void add(std::string_view name, std::string_view value) {
    for (char c : name) names_.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    fields_.emplace_back(name, value);
  }
  std::span<const http2::FieldView> views() {
    size_t at = 0;
    for (auto& [name, value] : fields_) {
      name = std::string_view(names_).substr(at, name.size());
      at += name.size();
    }
    return fields_;
  }

 private:
  std::string names_;
  std::vector<http2::FieldView> fields_;
};

class Http2Stream final : public Transaction {
 public:
  Http2Stream(Http2Client& client, Worker& worker, Site& site, const ClientInfo& info);
  // A request came. The object may have been another stream's before, of the same connection.
  void begin_stream(int32_t id, std::string_view text, bool end_stream);
  void retire();  // gives up what belongs to the request that is over, but not the memory for the next
  void start();
  using Transaction::active;
  using Transaction::check_deadline;
  using Transaction::pump;
  void received(std::string_view data) { body_.append(data); }
  void received_all() { received_all_ = true; }
  http2::BodyRead take(char* buffer, size_t size);
  void closed();
  bool done() const { return over_ && closed_; }
  void connection_lost() { client_gone(Outcome::client_gone); }
  size_t unread() const { return body_.size() - body_at_; }

 private:
  std::string_view body_view() override { return std::string_view(body_).substr(body_at_); }
  void consume_body(size_t bytes) override;
  bool body_complete() const override { return received_all_ && body_at_ == body_.size(); }
  bool body_broken() const override { return false; }  // nghttp2 checks against Content-Length
  bool read_body() override { return false; }
  bool body_needs_chunks() const override { return unknown_length_; }
  void begin_tunnel() override {}
  bool passes_chunked() const override { return false; }
  void send_interim(const http1::ResponseHead& head) override;
  void send_head(const http1::ResponseHead& head, std::string_view extra) override;
  void send_local(int status, std::string_view fields, std::string_view body) override;
  void send_served_head(int status, const Decision& decision, Follows follows) override;
  bool can_write() const override { return room() > 0; }
  bool waits_for_reader() const override { return pending_.size() > pending_at_ || room() == 0; }
  uint64_t sharers() const override;
  size_t write_body(std::string_view data) override;
  void finish_answer() override;
  void abort_answer() override;
  bool flush_answer() override;
  bool answer_flushed() const override { return sent_all_ || closed_; }
  void over() override;

  void add_lines(std::string_view lines);
  AnswerFields& fields();
  size_t room() const;  // for more of the answer's body
  void drop_pending();

  Http2Client& client_connection_;
  int32_t id_ = 0;
  std::string text_;
  http1::RequestParser parser_;
  std::string body_;
  size_t body_at_ = 0;
  bool received_all_ = false, unknown_length_ = false, answer_over_ = false, sent_all_ = false,
       closed_ = false, over_ = false;
  std::string pending_;
  size_t pending_at_ = 0;
};

class Http2Client final : public ClientConnection,
                          public IoHandler,
                          public TurnTaker,
                          public http2::SessionEvents {
 public:
  Http2Client(Worker& worker, std::shared_ptr<ListenerContext> context, net::Stream stream, ClientInfo info)
      : worker_(worker),
        info_(std::move(info)),
        context_(std::move(context)),
        stream_(std::move(stream)),
        session_(
            http2::ServerSession::create(*this, {.head_bytes = context_->site->head_limits().head_bytes})) {
    touch();
  }
  ~Http2Client() override {
    worker_.turns().leave(*this);
    if (stream_) worker_.loop().remove(stream_.fd());
  }

  bool start() {
    return worker_.loop().add(stream_.fd(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, this).has_value();
  }

  void on_io(uint32_t events) override {
    if (events & EPOLLRDHUP) half_closed_ = true;
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) readable_ = true;
    if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) writable_ = true;
    if ((events & (EPOLLERR | EPOLLHUP)) && !(events & EPOLLIN)) return close();
    worker_.turns().join(*this);
  }

  void take_turn() override { drive(); }

  void check_deadline(int64_t now_ns) override {
    std::vector<int32_t> ids;
    for (const auto& [id, stream] : streams_) ids.push_back(id);
    for (int32_t id : ids)
      if (Http2Stream* stream = find(id)) stream->check_deadline(now_ns);
    if (streams_.empty()) spare_.clear();
    if (stream_ && streams_.empty() && now_ns >= deadline_ns_) return close();
    if (session_->go_away_pending() && now_ns >= go_away_deadline_ns_) session_->go_away_now();
    drive();
  }

  // The connection ends with its last stream, drive() sees to that.
  void drain() override {
    if (go_away_deadline_ns_ == 0) go_away_deadline_ns_ = worker_.now_ns() + kGoAwayMs * 1'000'000;
    session_->go_away();
    drive();
  }

  void close() override {
    if (!stream_ || closing_) return;
    closing_ = true;
    auto streams = std::exchange(streams_, {});
    for (auto& [id, stream] : streams) stream->connection_lost();
    for (auto& [id, stream] : streams) dead_.push_back(std::move(stream));
    worker_.loop().remove(stream_.fd());
    stream_.close();
    context_->site->connection_closed();
    worker_.remove_client(*this);
  }

  // --- events of the session ---
  void on_request(int32_t id, std::string_view text, http2::HeadVerdict verdict, bool end_stream) override {
    if (verdict == http2::HeadVerdict::too_large) return refuse(id, 431);
    std::unique_ptr<Http2Stream> stream;
    if (spare_.empty()) {
      stream = std::make_unique<Http2Stream>(*this, worker_, *context_->site, info_);
    } else {
      stream = std::move(spare_.back());
      spare_.pop_back();
    }
    stream->begin_stream(id, text, end_stream);
    ready_.push_back(id);
    streams_.add(id, std::move(stream));
  }
  void on_data(int32_t id, std::string_view data) override {
    Http2Stream* const stream = find(id);
    if (stream == nullptr || !stream->active()) {
      // Before start() the stream is not active but wants its body; after its end it does not.
      if (stream == nullptr || std::ranges::find(ready_, id) == ready_.end())
        return session_->consume(id, data.size());
    }
    stream->received(data);
    ready_.push_back(id);
  }
  void on_end(int32_t id) override {
    if (Http2Stream* stream = find(id)) stream->received_all();
    ready_.push_back(id);
  }
  void on_stream_closed(int32_t id, uint32_t) override {
    if (Http2Stream* stream = find(id)) {
      session_->consume(id, stream->unread());
      stream->closed();
    }
    ready_.push_back(id);
  }
  http2::BodyRead read_body(int32_t id, char* buffer, size_t size) override {
    Http2Stream* const stream = find(id);
    if (stream == nullptr) return {0, true};
    const http2::BodyRead read = stream->take(buffer, size);
    ready_.push_back(id);  // there is room for more of the answer now, or it is over
    return read;
  }

  // --- for the streams ---
  http2::ServerSession& session() { return *session_; }
  AnswerFields& fields() { return fields_; }
  size_t streams() const { return streams_.size(); }

  // How much of its answer a stream may have pending that has `own` bytes now. One that may have no more is
  // made ready when that changes.
  size_t room(int32_t id, size_t own) {
    size_t most = std::min(kPendingBytes, session_->send_window(id));
    if (pending_bytes_ >= kConnectionPendingBytes) most = std::min(most, kPendingShareBytes);
    if (own < most) return most - own;
    if (std::ranges::find(starved_, id) == starved_.end()) starved_.push_back(id);
    return 0;
  }
  void pending_grew(size_t bytes) { pending_bytes_ += bytes; }
  void pending_shrank(size_t bytes) {
    pending_bytes_ -= bytes;
    if (pending_bytes_ < kConnectionPendingBytes / 2) wake_starved();
  }
  void on_window() override { wake_starved(); }

  // True if something moved. Not from inside the session's callbacks.
  bool send() {
    if (in_session_ || !stream_) return false;
    bool moved = false;
    while (writable_) {
      in_session_ = true;
      while (out_.size() < kOutputBytes) {
        const std::string_view piece = session_->send();
        if (piece.empty()) break;
        out_.append(piece);
      }
      in_session_ = false;
      if (out_.empty()) break;
      const net::IoResult sent = stream_.write(out_.data(), out_.size());
      if (sent.status != net::IoStatus::ok) {
        writable_ = false;
        if (sent.status != net::IoStatus::again) lost_ = true;
        break;
      }
      out_.erase(0, sent.bytes);
      turn_bytes_ += sent.bytes;
      moved = true;
      touch();
    }
    return moved;
  }

  // The stream's own doing may have made it ready for more; the connection looks after it soon.
  void stream_done(int32_t id) {
    ready_.push_back(id);
    drive_soon();
  }

  // When all events of this turn have been handled: what they gave to send goes out in one record and one
  // system call; and a stream that is on the stack now can be deleted then.
  void drive_soon() {
    if (driving_ || closing_ || drive_posted_) return;
    drive_posted_ = true;
    worker_.loop().post([this, alive = std::weak_ptr(alive_)] {
      if (alive.expired()) return;
      drive_posted_ = false;
      drive();
    });
  }

  void drive() {
    if (driving_) return;
    driving_ = true;
    turn_bytes_ = 0;
    bool moved = true;
    while (stream_ && !lost_ && moved && turn_bytes_ < kTurnBytes) {
      moved = receive();
      moved |= run_ready();
      moved |= send();
      moved |= !ready_.empty();
    }
    driving_ = false;
    if (moved) drive_soon();
    keep_spare();
    if (stream_ && (lost_ || (out_.empty() && (broken_ || session_->finished())))) close();
  }

 private:
  bool receive() {
    if (broken_) return false;
    // Also while output waits: during a long answer some always does, and requests, cancellations and windows
    // must not wait with it. What reading makes us say is bounded by the session's limits, and by nghttp2's
    // for what it acknowledges.
    if (!readable_ && !stream_.has_buffered()) return false;
    char buffer[kReadBytes];
    const net::IoResult got = stream_.read(buffer, sizeof buffer);
    if (got.status == net::IoStatus::again) {
      readable_ = false;
      return false;
    }
    if (got.status != net::IoStatus::ok) {
      lost_ = true;
      return false;
    }
    if (stream_.drained() && !half_closed_) readable_ = false;
    turn_bytes_ += got.bytes;
    in_session_ = true;
    if (!session_->receive({buffer, got.bytes})) broken_ = true;
    in_session_ = false;
    touch();
    return true;
  }

  bool run_ready() {
    if (ready_.empty()) return false;
    running_.clear();
    running_.swap(ready_);
    std::ranges::sort(running_);
    running_.erase(std::unique(running_.begin(), running_.end()), running_.end());
    for (int32_t id : running_) {
      Http2Stream* stream = find(id);
      if (stream == nullptr) continue;
      stream->start();
      std::unique_ptr<Http2Stream>* const kept = streams_.find(id);
      if (kept == nullptr || !(*kept)->done()) continue;
      dead_.push_back(std::move(*kept));  // it may be on the stack
      streams_.erase(id);
      touch();
    }
    return true;
  }

  Http2Stream* find(int32_t id) {
    const std::unique_ptr<Http2Stream>* const stream = streams_.find(id);
    return stream != nullptr ? stream->get() : nullptr;
  }

  // Streams that are over serve for the next ones, until the connection is idle for a sweep.
  void keep_spare() {
    for (auto& stream : dead_) {
      if (spare_.size() == kSpareStreams) break;
      stream->retire();
      spare_.push_back(std::move(stream));
    }
    dead_.clear();
  }

  void refuse(int32_t id, int status) {
    const std::array fields = {http2::FieldView{"server", context_->site->server_field()},
                               http2::FieldView{"content-length", "0"}};
    session_->respond(id, status, fields, http2::ServerSession::Body::none);
  }

  void wake_starved() {
    ready_.insert(ready_.end(), starved_.begin(), starved_.end());
    starved_.clear();
  }

  void touch() { deadline_ns_ = worker_.latest_ns() + context_->site->timeouts().keep_alive_ms * 1'000'000; }

  Worker& worker_;
  ClientInfo info_;
  std::shared_ptr<ListenerContext> context_;
  net::Stream stream_;
  http2::StreamTable<std::unique_ptr<Http2Stream>> streams_;
  std::vector<std::unique_ptr<Http2Stream>> dead_, spare_;
  std::unique_ptr<http2::ServerSession> session_;
  std::vector<int32_t> ready_, running_;
  std::vector<int32_t> starved_;  // could have more of their answers
  size_t pending_bytes_ = 0;      // of all streams' answers
  size_t turn_bytes_ = 0;
  std::string out_;
  AnswerFields fields_;
  bool readable_ = true, writable_ = true, driving_ = false, in_session_ = false;
  bool broken_ = false, lost_ = false, closing_ = false, half_closed_ = false, drive_posted_ = false;
  int64_t deadline_ns_ = 0, go_away_deadline_ns_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>();
};

AnswerFields& Http2Stream::fields() { return client_connection_.fields(); }

Http2Stream::Http2Stream(Http2Client& client, Worker& worker, Site& site, const ClientInfo& info)
    : Transaction(worker, site, info), client_connection_(client), parser_([&site] {
        http1::HeadLimits limits = site.head_limits();
        limits.head_bytes += 1024;  // what the HTTP/1.1 form adds
        return limits;
      }()) {}

void Http2Stream::begin_stream(int32_t id, std::string_view text, bool end_stream) {
  id_ = id;
  text_ = text;
  received_all_ = end_stream;
}

void Http2Stream::retire() {
  worker_.turns().leave(*this);
  reset();
  parser_.reset();
  for (std::string* bytes : {&text_, &body_, &pending_}) {
    if (bytes->capacity() > kSpareBytes)
      *bytes = {};
    else
      bytes->clear();
  }
  body_at_ = pending_at_ = 0;
  received_all_ = unknown_length_ = answer_over_ = sent_all_ = closed_ = over_ = false;
}

void Http2Stream::start() {
  if (!over_ && !active() && begun_ns() == 0) {
    const auto status = parser_.parse(text_);
    if (status != http1::ParseStatus::complete) {
      fail_begin(status == http1::ParseStatus::error ? site_.status_for(parser_.error()) : 400);
    } else {
      unknown_length_ = !received_all_ && !parser_.head().has_content_length;
      begin(parser_.head());
    }
  }
  if (active()) pump();
}

void Http2Stream::consume_body(size_t bytes) {
  body_at_ += bytes;
  bytes_received_ += bytes;
  client_connection_.session().consume(id_, bytes);
  if (body_at_ == body_.size()) {
    body_.clear();
    body_at_ = 0;
  }
}

void Http2Stream::send_interim(const http1::ResponseHead& head) {
  if (closed_) return;
  fields().clear();
  for (const http1::Field& field : head) {
    if (field.id == http1::FieldId::content_length || head.is_connection_field(field)) continue;
    fields().add(head.name(field), head.value(field));
  }
  client_connection_.session().respond_interim(id_, head.status, fields().views());
}

// "Name: value\r\n" lines, as the site writes them.
void Http2Stream::add_lines(std::string_view lines) {
  while (!lines.empty()) {
    const size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 2);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    fields().add(line.substr(0, colon), http1::trim_ows(line.substr(colon + 1)));
  }
}

void Http2Stream::send_head(const http1::ResponseHead& head, std::string_view extra) {
  fields().clear();
  const bool filtered = site_.filters_answers(*this);
  for (const http1::Field& field : head) {
    if (field.id == http1::FieldId::content_length || head.is_connection_field(field)) continue;
    if (filtered && !site_.passes_answer_field(*this, head.name(field))) continue;
    fields().add(head.name(field), head.value(field));
  }
  add_lines(extra);
  char digits[24];
  if (head.has_content_length && head.status != 204) {
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, head.content_length);
    fields().add("content-length", {digits, end});
  }
  const bool bodiless = head.body == http1::BodyKind::none;
  if (!closed_)
    client_connection_.session().respond(
        id_, head.status, fields().views(),
        bodiless ? http2::ServerSession::Body::none : http2::ServerSession::Body::follows);
  bytes_sent_ += head.head_bytes;
  if (bodiless) sent_all_ = true;
}

void Http2Stream::send_local(int status, std::string_view lines, std::string_view body) {
  fields().clear();
  if (const auto server = site_.server_field(); !server.empty()) fields().add("server", server);
  fields().add("date", http::current_http_date(worker_.loop().clock()));
  add_lines(lines);
  const std::string length = std::to_string(body.size());
  if (status != 204) fields().add("content-length", length);  // RFC 9110 section 8.6
  const bool bodiless =
      body.empty() || status == 204 || status == 304 || (has_head() && head_->method() == "HEAD");
  if (!bodiless) {
    pending_ = body;
    client_connection_.pending_grew(body.size());
  }
  answer_over_ = true;
  if (!closed_)
    client_connection_.session().respond(
        id_, status, fields().views(),
        bodiless ? http2::ServerSession::Body::none : http2::ServerSession::Body::follows);
  if (bodiless) sent_all_ = true;
}

void Http2Stream::send_served_head(int status, const Decision& decision, Follows follows) {
  fields().clear();
  add_lines(decision.head_lines);
  add_lines(decision.response_fields);
  char digits[24];
  if (decision.content.has_length && status != 204 && status != 304) {
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, decision.content.length);
    fields().add("content-length", {digits, end});
  }
  const bool bodiless = follows == Follows::nothing;
  if (!closed_)
    client_connection_.session().respond(
        id_, status, fields().views(),
        bodiless ? http2::ServerSession::Body::none : http2::ServerSession::Body::follows);
  if (bodiless) sent_all_ = true;
}

uint64_t Http2Stream::sharers() const { return std::max<uint64_t>(1, client_connection_.streams()); }

size_t Http2Stream::room() const {
  return closed_ ? 0 : client_connection_.room(id_, pending_.size() - pending_at_);
}

size_t Http2Stream::write_body(std::string_view data) {
  const size_t part = std::min(data.size(), room());
  if (part == 0) return 0;
  if (pending_at_ > 0) {
    pending_.erase(0, pending_at_);
    pending_at_ = 0;
  }
  pending_.append(data.substr(0, part));
  client_connection_.pending_grew(part);
  client_connection_.session().resume(id_);
  return part;
}

void Http2Stream::drop_pending() {
  client_connection_.pending_shrank(pending_.size() - pending_at_);
  pending_.clear();
  pending_at_ = 0;
}

void Http2Stream::finish_answer() {
  answer_over_ = true;
  if (!closed_) client_connection_.session().resume(id_);
}

void Http2Stream::abort_answer() {
  if (!closed_) client_connection_.session().reset(id_, http2::ErrorCode::internal_error);
  drop_pending();
  sent_all_ = true;
}

// Not now: other streams' answers may go with it. What is sent then makes this stream ready again.
bool Http2Stream::flush_answer() {
  client_connection_.drive_soon();
  return false;
}

http2::BodyRead Http2Stream::take(char* buffer, size_t size) {
  const size_t part = std::min(size, pending_.size() - pending_at_);
  std::copy_n(pending_.data() + pending_at_, part, buffer);
  pending_at_ += part;
  bytes_sent_ += part;
  if (part > 0) {
    client_connection_.pending_shrank(part);
    touch();  // a slow reader is one that reads
  }
  const bool end = answer_over_ && pending_at_ == pending_.size();
  if (end) sent_all_ = true;
  return {part, end};
}

void Http2Stream::closed() {
  closed_ = true;
  drop_pending();
  if (over_) return;
  if (active() && !sent_all_)
    client_gone(Outcome::client_gone);
  else if (!active() && begun_ns() == 0)
    over_ = true;  // cancelled before it began
}

void Http2Stream::over() {
  over_ = true;
  if (!closed_ && !sent_all_) {
    // Given up while the client kept it shut: it must not keep the stream, which counts, and what was
    // pending.
    client_connection_.session().reset(id_, http2::ErrorCode::cancel);
    drop_pending();
    sent_all_ = true;
  } else if (!closed_ && !received_all_) {
    // RFC 9113 section 8.1: the answer is complete, the request is not: no more of it, please.
    client_connection_.session().reset(id_, http2::ErrorCode::no_error);
  }
  client_connection_.stream_done(id_);
}

}  // namespace

std::unique_ptr<ClientConnection> make_http2_client(Worker& worker, std::shared_ptr<ListenerContext> context,
                                                    net::Stream stream, ClientInfo info) {
  auto site = context->site;
  auto client = std::make_unique<Http2Client>(worker, std::move(context), std::move(stream), std::move(info));
  if (client->start()) return client;
  site->connection_closed();
  return nullptr;
}

}  // namespace landfall::proxy
