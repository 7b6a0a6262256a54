// The client's side of HTTP/1.1: one connection, one transaction after the other.
//
//   head ──▶ transaction ──▶ head (kept) │ lingering ──▶ closed
//
// The buffer holds the head of the current request at its front until the transaction is over, because the
// access log still reads it; the body passes through the room behind it. Invariants: body_at_ >= head_bytes_;
// [body_at_, body_at_ + framed_) is body that has not been consumed; what lies behind belongs to the next
// request. Registered with the loop, edge-triggered, until close().
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>

#include "base/text_writer.h"
#include "http/message.h"
#include "http/server_connection.h"
#include "net/socket.h"
#include "proxy/listener.h"
#include "proxy/transaction.h"

namespace landfall::proxy {
namespace {

constexpr size_t kCoalescedBytes = 16 * 1024;  // of an answer's head and body sent as one
constexpr size_t kCopiedBytes = 4 * 1024;      // rather copied behind what waits than given as a second piece
constexpr size_t kFileAtOnceBytes = 1024 * 1024;  // between looks at other connections
constexpr size_t kLargeBodyBytes = 64 * 1024;     // worth a large block
constexpr size_t kAddedBytes = 256;               // to a head, besides the fields that came
constexpr int64_t kLingerMs = 2'000;
constexpr size_t kLingerBytes = 1024 * 1024;

class Http1Client final : public ClientConnection, public IoHandler, public Transaction {
 public:
  Http1Client(Worker& worker, std::shared_ptr<ListenerContext> context, net::Stream stream, ClientInfo info)
      : Transaction(worker, *context->site, info_),
        info_(std::move(info)),
        context_(std::move(context)),
        stream_(std::move(stream)),
        in_(worker.blocks()),
        parser_(context_->site->head_limits()) {}

  ~Http1Client() override {
    if (stream_) worker_.loop().remove(stream_.fd());
  }

  bool start() {
    if (!worker_.loop().add(stream_.fd(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, this)) return false;
    set_idle_deadline(site_.timeouts().head_ms);
    return true;
  }

  void on_io(uint32_t events) override {
    if (events & EPOLLRDHUP) half_closed_ = true;
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) readable_ = true;
    if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) writable_ = true;
    if ((events & (EPOLLERR | EPOLLHUP)) && !(events & EPOLLIN)) return close();
    if (half_closed_ && active() && !is_tunnel() && body_complete() && behind_body() == 0)
      return client_gone(Outcome::client_gone);
    if (state_ == State::head && in_.empty() && readable_) read_ahead();
    worker_.turns().join(*this);
  }

  void take_turn() override { drive(); }

  void check_deadline(int64_t now_ns) override {
    if (active()) {
      Transaction::check_deadline(now_ns);
      drive();
      return;
    }
    if (idle_deadline_ns_ == 0 || now_ns < idle_deadline_ns_) return;
    if (state_ == State::head && !in_.empty()) {
      state_ = State::transaction;
      keep_alive_ = false;
      fail_begin(408);
      pump();
      drive();
    } else {
      close();
    }
  }

  void drain() override {
    keep_alive_ = false;
    draining_ = true;
    if (state_ == State::head && in_.empty()) close();
  }

  void close() override {
    if (!stream_) return;
    if (active()) {
      keep_alive_ = false;
      client_gone(Outcome::client_gone);  // comes back here through over()
      if (!stream_) return;
    }
    state_ = State::closed;
    worker_.loop().remove(stream_.fd());
    stream_.close();
    site_.connection_closed();
    worker_.remove_client(*this);
  }

 private:
  enum class State : uint8_t { head, transaction, lingering, closed };

  void drive() {
    if (driving_) return;
    driving_ = true;
    answered_bytes_ = 0;
    while (stream_) {
      if (state_ == State::head) {
        if (answered_bytes_ >= kTurnBytes) {  // to requests sent ahead by one who reads as fast as we send
          worker_.turns().join(*this);
          break;
        }
        if (!read_head()) break;
      } else if (state_ == State::transaction) {
        pump();
        if (state_ == State::transaction) break;
      } else if (!linger()) {
        break;
      }
    }
    driving_ = false;
  }

  net::IoResult read(char* buffer, size_t size) {
    const net::IoResult result = stream_.read(buffer, size);
    if (result.status == net::IoStatus::again ||
        (result.status == net::IoStatus::ok && stream_.drained() && !half_closed_))
      readable_ = false;
    return result;
  }

