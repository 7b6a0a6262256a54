// HTTP/1.1 on one connection of the HttpServer, RFC 9112: one request after the other; pipelined ones wait in
// `in_`.
//
//            head complete                 answer finished, body read, all sent
//   waiting ───────────────▶ exchanging ────────────────────────────────────────▶ waiting, or lingering ──▶
//   closed
//
// Invariants: current_ is set exactly while exchanging. The body is over when body_done_; then no byte of
// `in_` belongs to the current request any more. drive() never nests: who calls it from inside gets another
// round instead.
#include <algorithm>

#include "codec/http1_chunked.h"
#include "codec/http1_head.h"
#include "http/byte_queue.h"
#include "http/server_connection.h"
#include "net/reading_pace.h"

namespace landfall::http {
namespace {

constexpr size_t kReadBytes = 16 * 1024;
constexpr size_t kUsualHeadBytes = 1000;  // of an answer; more grows
constexpr size_t kBodyReadBytes = 64 * 1024;
// Of bodies, in a turn: those that come in at the same time stay side by side, which is how they are hashed
// (services/s3/dataplane/hash_blocks.h).
constexpr size_t kBodyBytesPerTurn = 256 * 1024;
constexpr size_t kLingerBytes =
    1024 * 1024;  // of an unwanted body, read so that the answer is not lost to a reset
constexpr int64_t kLingerMs = 2'000;

class Http1Protocol;

// The fields of a parsed head. Nearly always they lie there as Headers keeps them, and are copied at once.
Headers headers_of(const http1::RequestHead& head) {
  if (head.field_count == 0) return {};
  std::vector<Headers::Line> lines;
  lines.reserve(head.field_count + 1);
  const uint32_t begin = head.fields[0].name_offset;
  uint32_t next = begin;
  for (const http1::Field& field : head) {
    const uint32_t name_end = field.name_offset + field.name_length;
    if (field.name_offset != next || field.value_offset != name_end + 2 || head.base[name_end + 1] != ' ')
      break;
    lines.push_back({field.name_offset - begin, field.name_length, field.value_length});
    next = field.value_offset + field.value_length + 2;
  }
  if (lines.size() == head.field_count && next + 2 == head.head_bytes)
    return {std::string(head.base + begin, next - begin), std::move(lines)};
  Headers headers;
  headers.reserve(head.field_count, head.head_bytes);
  for (const http1::Field& field : head) headers.add(head.name(field), head.value(field));
  return headers;
}

Request request_of(const http1::RequestHead& head, const Peer& peer) {
  return {.method = std::string(head.method()),
          .target = std::string(head.origin_form()),
          .authority = std::string(head.authority()),
          .version = head.version == http1::HttpVersion::http_1_0 ? Version::http_1_0 : Version::http_1_1,
          .headers = headers_of(head),
          .peer = peer};
}

class Http1Exchange final : public Exchange {
 public:
  Http1Exchange(Http1Protocol& protocol, const http1::RequestHead& head, const Peer& peer)
      : protocol_(&protocol), request_(request_of(head, peer)) {}
  const Request& request() const override { return request_; }
  void read_body(BodyReader reader) override;
  void pause_body() override;
  void resume_body() override;
  void respond(Response head, std::string body) override;
  void respond_shared(Response head, std::shared_ptr<const void> owner, std::string_view body) override;
  void start(Response head) override;
  bool write(std::string data) override;
  void on_writable(std::move_only_function<void()> writable) override;
  bool send_file(std::shared_ptr<const UniqueFd> file, uint64_t offset, uint64_t length) override;
  void finish() override;
  void abort() override;
  void on_close(std::move_only_function<void()> closed) override;

  // The connection's end of it. Callbacks hold the exchange, often: dropping them here breaks the cycle.
  void detach() {
    protocol_ = nullptr;
    reader = nullptr;
    writable = nullptr;
    closed = nullptr;
  }

