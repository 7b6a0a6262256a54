// HTTP/2 on one connection of the HttpServer: streams over codec/http2_session.
//
// Invariants: streams_ holds exactly the exchanges whose stream is open. Body bytes not yet given to the
// reader are not yet given back to flow control, so a paused reader stops the client after one window.
// drive() never nests.
#include <algorithm>
#include <unordered_map>
#include <vector>

#include "codec/http1_head.h"
#include "codec/http2_session.h"
#include "http/byte_queue.h"
#include "http/server_connection.h"
#include "net/reading_pace.h"

namespace landfall::http {
namespace {

constexpr size_t kFrameReadBytes = 32 * 1024;
constexpr size_t kOutputBytes = 64 * 1024;  // framed and not yet taken by the socket
constexpr int64_t kGoAwayMs = 1'000;        // the client's answer to the first GOAWAY is waited for

class Http2Protocol;

class Http2Exchange final : public Exchange {
 public:
  Http2Exchange(Http2Protocol& protocol, int32_t stream, Request request)
      : protocol_(&protocol), stream_(stream), request_(std::move(request)) {}
  const Request& request() const override { return request_; }
  void read_body(BodyReader reader) override;
  void pause_body() override { paused = true; }
  void resume_body() override;
  void respond(Response head, std::string body) override;
  void start(Response head) override;
  bool write(std::string data) override;
  void on_writable(std::move_only_function<void()> writable) override;
  bool send_file(std::shared_ptr<const UniqueFd> file, uint64_t offset, uint64_t length) override;
  void finish() override;
  void abort() override;
  void on_close(std::move_only_function<void()> closed) override { this->closed = std::move(closed); }

  void detach() {
    protocol_ = nullptr;
    reader = nullptr;
    writable = nullptr;
    closed = nullptr;
  }

  // Shared: whoever calls one of its functions holds it, because the function may end the exchange and with
  // it this.
  std::shared_ptr<BodyReader> reader;
  std::string received;  // not yet given to the reader
  bool reading = false, paused = false, received_all = false, expects_continue = false;
  ByteQueue out;
  uint64_t taken_bytes = 0;  // of its body, by the session
  net::ReadingPace pace;
  bool started = false, finished = false, suppress_body = false, sent_all = false;
  std::move_only_function<void()> writable, closed;

 private:
  bool send_head(const Response& head, std::optional<uint64_t> body_size);

  Http2Protocol* protocol_;
  int32_t stream_;
  Request request_;
};

class Http2Protocol final : public Protocol, public http2::SessionEvents {
 public:
  explicit Http2Protocol(ServerConnection& connection)
      : connection_(connection),
        session_(
            http2::ServerSession::create(*this, {.head_bytes = connection.context().limits.header_bytes})) {
    touch();
  }

  void drive() override {
    if (driving_) {
      again_ = true;
      return;
    }
    driving_ = true;
    const auto keep = connection_.shared_from_this();
    size_t turn = 0;
    do {
      again_ = false;
      while (!connection_.closed()) {
        const bool sent = send(turn);
        if (connection_.closed() || (!receive(turn) && !sent)) break;
        if (turn > kBytesPerTurn) {
          connection_.post_drive();
          break;
        }
      }
      if (!connection_.closed()) call_writable();
    } while (again_ && turn <= kBytesPerTurn && !connection_.closed());
    driving_ = false;
    if (again_) connection_.post_drive();
    if (!connection_.closed() && out_.empty() && (broken_ || session_->finished())) connection_.close();
  }

  void on_closed() override {
    auto streams = std::move(streams_);
    streams_.clear();
    for (auto& [id, exchange] : streams) tell_closed(*exchange);
  }

  void on_peer_half_closed() override {}  // read() finds the end

  void on_timeout() override {
    if (session_->go_away_pending()) {
      session_->go_away_now();
      touch();
      return drive();
    }
    // Streams that wait for the application, not for the client, may take their time.
    for (const auto& [id, exchange] : streams_)
      if (!(exchange->reading && !exchange->paused && !exchange->received_all) && exchange->out.empty())
        return touch();
    connection_.close();
  }