  // The beginning of a head. What is not read well is met again by read_head().
  void read_ahead() {
    in_.ensure();
    const net::IoResult got = read(in_.free_begin(), in_.free_size());
    if (got.status != net::IoStatus::ok) return;
    in_.add(got.bytes);
    set_idle_deadline(site_.timeouts().head_ms);
  }

  // The client may take more, and it is this one's turn to send.
  bool may_send() { return writable_ && !worker_.turns().hold(*this); }

  // False: nothing more can be done now.
  bool read_head() {
    if (!in_.empty()) {
      switch (parser_.parse(in_.view())) {
        case http1::ParseStatus::complete:
          begin_request();
          return true;
        case http1::ParseStatus::error:
          keep_alive_ = false;
          state_ = State::transaction;
          parse_error_ = parser_.error();
          bytes_received_ = in_.size();
          fail_begin(site_.status_for(parse_error_));
          return true;
        case http1::ParseStatus::incomplete:
          break;
      }
    } else if (draining_) {
      close();
      return false;
    }
    if (!readable_ && !stream_.has_buffered()) {
      if (in_.empty()) in_.release();  // an idle connection holds no block
      return false;
    }
    in_.ensure();
    if (in_.free_size() == 0) {
      in_.compact();
      if (in_.free_size() == 0) in_.grow();
    }
    const bool first = in_.empty();
    const net::IoResult got = read(in_.free_begin(), in_.free_size());
    if (got.status == net::IoStatus::ok) {
      in_.add(got.bytes);
      if (first) set_idle_deadline(site_.timeouts().head_ms);
      return true;
    }
    if (got.status == net::IoStatus::again) {
      if (in_.empty()) in_.release();
      return false;
    }
    close();
    return false;
  }

  void begin_request() {
    const http1::RequestHead& head = parser_.head();
    head_bytes_ = body_at_ = head.head_bytes;
    framed_ = 0;
    body_kind_ = head.body;
    body_left_ = head.content_length;
    chunks_.reset();
    broken_ = false;
    encode_chunks_ = false;
    keep_alive_ = head.keep_alive && !draining_ && !worker_.draining();
    state_ = State::transaction;
    frame(in_.size() - head_bytes_);
    begin(head);
  }

  // Of `bytes` new ones behind those framed, how many belong to the body.
  void frame(size_t bytes) {
    if (body_kind_ == http1::BodyKind::none || bytes == 0) return;
    if (body_kind_ == http1::BodyKind::until_close) {  // a tunnel
      framed_ += bytes;
    } else if (body_kind_ == http1::BodyKind::length) {
      const size_t part = std::min<uint64_t>(bytes, body_left_);
      framed_ += part;
      body_left_ -= part;
      if (body_left_ == 0) body_kind_ = http1::BodyKind::none;
    } else {
      size_t used = 0;
      const auto status = chunks_.scan(in_.view().substr(body_at_ + framed_, bytes), used);
      framed_ += used;
      if (status == http1::ChunkedDecoder::Status::error) broken_ = true;
      if (status == http1::ChunkedDecoder::Status::done) body_kind_ = http1::BodyKind::none;
    }
  }

  size_t behind_body() const { return in_.size() - body_at_ - framed_; }

  // --- Transaction: the request's body ---
  std::string_view body_view() override { return in_.view().substr(body_at_, framed_); }
  void consume_body(size_t bytes) override {
    body_at_ += bytes;
    framed_ -= bytes;
    bytes_received_ += bytes;
  }
  bool body_complete() const override { return body_kind_ == http1::BodyKind::none && framed_ == 0; }
  bool body_broken() const override { return broken_; }
  bool body_needs_chunks() const override { return false; }
  void begin_tunnel() override {
    body_kind_ = http1::BodyKind::until_close;
    framed_ = in_.size() - body_at_;
  }