  // Shared: whoever calls one of its functions holds it, because the function may end the exchange and with
  // it this.
  std::shared_ptr<BodyReader> reader;
  bool reading = false, paused = false;
  std::move_only_function<void()> writable, closed;

 private:
  Http1Protocol* protocol_;
  Request request_;
};

enum class Framing { none, length, chunked, until_close };

class Http1Protocol final : public Protocol {
 public:
  explicit Http1Protocol(ServerConnection& connection)
      : connection_(connection),
        parser_({.target_bytes = std::min<size_t>(16 * 1024, connection.context().limits.header_bytes),
                 .head_bytes = connection.context().limits.header_bytes,
                 .field_count = connection.context().limits.header_count}) {}

  bool receive() override {
    if (current_ || lingering_ || !in_.empty() || !out_.empty()) return false;
    size_t turn = 0;
    if (!fill(kReadBytes, turn)) return false;
    connection_.set_deadline_ms(0);  // it is idle no more; timers may run before its turn
    return true;
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
      while (!connection_.closed() && step(turn)) {
        if (turn_over(turn)) {
          connection_.post_drive();
          break;
        }
      }
    } while (again_ && !turn_over(turn) && !connection_.closed());
    driving_ = false;
    if (again_) connection_.post_drive();
  }

  void on_closed() override {
    if (!current_) return;
    auto exchange = std::move(current_);
    auto reader = std::move(exchange->reader);
    auto closed = std::move(exchange->closed);
    const bool reading = std::exchange(exchange->reading, false);
    exchange->detach();
    if (reading && reader && reader->on_error)
      reader->on_error(Error{"the client closed the connection", ECONNRESET});
    if (closed) closed();
  }

  void on_peer_half_closed() override {
    // Who asked to be told takes a half-closed connection for a client that left; others still answer.
    if (current_ && current_->closed && body_done_ && in_.empty()) connection_.close();
  }

  void on_timeout() override {
    if (current_ || lingering_ || in_.empty()) return connection_.close();
    answer_error(408);
    drive();
  }

  void drain() override {
    draining_ = true;
    if (idle()) connection_.close();
  }

  void check_pace(int64_t now_ns) override {
    const int64_t window_ms = connection_.context().limits.pace_window_ms;
    if (pace_.too_slow(now_ns, window_ms, !out_.empty() && !connection_.writable, sent_bytes_))
      connection_.close();
  }

  bool idle() const override { return !current_ && out_.empty() && in_.empty(); }

  // --- for the exchange ---

  void body_wanted() {
    if (expects_continue_ && !head_sent_) {
      expects_continue_ = false;
      out_.push("HTTP/1.1 100 Continue\r\n\r\n");
    }
    connection_.post_drive();  // not from inside the caller, which may not be ready for data
  }

  void send_head(const Response& response, std::optional<uint64_t> body_size) {
    if (head_sent_) return;
    const Request& request = current_->request();
    std::string text;
    text.reserve(kUsualHeadBytes);
    text.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    text.append(reason_phrase(response.status)).append("\r\n");
    // RFC 9110 section 8.6: no Content-Length with 1xx and 204; 304 and HEAD have no body but may have a
    // length.
    const bool never_body = response.status == 204 || response.status / 100 == 1;
    suppress_body_ = never_body || response.status == 304 || request.method == "HEAD";
    bool has_date = false;
    std::string_view run;  // of lines that go out as they are
    for (auto field = response.headers.begin(); field != response.headers.end(); ++field) {
      const Header header = *field;
      const http1::FieldId id = http1::field_id(header.name);
      if (!is_framing_field(id) && id != http1::FieldId::content_length) {
        has_date = has_date || id == http1::FieldId::date;
        const std::string_view line = field.line();
        run = run.empty() ? line : std::string_view(run.data(), run.size() + line.size());
        continue;
      }
      text.append(std::exchange(run, {}));
      if (id != http1::FieldId::content_length || never_body || body_size) continue;
      uint64_t length = 0;
      for (char c : header.value)
        if (c >= '0' && c <= '9') length = length * 10 + static_cast<uint64_t>(c - '0');
      body_size = length;  // written below, once
    }
    text.append(run);
    if (!has_date) append_field(text, "Date", current_http_date(connection_.context().loop.clock()));
    framing_ = Framing::none;
    if (body_size && !never_body) {
      framing_ = Framing::length;
      body_left_ = *body_size;
      append_field(text, "Content-Length", std::to_string(*body_size));
    } else if (!suppress_body_ || (request.method == "HEAD" && !never_body && response.status != 304)) {
      framing_ = request.version == Version::http_1_0 ? Framing::until_close : Framing::chunked;
      if (framing_ == Framing::chunked)
        append_field(text, "Transfer-Encoding", "chunked");
      else
        keep_alive_ = false;
    }
    // A body nobody reads: closing is cheaper than reading it to its end.
    if (draining_ || (!body_done_ && !current_->reading)) keep_alive_ = false;
    if (!keep_alive_)
      append_field(text, "Connection", "close");
    else if (request.version == Version::http_1_0)
      append_field(text, "Connection", "keep-alive");
    text.append("\r\n");
    head_sent_ = true;
    out_.push(std::move(text));
  }

