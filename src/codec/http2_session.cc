#include "codec/http2_session.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <vector>

#include "codec/http1_field.h"
#include "codec/http2_stream_table.h"

namespace landfall::http2 {
namespace {

// The PING after the first GOAWAY; who answers it has read that.
constexpr std::array<uint8_t, 8> kGoAwayPing = {'g', 'o', ' ', 'a', 'w', 'a', 'y', '!'};

struct SessionDeleter {
  void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
};

constexpr size_t kKeptBytes = 4 * 1024;  // by a string for the next head: idle connections are many

void recycle(std::string& text) {
  if (text.capacity() > kKeptBytes)
    text = {};
  else
    text.clear();
}

// The head of one request while its fields arrive. Its strings keep their memory for the next.
struct Head {
  int32_t stream = 0;
  std::string method, path, authority, host, cookie, fields;
  size_t bytes = 0;
  bool too_large = false;
  bool scheme_is_http = false;  // "http" or "https"

  void clear() {
    stream = 0;
    for (std::string* text : {&method, &path, &authority, &host, &cookie, &fields}) recycle(*text);
    bytes = 0;
    too_large = scheme_is_http = false;
  }

  // RFC 9113 section 8.3.1: two hosts in one request would be read differently by two servers.
  bool names_two_hosts() const {
    return !authority.empty() && !host.empty() && !http1::equals_ignoring_case(authority, host);
  }

  // What the HTTP/1.1 form would say otherwise than this: nghttp2 looks at the path for http and https only,
  // and an absolute form as :path would go before :authority.
  bool changes_in_http1() const {
    if (method == "CONNECT") return false;  // of another form, and refused as such
    return !scheme_is_http || !(path.starts_with('/') || path == "*");
  }