  bool read_body() override {
    if (body_kind_ == http1::BodyKind::none || broken_) return false;
    if (!readable_ && !stream_.has_buffered()) return false;
    in_.truncate(head_bytes_);
    body_at_ = head_bytes_;
    const bool large = body_kind_ != http1::BodyKind::length || body_left_ > kLargeBodyBytes;
    if (large || in_.free_size() < kSmallBlockBytes / 4) {
      in_.grow();
      parser_.head().base = in_.begin();
    }
    const net::IoResult got = read(in_.free_begin(), in_.free_size());
    if (got.status == net::IoStatus::again) return false;
    if (got.status != net::IoStatus::ok) {
      if (is_tunnel() && got.status == net::IoStatus::end) {
        body_kind_ = http1::BodyKind::none;  // the client has said all it wants
        readable_ = false;
        return true;
      }
      keep_alive_ = false;
      client_gone(Outcome::client_gone);
      return false;
    }
    in_.add(got.bytes);
    frame(got.bytes);
    touch();
    return true;
  }

  // --- Transaction: the answer ---
  bool passes_chunked() const override { return head_->version == http1::HttpVersion::http_1_1; }

  void send_interim(const http1::ResponseHead& head) override {
    TextWriter text(out_);
    put_status_line(text, head);
    for (const http1::Field& field : head) {
      if (field.id == http1::FieldId::content_length || head.is_connection_field(field)) continue;
      text.put(head.name(field), ": ", head.value(field), "\r\n");
    }
    text.put("\r\n");
  }

  static void put_status_line(TextWriter& text, const http1::ResponseHead& head) {
    text.put("HTTP/1.1 ", head.status, ' ',
             head.reason_length == 0 ? http::reason_phrase(head.status) : head.reason(), "\r\n");
  }

  void send_head(const http1::ResponseHead& head, std::string_view extra) override {
    const bool old_client = head_->version == http1::HttpVersion::http_1_0;
    TextWriter text(out_, head.head_bytes + extra.size() + kAddedBytes);
    put_status_line(text, head);
    const bool filtered = site_.filters_answers(*this);
    for (const http1::Field& field : head) {
      if (field.id == http1::FieldId::content_length || head.is_connection_field(field)) continue;
      if (filtered && !site_.passes_answer_field(*this, head.name(field))) continue;
      text.put(head.name(field), ": ", head.value(field), "\r\n");
    }
    text.put(extra);
    if (is_tunnel()) {
      text.put("Connection: Upgrade\r\nUpgrade: ", head.get(http1::FieldId::upgrade), "\r\n\r\n");
      keep_alive_ = false;
      return;
    }
    switch (head.body) {
      case http1::BodyKind::chunked:
        if (old_client)
          keep_alive_ = false;
        else
          text.put("Transfer-Encoding: chunked\r\n");
        break;
      case http1::BodyKind::until_close:
        if (old_client)
          keep_alive_ = false;
        else
          text.put("Transfer-Encoding: chunked\r\n");
        encode_chunks_ = !old_client;
        break;
      default:
        // Of HEAD and 304 too, where it tells what would have come (RFC 9110 section 8.6).
        if (head.has_content_length && head.status != 204)
          text.put("Content-Length: ", head.content_length, "\r\n");
    }
    if (!keep_alive_)
      text.put("Connection: close\r\n");
    else if (old_client)
      text.put("Connection: keep-alive\r\n");
    text.put("\r\n");
  }

  void send_local(int status, std::string_view fields, std::string_view body) override {
    while (has_head() && framed_ > 0)
      consume_body(framed_);  // small bodies that nobody wants are in the buffer already
    if (!has_head() || !body_complete()) keep_alive_ = false;
    const bool bodiless = status == 204 || status == 304 || (has_head() && head_->method() == "HEAD");
    TextWriter text(out_, fields.size() + body.size() + kAddedBytes);
    text.put("HTTP/1.1 ", status, ' ', site_.reason_of(status), "\r\n");
    if (const auto server = site_.server_field(); !server.empty()) text.put("Server: ", server, "\r\n");
    text.put("Date: ", http::current_http_date(worker_.loop().clock()), "\r\n", fields);
    if (status != 204)  // RFC 9110 section 8.6
      text.put("Content-Length: ", body.size(), "\r\n");
    text.put("Connection: ", connection_option(), "\r\n\r\n");
    if (!bodiless) text.put(body);
  }

  std::string_view connection_option() const { return keep_alive_ ? "keep-alive" : "close"; }