  bool send_data(std::string data) {
    if (!queue_data(std::move(data))) return false;
    drive();
    return !out_.full();
  }

  // False: the connection had to be closed.
  bool queue_data(std::string data) {
    if (!head_sent_ || answered_ || data.empty()) return true;
    if (framing_ == Framing::length) {
      if (!suppress_body_ && data.size() > body_left_) {
        connection_.close();  // the application broke its own promise; the client must see a cut answer
        return false;
      }
      if (!suppress_body_) body_left_ -= data.size();
    }
    if (!suppress_body_) {
      if (framing_ == Framing::chunked) {
        char chunk[http1::kChunkHeadBytes];
        out_.push(std::string(chunk, http1::write_chunk_head(data.size(), chunk)));
        data.append("\r\n");
      }
      out_.push(std::move(data));
    }
    return true;
  }

  // A whole body, whose length send_head() was told.
  void queue_shared(std::shared_ptr<const void> owner, std::string_view data) {
    if (!head_sent_ || answered_ || suppress_body_) return;
    body_left_ = 0;
    out_.push_shared(std::move(owner), data);
  }

  bool send_file(std::shared_ptr<const UniqueFd> file, uint64_t offset, uint64_t length) {
    if (!head_sent_ || answered_ || length == 0 || suppress_body_) return true;
    if (framing_ == Framing::length) {
      if (length > body_left_) {
        connection_.close();
        return false;
      }
      body_left_ -= length;
    }
    if (framing_ == Framing::chunked) {
      char chunk[http1::kChunkHeadBytes];
      out_.push(std::string(chunk, http1::write_chunk_head(length, chunk)));
    }
    out_.push_file(std::move(file), offset, length);
    if (framing_ == Framing::chunked) out_.push("\r\n");
    drive();
    return !out_.full();
  }

  void answer_complete() {
    if (!head_sent_ || answered_) return;
    if (framing_ == Framing::length && body_left_ > 0 && !suppress_body_) return connection_.close();
    if (framing_ == Framing::chunked && !suppress_body_) out_.push(std::string(http1::kLastChunk));
    answered_ = true;
    drive();
  }

  void abort() { connection_.close(); }
  void later() { connection_.post_drive(); }

 private:
  // One thing that can be done now; false when there is none.
  bool step(size_t& turn) {
    if (!flush(turn)) return false;
    if (lingering_) return linger(turn);
    if (current_) return answered_ && out_.empty() ? end_exchange() : pump_body(turn);
    return next_request(turn);
  }

  bool turn_over(size_t turn) const {
    return turn > (current_ && current_->reading ? kBodyBytesPerTurn : kBytesPerTurn);
  }