  // Each stream for itself: PING, or another stream that is read, holds off the connection's deadline.
  void check_pace(int64_t now_ns) override {
    const int64_t window_ms = connection_.context().limits.pace_window_ms;
    std::vector<int32_t> slow;
    for (const auto& [id, exchange] : streams_)
      if (exchange->pace.too_slow(now_ns, window_ms, !exchange->out.empty(), exchange->taken_bytes,
                                  streams_.size()))
        slow.push_back(id);
    for (int32_t id : slow) reset(id, http2::ErrorCode::cancel);
  }

  // The connection ends with its last stream, drive() sees to that.
  void drain() override {
    session_->go_away();
    connection_.set_deadline_ms(kGoAwayMs);
    drive();
  }

  bool idle() const override { return streams_.empty() && out_.empty(); }

  // --- events ---

  void on_request(int32_t stream, std::string_view text, http2::HeadVerdict verdict,
                  bool end_stream) override {
    if (verdict == http2::HeadVerdict::too_large) return refuse(stream, 431);
    http1::RequestParser parser({.head_bytes = connection_.context().limits.header_bytes + 1024,
                                 .field_count = connection_.context().limits.header_count});
    switch (parser.parse(text)) {
      case http1::ParseStatus::complete:
        break;
      case http1::ParseStatus::error:
        return refuse(stream, http1::status_of(parser.error()));
      case http1::ParseStatus::incomplete:
        return refuse(stream, 400);
    }
    const http1::RequestHead& head = parser.head();
    Request request;
    request.method = head.method();
    request.target = head.origin_form();
    request.authority = head.authority();
    request.version = Version::http_2;
    for (const http1::Field& field : head) request.headers.add(head.name(field), head.value(field));
    request.peer = connection_.peer();
    auto exchange = std::make_shared<Http2Exchange>(*this, stream, std::move(request));
    exchange->received_all = end_stream;
    exchange->expects_continue = head.expects_continue;
    streams_[stream] = exchange;
    touch();
    connection_.context().handler(exchange);
  }

  void on_data(int32_t stream, std::string_view data) override {
    touch();
    auto it = streams_.find(stream);
    if (it == streams_.end()) return session_->consume(stream, data.size());
    const auto exchange = it->second;
    const auto reader = exchange->reader;
    if (exchange->reading && !exchange->paused && exchange->received.empty() && reader && reader->on_data) {
      reader->on_data(data);
      session_->consume(stream, data.size());
    } else {
      exchange->received.append(data);
    }
  }

  void on_end(int32_t stream) override {
    auto it = streams_.find(stream);
    if (it == streams_.end()) return;
    it->second->received_all = true;
    const auto exchange = it->second;
    deliver(stream, *exchange);
  }

  void on_stream_closed(int32_t stream, uint32_t) override {
    auto it = streams_.find(stream);
    if (it == streams_.end()) return;
    const auto exchange = std::move(it->second);
    streams_.erase(it);
    session_->consume(stream, exchange->received.size());
    if (streams_.empty()) touch();
    tell_closed(*exchange);
  }

  http2::BodyRead read_body(int32_t stream, char* buffer, size_t size) override {
    auto it = streams_.find(stream);
    if (it == streams_.end()) return {0, true};
    Http2Exchange& exchange = *it->second;
    const ssize_t got = exchange.out.read(buffer, size);
    if (got < 0) {
      session_->reset(stream, http2::ErrorCode::internal_error);
      return {0, false};
    }
    exchange.taken_bytes += static_cast<uint64_t>(got);
    touch();
    const bool end = exchange.finished && exchange.out.empty();
    exchange.sent_all = end;
    // RFC 9113 section 8.1: a complete answer to an incomplete request that nobody reads.
    if (end && !exchange.received_all && !exchange.reading)
      session_->reset(stream, http2::ErrorCode::no_error);
    return {static_cast<size_t>(got), end};
  }