  void send_served_head(int status, const Decision& decision, Follows follows) override {
    while (framed_ > 0) consume_body(framed_);
    if (!body_complete()) keep_alive_ = false;
    const Content& content = decision.content;
    const bool old_client = head_->version == http1::HttpVersion::http_1_0;
    TextWriter text(out_, decision.head_lines.size() + decision.response_fields.size() + kAddedBytes);
    text.put("HTTP/1.1 ", status, ' ', site_.reason_of(status), "\r\n", decision.head_lines,
             decision.response_fields);
    if (content.has_length) {
      if (status != 204 && status != 304) text.put("Content-Length: ", content.length, "\r\n");
    } else if (follows == Follows::body) {
      encode_chunks_ = !old_client;
      if (old_client)
        keep_alive_ = false;
      else
        text.put("Transfer-Encoding: chunked\r\n");
    }
    text.put("Connection: ", connection_option(), "\r\n\r\n");
  }

  bool waits_for_reader() const override { return !writable_; }
  bool can_write() const override { return out_.size() - out_sent_ < kCoalescedBytes; }

  size_t write_body(std::string_view data) override {
    const size_t pending = out_.size() - out_sent_;
    if (encode_chunks_) {
      if (pending > kCoalescedBytes) return flush_answer(), 0;
      const std::string_view part = data.substr(0, kCoalescedBytes);
      http1::append_chunk(out_, part);
      return part.size();
    }
    if (pending > 0) {
      if (pending + data.size() <= kCoalescedBytes && (stream_.is_tls() || data.size() <= kCopiedBytes)) {
        out_.append(data);
        return data.size();
      }
      if (!stream_.is_tls()) return write_both(data);
      if (pending < kCoalescedBytes) {  // a whole TLS record
        const std::string_view part = data.substr(0, kCoalescedBytes - pending);
        out_.append(part);
        return part.size();
      }
      flush_answer();
      if (out_sent_ < out_.size() || !active()) return 0;
    }
    if (!may_send()) return 0;
    const net::IoResult sent = stream_.write(data.data(), data.size());
    if (sent.status == net::IoStatus::ok) {
      bytes_sent_ += sent.bytes;
      return sent.bytes;
    }
    writable_ = false;
    if (sent.status != net::IoStatus::again) lose_client();
    return 0;
  }

  bool client_may_splice() const override { return !stream_.is_tls() && !encode_chunks_; }

  size_t splice_body(Pipe& pipe) override {
    if (out_sent_ < out_.size()) {
      flush_answer();
      if (out_sent_ < out_.size() || !active()) return 0;
    }
    if (!may_send()) return 0;
    const net::IoResult sent = stream_.splice_from(pipe.reading.get(), pipe.bytes);
    if (sent.status == net::IoStatus::ok) {
      bytes_sent_ += sent.bytes;
      return sent.bytes;
    }
    writable_ = false;
    if (sent.status != net::IoStatus::again) lose_client();
    return 0;
  }

  // What waits and then `data`, without a copy. Plain only.
  size_t write_both(std::string_view data) {
    if (!may_send()) return 0;
    const size_t pending = out_.size() - out_sent_;
    const iovec pieces[] = {{out_.data() + out_sent_, pending},
                            {const_cast<char*>(data.data()), data.size()}};
    const net::IoResult sent = stream_.writev(pieces, 2);
    if (sent.status != net::IoStatus::ok) {
      writable_ = false;
      if (sent.status != net::IoStatus::again) lose_client();
      return 0;
    }
    bytes_sent_ += sent.bytes;
    if (sent.bytes < pending) {
      out_sent_ += sent.bytes;
      return 0;
    }
    out_.clear();
    out_sent_ = 0;
    return sent.bytes - pending;
  }

  std::optional<size_t> write_file(int fd, uint64_t offset, uint64_t size) override {
    if (stream_.is_tls() || encode_chunks_) return Transaction::write_file(fd, offset, size);
    while (out_sent_ < out_.size())
      if (!flush(net::More::follows)) return 0;
    if (!may_send()) return 0;
    const net::IoResult sent = stream_.send_file(fd, offset, std::min<uint64_t>(size, kFileAtOnceBytes));
    if (sent.status == net::IoStatus::ok) {
      bytes_sent_ += sent.bytes;
      return sent.bytes;
    }
    if (sent.status == net::IoStatus::end) return std::nullopt;  // the file is shorter than it was
    writable_ = false;
    if (sent.status != net::IoStatus::again) lose_client();
    return 0;
  }

  void finish_answer() override {
    if (encode_chunks_) out_.append(http1::kLastChunk);
  }