  // False: the connection is gone. Output that has to wait is no reason to stop reading a body.
  bool flush(size_t& turn) {
    if (!out_.empty() && connection_.hold()) return true;
    if (!out_.empty() && connection_.writable) {
      const int64_t patience_ms = connection_.context().limits.body_idle_timeout_ms;
      const size_t sent_before = turn;
      const net::IoStatus status = out_.flush(connection_.stream(), kBytesPerTurn + 1, turn);
      sent_bytes_ += turn - sent_before;
      switch (status) {
        case net::IoStatus::ok:
          if (!out_.empty())
            connection_.post_drive();  // a client that reads as fast must not keep others waiting
          if (current_) connection_.set_deadline_ms(current_->reading ? patience_ms : 0);
          break;
        case net::IoStatus::again:
          connection_.writable = false;
          connection_.set_deadline_ms(patience_ms);
          break;
        default:
          connection_.close();
          return false;
      }
    }
    if (current_ && current_->writable && out_.half_empty() && !answered_)
      std::exchange(current_->writable, nullptr)();
    return !connection_.closed();
  }

  bool has_input() { return connection_.readable || connection_.stream().has_buffered(); }

  // Bytes into `in_`; false when there are none now, or the connection ended.
  bool fill(size_t want, size_t& turn) {
    if (!has_input()) return false;
    const size_t old = in_.size();
    net::IoResult got{};
    in_.resize_and_overwrite(old + want, [&](char* bytes, size_t) {
      got = connection_.read(bytes + old, want);
      return old + got.bytes;
    });
    return filled(got, turn);
  }

  bool filled(net::IoResult got, size_t& turn) {
    turn += got.bytes;
    if (got.status == net::IoStatus::ok) return true;
    if (got.status != net::IoStatus::again) end_of_input();
    return false;
  }

  void end_of_input() {
    connection_.readable = false;
    input_ended_ = true;
    if (current_ && body_done_) {
      keep_alive_ = false;  // a half-closed client still gets its answer
      return;
    }
    connection_.close();
  }

  bool next_request(size_t& turn) {
    if (draining_ && in_.empty()) {
      connection_.close();
      return false;
    }
    const auto status = in_.empty() ? http1::ParseStatus::incomplete : parser_.parse(in_);
    switch (status) {
      case http1::ParseStatus::complete:
        begin_exchange();
        return true;
      case http1::ParseStatus::error:
        answer_error(http1::status_of(parser_.error()));
        return true;
      case http1::ParseStatus::incomplete:
        break;
    }
    if (!in_.empty() && !std::exchange(head_begun_, true))
      connection_.set_deadline_ms(connection_.context().limits.header_timeout_ms);
    return fill(kReadBytes, turn);
  }

  void begin_exchange() {
    const http1::RequestHead& head = parser_.head();
    body_kind_ = head.body;
    body_left_in_ = head.content_length;
    chunks_.reset();
    body_done_ = head.body == http1::BodyKind::none;
    // Also of an empty body, though nothing need be said then (RFC 9110 section 10.1.1): botocore, which asks
    // for it with every file, misreads the next answer on the connection if a 200 comes without a 100.
    expects_continue_ = head.expects_continue && (!body_done_ || head.has_content_length);
    keep_alive_ = head.keep_alive && !draining_;
    head_sent_ = answered_ = suppress_body_ = false;
    current_ = std::make_shared<Http1Exchange>(*this, head, connection_.peer());
    in_.erase(0, head.head_bytes);
    parser_.reset();
    head_begun_ = false;
    connection_.set_deadline_ms(0);
    const auto exchange = current_;
    connection_.context().handler(exchange);
  }

  bool pump_body(size_t& turn) {
    if (!current_->reading || current_->paused) return false;
    const auto exchange = current_;
    if (body_done_) {
      exchange->reading = false;
      auto reader = std::move(exchange->reader);
      exchange->reader = nullptr;
      connection_.set_deadline_ms(out_.empty() ? 0 : connection_.context().limits.body_idle_timeout_ms);
      if (reader && reader->on_end) reader->on_end();
      return true;
    }
    if (in_.empty()) {
      if (!has_input()) return false;
      if (const auto room = room_of(*exchange); !room.empty()) return fill_room(*exchange, room, turn);
      if (fill(kBodyReadBytes, turn))
        connection_.set_deadline_ms(connection_.context().limits.body_idle_timeout_ms);
      else
        return false;
    }
    return deliver(*exchange);
  }