  // --- for the exchanges ---

  http2::ServerSession& session() { return *session_; }
  std::string_view date() { return current_http_date(connection_.context().loop.clock()); }

  void deliver_later(int32_t stream) {
    connection_.context().loop.post([weak = connection_.weak_from_this(), this, stream] {
      auto keep = weak.lock();
      if (!keep || keep->closed()) return;
      deliver(stream);
      drive();
    });
  }

  void deliver(int32_t stream) {
    if (auto it = streams_.find(stream); it != streams_.end()) {
      const auto exchange = it->second;
      deliver(stream, *exchange);
    }
  }

  void reset(int32_t stream, http2::ErrorCode code) {
    session_->reset(stream, code);
    drive();
  }

  void later() { connection_.post_drive(); }

 private:
  void deliver(int32_t stream, Http2Exchange& exchange) {
    if (!exchange.reading || exchange.paused) return;
    if (!exchange.received.empty()) {
      const std::string data = std::exchange(exchange.received, {});
      session_->consume(stream, data.size());
      const auto held = exchange.reader;
      if (held && held->on_data) held->on_data(data);
    }
    if (!exchange.received_all || !exchange.received.empty() || !exchange.reading || exchange.paused) return;
    exchange.reading = false;
    const auto reader = std::exchange(exchange.reader, nullptr);
    if (reader && reader->on_end) reader->on_end();
  }

  static void tell_closed(Http2Exchange& exchange) {
    auto reader = std::move(exchange.reader);
    auto closed = std::move(exchange.closed);
    const bool reading = std::exchange(exchange.reading, false);
    const bool complete = exchange.sent_all;
    exchange.detach();
    if (reading && reader && reader->on_error)
      reader->on_error(Error{"the client cancelled the request", ECONNRESET});
    if (closed && !complete) closed();
  }

  void refuse(int32_t stream, int status) {
    const std::array fields = {http2::FieldView{"date", date()}, http2::FieldView{"content-length", "0"}};
    session_->respond(stream, status, fields, http2::ServerSession::Body::none);
  }

  // True if something moved.
  bool send(size_t& turn) {
    bool moved = false;
    while (connection_.writable && turn <= kBytesPerTurn) {
      while (out_.size() < kOutputBytes) {
        const std::string_view piece = session_->send();
        if (piece.empty()) break;
        out_.append(piece);
      }
      if (out_.empty()) break;
      const net::IoResult sent = connection_.stream().write(out_.data(), out_.size());
      if (sent.status == net::IoStatus::again) {
        connection_.writable = false;
        break;
      }
      if (sent.status != net::IoStatus::ok) {
        connection_.close();
        return false;
      }
      out_.erase(0, sent.bytes);
      turn += sent.bytes;
      moved = true;
      touch();
    }
    return moved;
  }

  bool receive(size_t& turn) {
    if (broken_) return false;  // but also while output waits, as in proxy/http2_client.cc
    if (!connection_.readable && !connection_.stream().has_buffered()) return false;
    char buffer[kFrameReadBytes];
    const net::IoResult got = connection_.read(buffer, sizeof buffer);
    if (got.status == net::IoStatus::again) return false;
    if (got.status != net::IoStatus::ok) {
      connection_.close();
      return false;
    }
    turn += got.bytes;
    if (!session_->receive({buffer, got.bytes})) broken_ = true;
    return true;
  }

  void call_writable() {
    std::vector<std::shared_ptr<Http2Exchange>> ready;
    for (const auto& [id, exchange] : streams_)
      if (exchange->writable && exchange->out.half_empty()) ready.push_back(exchange);
    for (const auto& exchange : ready)
      if (auto writable = std::exchange(exchange->writable, nullptr)) writable();
  }

  void touch() {
    if (session_->go_away_pending()) return;
    const ServerLimits& limits = connection_.context().limits;
    connection_.set_deadline_ms(streams_.empty() ? limits.idle_timeout_ms : limits.body_idle_timeout_ms);
  }