  void abort_answer() override {
    out_.clear();
    out_sent_ = 0;
    keep_alive_ = false;
    aborted_ = true;
  }

  bool flush_answer() override { return flush(net::More::no); }

  bool flush(net::More more) {
    if (out_sent_ == out_.size() || !may_send()) return false;
    const iovec rest{out_.data() + out_sent_, out_.size() - out_sent_};
    const net::IoResult sent = stream_.is_tls() ? stream_.write(out_.data() + out_sent_, rest.iov_len)
                                                : stream_.writev(&rest, 1, more);
    if (sent.status == net::IoStatus::ok) {
      bytes_sent_ += sent.bytes;
      out_sent_ += sent.bytes;
      if (out_sent_ == out_.size()) {
        out_.clear();
        out_sent_ = 0;
      }
      return true;
    }
    writable_ = false;
    if (sent.status != net::IoStatus::again) lose_client();
    return false;
  }

  bool answer_flushed() const override { return out_sent_ == out_.size(); }

  void lose_client() {
    keep_alive_ = false;
    out_.clear();
    out_sent_ = 0;
    aborted_ = true;
    client_gone(Outcome::client_gone);
  }

  void over() override {
    const bool whole = has_head() && body_complete();
    const bool tunnel = is_tunnel();
    const bool aborted = aborted_ || outcome() == Outcome::client_gone;
    const bool malformed = parse_error_ != http1::HeadError::none;
    const bool had_head = has_head();
    answered_bytes_ += bytes_sent();
    Transaction::reset();
    if (keep_alive_ && whole && !aborted && !tunnel) {
      in_.drop(body_at_);
      if (in_.empty())
        in_.clear();
      else
        in_.compact();
      parser_.reset();
      state_ = State::head;
      aborted_ = false;
      set_idle_deadline(site_.timeouts().keep_alive_ms);
      if (!driving_) drive();
      return;
    }
    if (aborted) {
      // A reset, so that the client cannot take the end of a cut answer for its end.
      net::set_reset_on_close(stream_.fd());
      return close();
    }
    if (tunnel || (had_head && whole && !malformed && behind_body() == 0)) {
      stream_.shutdown_write();
      return close();
    }
    state_ = State::lingering;
    set_idle_deadline(kLingerMs);
    stream_.shutdown_write();
    if (!driving_) drive();
  }

  // RFC 9112 section 9.6: closing while bytes arrive would reset the connection and lose the answer.
  bool linger() {
    if (!readable_ && !stream_.has_buffered()) return false;
    in_.clear();
    in_.ensure();
    const net::IoResult got = read(in_.free_begin(), in_.free_size());
    if (got.status == net::IoStatus::again) return false;
    lingered_ += got.bytes;
    if (got.status == net::IoStatus::ok && lingered_ < kLingerBytes) return true;
    close();
    return false;
  }

  void set_idle_deadline(int64_t ms) { idle_deadline_ns_ = worker_.latest_ns() + ms * 1'000'000; }

  ClientInfo info_;
  std::shared_ptr<ListenerContext> context_;
  net::Stream stream_;
  Buffer in_;
  http1::RequestParser parser_;
  http1::HeadError parse_error_ = http1::HeadError::none;
  State state_ = State::head;
  bool readable_ = true, writable_ = true, half_closed_ = false, driving_ = false;
  bool keep_alive_ = true, draining_ = false, aborted_ = false, broken_ = false, encode_chunks_ = false;
  http1::BodyKind body_kind_ = http1::BodyKind::none;
  uint64_t body_left_ = 0;
  http1::ChunkedDecoder chunks_;
  size_t head_bytes_ = 0, body_at_ = 0, framed_ = 0, lingered_ = 0;
  uint64_t answered_bytes_ = 0;  // since drive() began, by transactions that are over
  std::string out_;
  size_t out_sent_ = 0;
  int64_t idle_deadline_ns_ = 0;
};

}  // namespace

std::unique_ptr<ClientConnection> make_http1_client(Worker& worker, std::shared_ptr<ListenerContext> context,
                                                    net::Stream stream, ClientInfo info) {
  auto site = context->site;
  auto client = std::make_unique<Http1Client>(worker, std::move(context), std::move(stream), std::move(info));
  if (client->start()) return client;
  site->connection_closed();
  return nullptr;
}

}  // namespace landfall::proxy