  // Where the reader wants what comes next, if that is nothing but its body.
  std::span<char> room_of(Http1Exchange& exchange) {
    const auto held = exchange.reader;
    if (body_kind_ != http1::BodyKind::length || !held || !held->room) return {};
    const auto room = held->room();
    return room.first(std::min<uint64_t>(room.size(), body_left_in_));
  }

  bool fill_room(Http1Exchange& exchange, std::span<char> room, size_t& turn) {
    const net::IoResult got = connection_.read(room.data(), room.size());
    if (!filled(got, turn)) return false;
    connection_.set_deadline_ms(connection_.context().limits.body_idle_timeout_ms);
    body_left_in_ -= got.bytes;
    body_done_ = body_left_in_ == 0;
    const auto held = exchange.reader;
    if (held->on_data) held->on_data({room.data(), got.bytes});
    return !connection_.closed();
  }

  bool deliver(Http1Exchange& exchange) {
    std::string_view rest = in_, data;
    if (body_kind_ == http1::BodyKind::length) {
      data = rest.substr(0, std::min<uint64_t>(rest.size(), body_left_in_));
      rest.remove_prefix(data.size());
      body_left_in_ -= data.size();
      body_done_ = body_left_in_ == 0;
    } else {
      const auto status = chunks_.decode(rest, data);
      if (status == http1::ChunkedDecoder::Status::error) {
        auto reader = std::move(exchange.reader);
        exchange.reader = nullptr;
        exchange.reading = false;
        keep_alive_ = false;
        body_kind_ = http1::BodyKind::length;  // nothing after this can be told apart any more
        body_left_in_ = UINT64_MAX;
        if (reader && reader->on_error) reader->on_error(Error{"malformed chunked body", EPROTO});
        return !connection_.closed() && current_ != nullptr && current_->reading;
      }
      body_done_ = status == http1::ChunkedDecoder::Status::done;
    }
    const size_t used = in_.size() - rest.size();
    const auto held = exchange.reader;
    if (!data.empty() && held && held->on_data) held->on_data(data);
    if (connection_.closed()) return false;
    in_.erase(0, used);
    return true;
  }

  bool end_exchange() {
    auto exchange = std::move(current_);
    current_ = nullptr;
    auto reader = std::move(exchange->reader);
    const bool reading = std::exchange(exchange->reading, false);
    exchange->detach();
    if (reading && body_done_ && reader && reader->on_end) reader->on_end();
    if (reading && !body_done_ && reader && reader->on_error)
      reader->on_error(Error{"answered before the body was read"});
    if (keep_alive_ && body_done_ && !input_ended_) {
      connection_.set_deadline_ms(connection_.context().limits.idle_timeout_ms);
      return true;
    }
    if (body_done_ && in_.empty()) {  // nothing unread that could turn the close into a reset
      connection_.close();
      return false;
    }
    begin_linger();
    return true;
  }

  // An answer to what is no request; the connection cannot be kept, for nothing tells where the next one
  // would begin.
  void answer_error(int status) {
    std::string body(reason_phrase(status));
    std::string text = "HTTP/1.1 " + std::to_string(status) + " " + body + "\r\n";
    append_field(text, "Date", current_http_date(connection_.context().loop.clock()));
    append_field(text, "Content-Type", "text/plain");
    append_field(text, "Content-Length", std::to_string(body.size() + 1));
    append_field(text, "Connection", "close");
    out_.push(text + "\r\n" + body + "\n");
    begin_linger();
  }

  void begin_linger() {
    lingering_ = true;
    in_.clear();
    connection_.set_deadline_ms(kLingerMs);
  }