  void append_http1(std::string& text) const {
    text.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: ");
    text.append(authority.empty() ? host : authority).append("\r\n").append(fields);
    if (!cookie.empty()) text.append("cookie: ").append(cookie).append("\r\n");  // RFC 9113 section 8.2.3
    text.append("\r\n");
  }
};

struct StreamState {
  bool handed_out = false;
  bool reset_by_us = false;
};

// Invariants: streams_ holds the streams that nghttp2 has open and whose request has begun. head_ is the one
// request whose fields are arriving: no other frame may come between them (RFC 9113 section 4.3). credit_*
// never grow beyond what the work done has earned plus the limit.
class NghttpServerSession final : public ServerSession {
 public:
  NghttpServerSession(SessionEvents& events, const SessionLimits& limits)
      : events_(events),
        limits_(limits),
        resets_left_(limits.resets_ahead),
        control_left_(limits.control_frames_ahead) {
    nghttp2_session_callbacks* callbacks = nullptr;
    LF_INVARIANT(nghttp2_session_callbacks_new(&callbacks) == 0);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_sent);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, on_invalid_frame);
    nghttp2_option* option = nullptr;
    LF_INVARIANT(nghttp2_option_new(&option) == 0);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_option_set_no_closed_streams(option, 1);
    nghttp2_option_set_max_send_header_block_length(option, 64 * 1024);
    nghttp2_session* session = nullptr;
    LF_INVARIANT(nghttp2_session_server_new2(&session, callbacks, this, option) == 0);
    session_.reset(session);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    const std::array settings = {
        nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.concurrent_streams},
        nghttp2_settings_entry{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.stream_window_bytes},
        nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE,
                               static_cast<uint32_t>(limits.head_bytes)},
    };
    LF_INVARIANT(nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size()) == 0);
    nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0,
                                          static_cast<int32_t>(limits.connection_window_bytes));
  }

  bool receive(std::string_view bytes) override {
    const ssize_t used = nghttp2_session_mem_recv(
        session_.get(), reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    return used == static_cast<ssize_t>(bytes.size()) && !hostile_;
  }

  std::string_view send() override {
    if (go_away_ == GoAway::due) name_last_stream();
    const uint8_t* data = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_.get(), &data);
    return size > 0 ? std::string_view(reinterpret_cast<const char*>(data), static_cast<size_t>(size))
                    : std::string_view();
  }

  bool finished() const override {
    return nghttp2_session_want_read(session_.get()) == 0 && nghttp2_session_want_write(session_.get()) == 0;
  }

  void respond(int32_t stream, int status, std::span<const FieldView> fields, Body body) override {
    char digits[3];
    to_nv(status, fields, digits);
    nghttp2_data_provider provider{.source = {.ptr = nullptr}, .read_callback = read_body};
    nghttp2_submit_response(session_.get(), stream, nv_.data(), nv_.size(),
                            body == Body::follows ? &provider : nullptr);
    resets_left_ = std::min(resets_left_ + 1, limits_.resets_ahead);
  }

  void respond_interim(int32_t stream, int status, std::span<const FieldView> fields) override {
    char digits[3];
    to_nv(status, fields, digits);
    nghttp2_submit_headers(session_.get(), NGHTTP2_FLAG_NONE, stream, nullptr, nv_.data(), nv_.size(),
                           nullptr);
  }

  void resume(int32_t stream) override { nghttp2_session_resume_data(session_.get(), stream); }

  size_t send_window(int32_t stream) const override {
    const int32_t window = std::min(nghttp2_session_get_stream_remote_window_size(session_.get(), stream),
                                    nghttp2_session_get_remote_window_size(session_.get()));
    return window > 0 ? static_cast<size_t>(window) : 0;
  }

  void consume(int32_t stream, size_t bytes) override {
    if (bytes > 0) nghttp2_session_consume(session_.get(), stream, bytes);
  }

  void reset(int32_t stream, ErrorCode code) override {
    if (StreamState* known = streams_.find(stream)) known->reset_by_us = true;
    nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, static_cast<uint32_t>(code));
  }

  void go_away() override {
    if (go_away_ != GoAway::no) return;
    go_away_ = GoAway::announced;
    nghttp2_submit_shutdown_notice(session_.get());
  }

  void go_away_now() override {
    if (go_away_ != GoAway::said) go_away_ = GoAway::due;
  }

  bool go_away_pending() const override { return go_away_ == GoAway::announced; }

  size_t open_streams() const override { return streams_.size(); }

 private:
  static NghttpServerSession& self(void* user) { return *static_cast<NghttpServerSession*>(user); }

  void to_nv(int status, std::span<const FieldView> fields, char (&digits)[3]) {
    digits[0] = static_cast<char>('0' + status / 100 % 10);
    digits[1] = static_cast<char>('0' + status / 10 % 10);
    digits[2] = static_cast<char>('0' + status % 10);
    nv_.clear();
    const auto add = [this](std::string_view name, std::string_view value) {
      nv_.push_back({.name = reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
                     .value = reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())),
                     .namelen = name.size(),
                     .valuelen = value.size(),
                     .flags = NGHTTP2_NV_FLAG_NONE});
    };
    add(":status", {digits, 3});
    for (const auto& [name, value] : fields) add(name, value);
  }

  static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
      self(user).streams_.add(frame->hd.stream_id, {});
      self(user).head_.clear();
      self(user).head_.stream = frame->hd.stream_id;
    }
    return 0;
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
                       const uint8_t* value, size_t value_size, uint8_t, void* user) {
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
      return 0;  // trailers: dropped
    NghttpServerSession& session = self(user);
    if (session.head_.stream != frame->hd.stream_id) return 0;
    session.take_field(session.head_, {reinterpret_cast<const char*>(name), name_size},
                       {reinterpret_cast<const char*>(value), value_size});
    return 0;
  }

  void take_field(Head& head, std::string_view name, std::string_view value) {
    head.bytes += name.size() + value.size() + 32;  // as RFC 9113 section 6.5.2 counts
    if (head.bytes > limits_.head_bytes) {
      head.too_large = true;
      // Far beyond, the client ignores what we advertise: no reason to go on decoding.
      if (head.bytes > 4 * limits_.head_bytes) be_calm();
      return;
    }
    if (name == ":method")
      head.method = value;
    else if (name == ":path")
      head.path = value;
    else if (name == ":authority")
      head.authority = value;
    else if (name == ":scheme")
      head.scheme_is_http =
          http1::equals_ignoring_case(value, "http") || http1::equals_ignoring_case(value, "https");
    else if (name == "host")
      head.host = value;
    else if (name == "cookie")
      head.cookie.append(head.cookie.empty() ? "" : "; ").append(value);
    else if (!name.starts_with(':'))
      head.fields.append(name).append(": ").append(value).append("\r\n");
  }

  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    NghttpServerSession& session = self(user);
    const bool end = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    switch (frame->hd.type) {
      case NGHTTP2_HEADERS:
        if (frame->headers.cat == NGHTTP2_HCAT_REQUEST)
          session.hand_out(frame->hd.stream_id, end);
        else if (end)
          session.events_.on_end(frame->hd.stream_id);
        session.earn_control();
        break;
      case NGHTTP2_DATA:
        if (end)
          session.events_.on_end(frame->hd.stream_id);
        else if (frame->hd.length == 0)
          session.spend_control();
        break;
      case NGHTTP2_RST_STREAM:
        session.reset_by_peer_ = frame->hd.stream_id;
        session.spend_reset();
        break;
      case NGHTTP2_PING:
        session.take_ping(frame->ping);
        session.spend_control();
        break;
      case NGHTTP2_WINDOW_UPDATE:
      case NGHTTP2_SETTINGS:
        session.events_.on_window();
        session.spend_control();
        break;
      default:
        session.spend_control();
    }
    return 0;
  }

  void take_ping(const nghttp2_ping& ping) {
    if ((ping.hd.flags & NGHTTP2_FLAG_ACK) != 0 && go_away_pending() &&
        std::ranges::equal(ping.opaque_data, kGoAwayPing))
      go_away_now();
  }

  // When it is sent, not before: streams are taken until then, and it must name the last that was.
  void name_last_stream() {
    go_away_ = GoAway::said;
    nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE,
                          nghttp2_session_get_last_proc_stream_id(session_.get()), NGHTTP2_NO_ERROR, nullptr,
                          0);
  }

  // Only now: nghttp2 puts PINGs before other frames that wait, and this one must come after the GOAWAY.
  static int on_frame_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    NghttpServerSession& session = self(user);
    if (frame->hd.type == NGHTTP2_GOAWAY && session.go_away_pending())
      nghttp2_submit_ping(session.session_.get(), NGHTTP2_FLAG_NONE, kGoAwayPing.data());
    return 0;
  }

  void hand_out(int32_t stream, bool end) {
    StreamState* const state = streams_.find(stream);
    if (state == nullptr || state->handed_out || head_.stream != stream) return;
    if (!head_.too_large && (head_.names_two_hosts() || head_.changes_in_http1())) {
      nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_PROTOCOL_ERROR);
      return head_.clear();
    }
    state->handed_out = true;
    const HeadVerdict verdict = head_.too_large ? HeadVerdict::too_large : HeadVerdict::complete;
    head_.append_http1(text_);
    head_.clear();
    events_.on_request(stream, text_, verdict, end);
    recycle(text_);
  }

  static int on_data(nghttp2_session*, uint8_t, int32_t stream, const uint8_t* data, size_t size,
                     void* user) {
    self(user).earn_control();
    self(user).events_.on_data(stream, {reinterpret_cast<const char*>(data), size});
    return 0;
  }

  static int on_close(nghttp2_session*, int32_t stream, uint32_t code, void* user) {
    NghttpServerSession& session = self(user);
    const StreamState* const found = session.streams_.find(stream);
    if (found == nullptr) return 0;
    const StreamState state = *found;
    // A client can also make us reset its streams, by breaking the protocol within them (CVE-2025-8671).
    if (code != NGHTTP2_NO_ERROR && !state.reset_by_us && stream != session.reset_by_peer_)
      session.spend_reset();
    session.streams_.erase(stream);
    if (state.handed_out) session.events_.on_stream_closed(stream, code);
    return 0;
  }

  static ssize_t read_body(nghttp2_session*, int32_t stream, uint8_t* buffer, size_t size, uint32_t* flags,
                           nghttp2_data_source*, void* user) {
    NghttpServerSession& session = self(user);
    const BodyRead read = session.events_.read_body(stream, reinterpret_cast<char*>(buffer), size);
    if (read.end)
      *flags |= NGHTTP2_DATA_FLAG_EOF;
    else if (read.bytes == 0)
      return NGHTTP2_ERR_DEFERRED;
    session.earn_control();  // a client that takes data sends WINDOW_UPDATE for it
    return static_cast<ssize_t>(read.bytes);
  }

  // Frames that nghttp2 refuses without closing the connection: what they make us send costs too.
  static int on_invalid_frame(nghttp2_session*, const nghttp2_frame*, int, void* user) {
    self(user).spend_control();
    return 0;
  }

  void spend_reset() {
    if (resets_left_ == 0)
      be_calm();
    else
      --resets_left_;
  }
  void earn_control() { control_left_ = std::min(control_left_ + 4, limits_.control_frames_ahead); }
  void spend_control() {
    if (control_left_ == 0)
      be_calm();
    else
      --control_left_;
  }

  void be_calm() {
    if (hostile_) return;
    hostile_ = true;
    nghttp2_session_terminate_session(session_.get(), NGHTTP2_ENHANCE_YOUR_CALM);
  }

  SessionEvents& events_;
  const SessionLimits limits_;
  std::unique_ptr<nghttp2_session, SessionDeleter> session_;
  StreamTable<StreamState> streams_;
  Head head_;
  std::string text_;  // of the head that is handed out
  std::vector<nghttp2_nv> nv_;
  uint32_t resets_left_, control_left_;
  int32_t reset_by_peer_ = 0;
  bool hostile_ = false;
  enum class GoAway : uint8_t { no, announced, due, said } go_away_ = GoAway::no;
};

}  // namespace

std::unique_ptr<ServerSession> ServerSession::create(SessionEvents& events, const SessionLimits& limits) {
  return std::make_unique<NghttpServerSession>(events, limits);
}

}  // namespace landfall::http2