  ServerConnection& connection_;
  std::unordered_map<int32_t, std::shared_ptr<Http2Exchange>> streams_;
  std::unique_ptr<http2::ServerSession> session_;
  std::string out_;
  bool driving_ = false, again_ = false, broken_ = false;
};

void Http2Exchange::read_body(BodyReader wanted) {
  if (protocol_ == nullptr) {
    if (wanted.on_error) wanted.on_error(Error{"the client cancelled the request", ECONNRESET});
    return;
  }
  reader = std::make_shared<BodyReader>(std::move(wanted));
  reading = true;
  if (expects_continue && !started && !received_all) {
    expects_continue = false;
    protocol_->session().respond_interim(stream_, 100);
  }
  protocol_->deliver_later(stream_);
}

void Http2Exchange::resume_body() {
  if (std::exchange(paused, false) && protocol_ != nullptr) protocol_->deliver_later(stream_);
}

bool Http2Exchange::send_head(const Response& head, std::optional<uint64_t> body_size) {
  if (protocol_ == nullptr || started) return false;
  started = true;
  suppress_body = request_.method == "HEAD" || head.status == 204 || head.status == 304;
  std::vector<std::pair<std::string, std::string>> kept;
  kept.reserve(head.headers.size() + 2);
  bool has_date = false, has_length = false;
  for (const Header& header : head.headers) {
    if (is_framing_field(header.name)) continue;
    std::string name(header.name);
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    has_date = has_date || name == "date";
    if (name == "content-length") {
      if (head.status == 204 || (body_size && !suppress_body)) continue;
      has_length = true;
    }
    kept.emplace_back(std::move(name), header.value);
  }
  if (!has_date) kept.emplace_back("date", protocol_->date());
  if (body_size && !has_length && head.status != 204 && head.status != 304)
    kept.emplace_back("content-length", std::to_string(*body_size));
  const std::vector<http2::FieldView> views(kept.begin(), kept.end());
  using Body = http2::ServerSession::Body;
  protocol_->session().respond(stream_, head.status, views, suppress_body ? Body::none : Body::follows);
  if (suppress_body) finished = sent_all = true;
  return true;
}

void Http2Exchange::respond(Response head, std::string body) {
  const auto self = shared_from_this();
  if (!send_head(head, body.size())) return;
  if (!suppress_body) out.push(std::move(body));
  finished = true;
  protocol_->drive();
}

void Http2Exchange::start(Response head) {
  if (send_head(head, std::nullopt)) protocol_->drive();
}

bool Http2Exchange::write(std::string data) {
  if (protocol_ == nullptr || !started || finished || suppress_body || data.empty()) return true;
  const auto self = shared_from_this();
  out.push(std::move(data));
  protocol_->session().resume(stream_);
  protocol_->drive();
  return !out.full();
}

void Http2Exchange::on_writable(std::move_only_function<void()> wanted) {
  writable = std::move(wanted);
  if (protocol_ != nullptr) protocol_->later();
}

bool Http2Exchange::send_file(std::shared_ptr<const UniqueFd> file, uint64_t offset, uint64_t length) {
  if (protocol_ == nullptr || !started || finished || suppress_body) return true;
  const auto self = shared_from_this();
  out.push_file(std::move(file), offset, length);
  protocol_->session().resume(stream_);
  protocol_->drive();
  return !out.full();
}

void Http2Exchange::finish() {
  if (protocol_ == nullptr || !started || finished) return;
  const auto self = shared_from_this();
  finished = true;
  protocol_->session().resume(stream_);
  protocol_->drive();
}

void Http2Exchange::abort() {
  if (protocol_ != nullptr) protocol_->reset(stream_, http2::ErrorCode::internal_error);
}

}  // namespace

std::unique_ptr<Protocol> make_http2_protocol(ServerConnection& connection) {
  return std::make_unique<Http2Protocol>(connection);
}

}  // namespace landfall::http