  // RFC 9112 section 9.6: closing while the client still sends would reset the connection and lose the
  // answer.
  bool linger(size_t& turn) {
    if (!out_.empty()) return false;
    if (!shut_) {
      shut_ = true;
      connection_.stream().shutdown_write();
    }
    if (input_ended_) {
      connection_.close();
      return false;
    }
    lingered_ += in_.size();
    in_.clear();
    if (lingered_ > kLingerBytes) {
      connection_.close();
      return false;
    }
    return fill(kReadBytes, turn);
  }

  ServerConnection& connection_;
  http1::RequestParser parser_;
  http1::ChunkedDecoder chunks_;
  std::string in_;
  ByteQueue out_;
  uint64_t sent_bytes_ = 0;
  net::ReadingPace pace_;
  std::shared_ptr<Http1Exchange> current_;

  http1::BodyKind body_kind_ = http1::BodyKind::none;
  uint64_t body_left_in_ = 0;
  bool body_done_ = true, expects_continue_ = false, keep_alive_ = true;

  Framing framing_ = Framing::none;
  uint64_t body_left_ = 0;  // of the answer
  bool head_sent_ = false, answered_ = false, suppress_body_ = false;

  bool head_begun_ = false;  // and its deadline set
  bool driving_ = false, again_ = false, draining_ = false, lingering_ = false, shut_ = false,
       input_ended_ = false;
  size_t lingered_ = 0;
};

void Http1Exchange::read_body(BodyReader wanted) {
  if (protocol_ == nullptr) {
    if (wanted.on_error) wanted.on_error(Error{"the client closed the connection", ECONNRESET});
    return;
  }
  reader = std::make_shared<BodyReader>(std::move(wanted));
  reading = true;
  protocol_->body_wanted();
}

void Http1Exchange::pause_body() { paused = true; }

void Http1Exchange::resume_body() {
  if (!std::exchange(paused, false) || protocol_ == nullptr) return;
  protocol_->drive();
}

void Http1Exchange::respond(Response head, std::string body) {
  if (protocol_ == nullptr) return;
  // The length of what would have been sent is the caller's to say for HEAD and 304 (RFC 9110 section 8.6).
  const bool says_length = head.headers.has("Content-Length");
  const bool bodiless = head.status == 304 || (request_.method == "HEAD" && says_length);
  const auto self = shared_from_this();
  protocol_->send_head(head, bodiless ? std::nullopt : std::optional<uint64_t>(body.size()));
  if (protocol_->queue_data(std::move(body))) protocol_->answer_complete();
}

void Http1Exchange::respond_shared(Response head, std::shared_ptr<const void> owner, std::string_view body) {
  if (protocol_ == nullptr) return;
  const auto self = shared_from_this();
  protocol_->send_head(head, body.size());
  protocol_->queue_shared(std::move(owner), body);
  protocol_->answer_complete();
}

void Http1Exchange::start(Response head) {
  if (protocol_ == nullptr) return;
  protocol_->send_head(head, std::nullopt);
  protocol_->later();  // with the body, if that begins in this turn of the loop
}

bool Http1Exchange::write(std::string data) {
  return protocol_ == nullptr || protocol_->send_data(std::move(data));
}

void Http1Exchange::on_writable(std::move_only_function<void()> wanted) {
  writable = std::move(wanted);
  if (protocol_ != nullptr) protocol_->later();  // looks again soon: there may be room already
}

bool Http1Exchange::send_file(std::shared_ptr<const UniqueFd> file, uint64_t offset, uint64_t length) {
  return protocol_ == nullptr || protocol_->send_file(std::move(file), offset, length);
}

void Http1Exchange::finish() {
  if (protocol_ != nullptr) protocol_->answer_complete();
}

void Http1Exchange::abort() {
  if (protocol_ != nullptr) protocol_->abort();
}

void Http1Exchange::on_close(std::move_only_function<void()> wanted) { closed = std::move(wanted); }

}  // namespace

std::unique_ptr<Protocol> make_http1_protocol(ServerConnection& connection) {
  return std::make_unique<Http1Protocol>(connection);
}

}  // namespace landfall::http
