// The server's side of HTTP/2 against raw frames, as RFC 9113 numbers its sections; and against what has
// brought other servers down.
#include "codec/http2_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "codec/http1_head.h"

namespace landfall::http2 {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

enum FrameType : uint8_t {
  kData,
  kHeaders,
  kPriority,
  kReset,
  kSettings,
  kPush,
  kPing,
  kGoAway,
  kWindow,
  kContinuation
};
constexpr uint8_t kEndStream = 1, kAck = 1, kEndHeaders = 4;
constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

std::string u32(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string frame(FrameType type, uint8_t flags, int32_t stream, std::string_view payload = {}) {
  std::string out = u32(static_cast<uint32_t>(payload.size())).substr(1);
  out += static_cast<char>(type);
  out += static_cast<char>(flags);
  return out.append(u32(static_cast<uint32_t>(stream))).append(payload);
}

// RFC 7541 section 6.2.2: literal, not indexed, not Huffman coded.
std::string field(std::string_view name, std::string_view value) {
  const auto text = [](std::string_view s) {
    std::string out;
    if (s.size() < 127) {
      out += static_cast<char>(s.size());
    } else {
      out += '\x7f';
      size_t rest = s.size() - 127;
      for (; rest >= 128; rest /= 128) out += static_cast<char>(rest % 128 | 128);
      out += static_cast<char>(rest);
    }
    return out.append(s);
  };
  return std::string(1, '\0') + text(name) + text(value);
}

std::string head_of(std::string_view method, std::string_view path, std::string_view more = {}) {
  return field(":method", method) + field(":scheme", "https") + field(":authority", "a") +
         field(":path", path) + std::string(more);
}
std::string request(int32_t stream, std::string_view more = {}, uint8_t flags = kEndStream) {
  return frame(kHeaders, flags | kEndHeaders, stream, head_of("GET", "/", more));
}

struct Frame {
  uint8_t type, flags;
  int32_t stream;
  std::string payload;
  uint32_t number(size_t at) const {
    uint32_t value = 0;
    for (size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<uint8_t>(payload[i]);
    return value;
  }
};

std::vector<Frame> frames_of(std::string_view bytes) {
  std::vector<Frame> frames;
  while (bytes.size() >= 9) {
    const auto at = [&bytes](size_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(bytes[i])); };
    const size_t size = at(0) << 16 | at(1) << 8 | at(2);
    frames.push_back({static_cast<uint8_t>(at(3)), static_cast<uint8_t>(at(4)),
                      static_cast<int32_t>(at(5) << 24 | at(6) << 16 | at(7) << 8 | at(8)),
                      std::string(bytes.substr(9, size))});
    bytes.remove_prefix(9 + size);
  }
  return frames;
}

class Http2SessionTest : public ::testing::Test, public SessionEvents {
 protected:
  Http2SessionTest() { connect(); }

  // Both sides' SETTINGS acknowledged: ours are in force from then on.
  void connect() {
    session_ = ServerSession::create(*this);
    EXPECT_TRUE(receive(std::string(kPreface) + frame(kSettings, 0, 0)));
    announced_ = sent();
    EXPECT_TRUE(receive(frame(kSettings, kAck, 0)));
    windows_ = 0;
  }

  bool receive(std::string_view bytes) { return session_->receive(bytes); }

  // All that the session wants to say.
  std::vector<Frame> sent() {
    std::string all;
    for (std::string_view piece = session_->send(); !piece.empty(); piece = session_->send()) all += piece;
    return frames_of(all);
  }
  // The error code with which the stream was reset; -1 if it was not.
  int64_t reset_code(int32_t stream) {
    for (const Frame& each : sent())
      if (each.type == kReset && each.stream == stream) return each.number(0);
    return -1;
  }
  int64_t go_away_code() {
    for (const Frame& each : sent())
      if (each.type == kGoAway) return each.number(4);
    return -1;
  }

  // How many times `bytes` can be sent until the session has had enough; at most `limit`.
  size_t sent_until_refused(std::string_view bytes, size_t limit) {
    for (size_t i = 0; i < limit; ++i) {
      if (!receive(bytes)) return i;
      sent();
    }
    return limit;
  }

  void on_request(int32_t stream, std::string_view head, HeadVerdict verdict, bool end) override {
    heads_[stream] = head;
    verdicts_[stream] = verdict;
    if (end) ended_.push_back(stream);
    if (answers_at_once_) session_->respond(stream, 204, {}, ServerSession::Body::none);
  }
  void on_data(int32_t stream, std::string_view data) override { bodies_[stream] += data; }
  void on_end(int32_t stream) override { ended_.push_back(stream); }
  void on_stream_closed(int32_t stream, uint32_t) override { closed_.push_back(stream); }
  void on_window() override { ++windows_; }
  BodyRead read_body(int32_t, char* buffer, size_t size) override {
    std::fill_n(buffer, size, 'b');
    asked_for_ += size;
    return {size, false};
  }

  bool answers_at_once_ = false;
  size_t asked_for_ = 0;
  int windows_ = 0;  // since the connection stands
  std::map<int32_t, std::string> heads_, bodies_;
  std::map<int32_t, HeadVerdict> verdicts_;
  std::vector<int32_t> ended_, closed_;
  std::unique_ptr<ServerSession> session_;
  std::vector<Frame> announced_;
};

TEST_F(Http2SessionTest, S3_4_AnnouncesItsLimitsFirst) {
  const Frame& first = announced_.at(0);
  EXPECT_EQ(first.type, kSettings);
  std::map<int, uint32_t> settings;
  for (size_t at = 0; at + 6 <= first.payload.size(); at += 6)
    settings[static_cast<uint8_t>(first.payload[at + 1])] = first.number(at + 2);
  EXPECT_EQ(settings[3], 128u);         // MAX_CONCURRENT_STREAMS
  EXPECT_EQ(settings[4], 256u * 1024);  // INITIAL_WINDOW_SIZE
  EXPECT_EQ(settings[6], 32u * 1024);   // MAX_HEADER_LIST_SIZE
}

TEST_F(Http2SessionTest, S8_3_WritesARequestAsAnHttp1Head) {
  ASSERT_TRUE(receive(request(
      1, field("cookie", "a=1") + field("x-y", "z") + field("te", "trailers") + field("cookie", "b=2"))));
  EXPECT_EQ(heads_[1], "GET / HTTP/1.1\r\nHost: a\r\nx-y: z\r\nte: trailers\r\ncookie: a=1; b=2\r\n\r\n");
}

// RFC 9113 section 8.1.1: malformed requests are stream errors; none may get as far as an HTTP/1.1 upstream.
TEST_F(Http2SessionTest, S8_1_1_MalformedRequestsAreResetAndNeverSeen) {
  const std::string method = field(":method", "GET"), scheme = field(":scheme", "https"),
                    authority = field(":authority", "a"), path = field(":path", "/");
  const std::string whole = method + scheme + authority + path;
  const std::vector<std::pair<const char*, std::string>> malformed = {
      {"8.3.1 no method", scheme + authority + path},
      {"8.3.1 no scheme", method + authority + path},
      {"8.3.1 no path", method + scheme + authority},
      {"8.3.1 empty path", method + scheme + authority + field(":path", "")},
      {"8.3.1 path without slash", method + scheme + authority + field(":path", "a")},
      {"8.3.1 space in path", method + scheme + authority + field(":path", "/ HTTP/1.1")},
      {"8.3.1 line ends in path", method + scheme + authority + field(":path", "/ HTTP/1.1\r\nX: y")},
      {"8.3.1 line ends in method",
       field(":method", "GET / HTTP/1.1\r\nX: y\r\n") + scheme + authority + path},
      {"8.3.1 line ends in authority", method + scheme + field(":authority", "a\r\nX: y") + path},
      {"8.3.1 another host", whole + field("host", "b")},
      {"8.3.1 two hosts and no authority", method + scheme + path + field("host", "a") + field("host", "b")},
      {"8.3.1 another scheme", method + field(":scheme", "ftp") + authority + path},
      {"8.3.1 another scheme and absolute form",
       method + field(":scheme", "x") + authority + field(":path", "http://b/")},
      {"8.3.1 absolute form in path", method + scheme + authority + field(":path", "http://b/")},
      {"8.3.1 asterisk for GET", method + scheme + authority + field(":path", "*")},
      {"8.3.1 empty method", field(":method", "") + scheme + authority + path},
      {"8.3.1 method of spaces", field(":method", "G T") + scheme + authority + path},
      {"8.3.1 NUL in path", method + scheme + authority + field(":path", std::string_view("/\0", 2))},
      {"8.3 method twice", whole + method},
      {"8.3 path twice", method + scheme + authority + path + path},
      {"8.3 authority twice", method + scheme + authority + authority + path},
      {"8.3 unknown pseudo-header", whole + field(":x", "y")},
      {"8.3 a response's pseudo-header", whole + field(":status", "200")},
      {"8.3 pseudo-header behind a field", method + scheme + authority + field("x", "y") + path},
      {"8.2.2 connection", whole + field("connection", "close")},
      {"8.2.2 keep-alive", whole + field("keep-alive", "5")},
      {"8.2.2 proxy-connection", whole + field("proxy-connection", "close")},
      {"8.2.2 transfer-encoding", whole + field("transfer-encoding", "chunked")},
      {"8.2.2 upgrade", whole + field("upgrade", "h2c")},
      {"8.2.2 te", whole + field("te", "gzip")},
      {"8.2.1 capitals", whole + field("X", "y")},
      {"8.2.1 line end in a value", whole + field("x", "y\r\nz: a")},
      {"8.2.1 NUL in a value", whole + field("x", std::string_view("y\0", 2))},
      {"8.2.1 line end in a name", whole + field("x\r\ny", "z")},
      {"8.2.1 colon in a name", whole + field("x:", "z")},
      {"8.2.1 empty name", whole + field("", "z")},
      {"8.2.1 NUL in a name", whole + field(std::string_view("x\0", 2), "z")},
      {"8.2.1 space in a name", whole + field("x y", "z")},
      {"8.2.1 CR in a value", whole + field("x", "y\rz")},
      {"8.2.1 LF in a value", whole + field("x", "y\nz")},
      {"8.2.2 transfer-encoding identity", whole + field("transfer-encoding", "identity")},
      {"8.1.1 two lengths", whole + field("content-length", "1") + field("content-length", "2")},
      {"8.1.1 a length that is none", whole + field("content-length", "+1")},
      {"8.1.1 a length and no body", whole + field("content-length", "1")},
  };
  for (const auto& [name, block] : malformed) {
    SCOPED_TRACE(name);
    connect();
    heads_.clear();
    ASSERT_TRUE(receive(frame(kHeaders, kEndHeaders | kEndStream, 1, block)));
    EXPECT_EQ(reset_code(1), 1);  // PROTOCOL_ERROR
    EXPECT_THAT(heads_, IsEmpty());
    // The connection goes on (section 5.4.2).
    EXPECT_TRUE(receive(request(3)));
    EXPECT_EQ(heads_.size(), 1u);
  }
}

// RFC 9113 section 8.5: of another form, which the one parser behind refuses; the extended one (RFC 8441) is
// not announced.
TEST_F(Http2SessionTest, S8_5_ConnectIsNoHttp1Request) {
  ASSERT_TRUE(
      receive(frame(kHeaders, kEndHeaders, 1, field(":method", "CONNECT") + field(":authority", "a:443"))));
  http1::RequestParser parser;
  EXPECT_EQ(parser.parse(heads_[1]), http1::ParseStatus::error);
  ASSERT_TRUE(
      receive(frame(kHeaders, kEndHeaders, 3, head_of("CONNECT", "/", field(":protocol", "websocket")))));
  EXPECT_EQ(reset_code(3), 1);
}

TEST_F(Http2SessionTest, S6_9_TheSendWindowIsTheStreamsAndTheConnections) {
  ASSERT_TRUE(receive(frame(kSettings, 0, 0, std::string("\0\4", 2) + u32(100)) + request(1) + request(3)));
  EXPECT_EQ(session_->send_window(1), 100u);
  EXPECT_EQ(session_->send_window(5), 0u);  // there is no such stream
  ASSERT_TRUE(receive(frame(kWindow, 0, 1, u32(200'000))));
  EXPECT_EQ(session_->send_window(1), 65'535u);  // the connection's
  EXPECT_EQ(session_->send_window(3), 100u);
  EXPECT_EQ(windows_, 2);
}

TEST_F(Http2SessionTest, S8_1_1_ABodyThatIsNotAsLongAsAnnouncedIsReset) {
  ASSERT_TRUE(receive(request(1, field("content-length", "3"), 0)));
  ASSERT_TRUE(receive(frame(kData, kEndStream, 1, "hello")));
  EXPECT_EQ(reset_code(1), 1);
  ASSERT_TRUE(receive(request(3, field("content-length", "9"), 0)));
  ASSERT_TRUE(receive(frame(kData, kEndStream, 3, "hello")));
  EXPECT_EQ(reset_code(3), 1);
  EXPECT_THAT(ended_, IsEmpty());
}

TEST_F(Http2SessionTest, S8_1_TrailersEndTheBodyAndAreNoFieldsOfTheHead) {
  ASSERT_TRUE(receive(request(1, {}, 0)));
  ASSERT_TRUE(receive(frame(kData, 0, 1, "hello")));
  ASSERT_TRUE(receive(frame(kHeaders, kEndHeaders | kEndStream, 1, field("x-sum", "1"))));
  EXPECT_EQ(bodies_[1], "hello");
  EXPECT_EQ(ended_, (std::vector<int32_t>{1}));
  EXPECT_THAT(heads_[1], ::testing::Not(HasSubstr("x-sum")));
}

TEST_F(Http2SessionTest, S5_1_2_StreamsBeyondTheLimitAreRefusedWhileItMayBeUnknown) {
  session_ = ServerSession::create(*this);
  ASSERT_TRUE(receive(std::string(kPreface) + frame(kSettings, 0, 0)));
  for (int32_t stream = 1; stream < 2 * 128; stream += 2) ASSERT_TRUE(receive(request(stream, {}, 0)));
  sent();
  ASSERT_TRUE(receive(request(2 * 128 + 1)));
  EXPECT_EQ(reset_code(2 * 128 + 1), 7);  // REFUSED_STREAM
  EXPECT_EQ(heads_.size(), 128u);
  session_->respond(1, 204, {}, ServerSession::Body::none);
  sent();
  ASSERT_TRUE(receive(frame(kData, kEndStream, 1)));
  ASSERT_TRUE(receive(request(2 * 128 + 3)));
  EXPECT_EQ(heads_.size(), 129u);
}

TEST_F(Http2SessionTest, S5_1_2_OneStreamTooManyOfAClientThatKnowsTheLimitEndsTheConnection) {
  for (int32_t stream = 1; stream < 2 * 128; stream += 2) ASSERT_TRUE(receive(request(stream, {}, 0)));
  receive(request(2 * 128 + 1));
  EXPECT_EQ(go_away_code(), 1);  // PROTOCOL_ERROR
  EXPECT_EQ(heads_.size(), 128u);
}

TEST_F(Http2SessionTest, S5_2_ABodyThatNobodyTakesIsBoundedByTheWindow) {
  ASSERT_TRUE(receive(request(1, {}, 0)));
  sent();
  const std::string piece = frame(kData, 0, 1, std::string(16'384, 'x'));
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(receive(piece));
  for (const Frame& each : sent()) EXPECT_NE(each.type, kWindow);
  EXPECT_EQ(bodies_[1].size(), 256u * 1024);
  receive(frame(kData, 0, 1, "x"));
  EXPECT_EQ(reset_code(1), 3);  // FLOW_CONTROL_ERROR
  for (int i = 0; i < 100; ++i) receive(piece);
  EXPECT_LE(bodies_[1].size(), 256u * 1024 + 1);
}

TEST_F(Http2SessionTest, S5_2_TheConnectionsWindowBoundsAllBodiesTogether) {
  for (int32_t stream = 1; stream < 32; stream += 2) ASSERT_TRUE(receive(request(stream, {}, 0)));
  sent();
  for (int i = 0; i < 200; ++i) receive(frame(kData, 0, 1 + i % 16 * 2, std::string(16'384, 'x')));
  size_t taken = 0;
  for (const auto& [stream, body] : bodies_) taken += body.size();
  EXPECT_LE(taken, 1024u * 1024 + 16'384);
  EXPECT_EQ(go_away_code(), 3);
}

TEST_F(Http2SessionTest, S5_2_WhatIsTakenOpensTheWindowsAgain) {
  ASSERT_TRUE(receive(request(1, {}, 0)));
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(receive(frame(kData, 0, 1, std::string(16'384, 'x'))));
  sent();
  session_->consume(1, 256 * 1024);
  std::map<int32_t, uint32_t> opened;
  for (const Frame& each : sent())
    if (each.type == kWindow) opened[each.stream] += each.number(0);
  EXPECT_EQ(opened[1], 256u * 1024);
}

TEST_F(Http2SessionTest, S6_9_AnAnswerIsReadOnlyAsFarAsTheClientsWindowGoes) {
  // SETTINGS_INITIAL_WINDOW_SIZE 1,000
  ASSERT_TRUE(receive(frame(kSettings, 0, 0, std::string("\0\4", 2) + u32(1'000))));
  ASSERT_TRUE(receive(request(1)));
  session_->respond(1, 200, {}, ServerSession::Body::follows);
  sent();
  EXPECT_EQ(asked_for_, 1'000u);
  ASSERT_TRUE(receive(frame(kWindow, 0, 1, u32(500))));
  sent();
  EXPECT_EQ(asked_for_, 1'500u);
}

// The GOAWAYs' last stream ids and error codes, and the PING, in the order they were sent.
std::string going_away(const std::vector<Frame>& frames) {
  std::string said;
  for (const Frame& each : frames) {
    if (each.type == kGoAway)
      said += "goaway " + std::to_string(each.number(0)) + " " + std::to_string(each.number(4)) + ";";
    if (each.type == kPing && each.flags == 0) said += "ping;";
  }
  return said;
}

TEST_F(Http2SessionTest, S6_8_GoAwayTakesWhatWasOnItsWayUntilTheClientHasHeardOfIt) {
  ASSERT_TRUE(receive(request(1)));
  session_->go_away();
  session_->go_away();  // once is enough
  const std::vector<Frame> first = sent();
  EXPECT_EQ(going_away(first), "goaway 2147483647 0;ping;");
  EXPECT_TRUE(session_->go_away_pending());
  ASSERT_TRUE(receive(request(3)));  // the client sent it before it read the GOAWAY
  EXPECT_EQ(heads_.size(), 2u);
  ASSERT_TRUE(receive(frame(kPing, kAck, 0, "not this")));
  EXPECT_TRUE(session_->go_away_pending());
  ASSERT_TRUE(receive(frame(kPing, kAck, 0, first.back().payload)));
  EXPECT_EQ(going_away(sent()), "goaway 3 0;");
  receive(request(5));
  EXPECT_EQ(heads_.size(), 2u);
  session_->respond(1, 204, {}, ServerSession::Body::none);
  sent();
  EXPECT_FALSE(session_->finished());
  session_->respond(3, 204, {}, ServerSession::Body::none);
  sent();
  EXPECT_TRUE(session_->finished());
}

TEST_F(Http2SessionTest, S6_8_AConnectionWithoutStreamsIsNotFinishedBeforeTheClientHasHeardOfIt) {
  session_->go_away();
  const std::vector<Frame> first = sent();
  EXPECT_FALSE(session_->finished());
  ASSERT_TRUE(receive(frame(kPing, kAck, 0, first.back().payload)));
  EXPECT_EQ(going_away(sent()), "goaway 0 0;");
  EXPECT_TRUE(session_->finished());
}

TEST_F(Http2SessionTest, S6_8_AClientThatNeverAnswersIsNotWaitedForForEver) {
  ASSERT_TRUE(receive(request(1)));
  session_->go_away();
  sent();
  session_->go_away_now();
  EXPECT_FALSE(session_->go_away_pending());
  ASSERT_TRUE(receive(request(3)));  // taken, since the end has not been said
  EXPECT_EQ(going_away(sent()), "goaway 3 0;");
  receive(request(5));
  EXPECT_EQ(heads_.size(), 2u);
  session_->respond(1, 204, {}, ServerSession::Body::none);
  session_->respond(3, 204, {}, ServerSession::Body::none);
  sent();
  EXPECT_TRUE(session_->finished());
}

// ---- floods ----

TEST_F(Http2SessionTest, RapidResetEndsTheConnection) {  // CVE-2023-44487
  size_t requests = 0;
  for (int32_t stream = 1; stream < 2'000; stream += 2, ++requests)
    if (!receive(request(stream) + frame(kReset, 0, stream, u32(8)))) break;
  EXPECT_EQ(requests, 100u);
  EXPECT_EQ(go_away_code(), 11);  // ENHANCE_YOUR_CALM
}

TEST_F(Http2SessionTest, RapidResetByBrokenStreamsEndsTheConnection) {  // CVE-2025-8671
  size_t requests = 0;
  for (int32_t stream = 1; stream < 2'000; stream += 2, ++requests) {
    // A window that grows beyond 2^31 - 1: the server resets the stream.
    if (!receive(request(stream) + frame(kWindow, 0, stream, u32(0x7fffffff)))) break;
    sent();
  }
  EXPECT_LE(requests, 101u);
}

TEST_F(Http2SessionTest, AClientThatCancelsNowAndThenIsServedForEver) {
  answers_at_once_ = true;
  int32_t stream = 1;
  for (int i = 0; i < 3'000; ++i, stream += 4) {
    ASSERT_TRUE(receive(request(stream) + request(stream + 2, {}, 0) + frame(kReset, 0, stream + 2, u32(8))))
        << i;
    sent();
  }
}

TEST_F(Http2SessionTest, ContinuationFloodEndsTheConnection) {  // CVE-2024-27316 and its kin
  ASSERT_TRUE(receive(frame(kHeaders, kEndStream, 1, head_of("GET", "/"))));
  const std::string more = frame(kContinuation, 0, 1, field("x", std::string(1'000, 'y')));
  EXPECT_LT(sent_until_refused(more, 10'000) * more.size(), 200'000u);
  EXPECT_THAT(heads_, IsEmpty());
}

TEST_F(Http2SessionTest, FloodOfEmptyContinuationsEndsTheConnection) {
  ASSERT_TRUE(receive(frame(kHeaders, kEndStream, 1, head_of("GET", "/"))));
  EXPECT_LT(sent_until_refused(frame(kContinuation, 0, 1), 100'000), 100'000u);
}

TEST_F(Http2SessionTest, HpackBombIsNotUnpacked) {
  // One long field into the dynamic table, then a byte for each repetition of it.
  std::string block = head_of("GET", "/") + std::string("\x40\x01x\x7f\xa1\x1e", 6) + std::string(4'000, 'y');
  block.append(10'000, '\xbe');
  receive(frame(kHeaders, kEndHeaders | kEndStream, 1, block));
  EXPECT_EQ(go_away_code(), 11);
  EXPECT_THAT(heads_, IsEmpty());
}

TEST_F(Http2SessionTest, AHeadSomewhatTooLargeIsAnsweredAndTheConnectionGoesOn) {
  std::string block = head_of("GET", "/");
  for (int i = 0; i < 3; ++i) block += field("x", std::string(13'000, 'y'));
  std::string frames = frame(kHeaders, kEndStream, 1, block.substr(0, 16'000)) +
                       frame(kContinuation, 0, 1, block.substr(16'000, 16'000)) +
                       frame(kContinuation, kEndHeaders, 1, block.substr(32'000));
  ASSERT_TRUE(receive(frames));
  EXPECT_EQ(verdicts_[1], HeadVerdict::too_large);
  EXPECT_LT(heads_[1].size(), 32u * 1024);
  EXPECT_TRUE(receive(request(3)));
  EXPECT_EQ(verdicts_[3], HeadVerdict::complete);
}

TEST_F(Http2SessionTest, FloodsOfControlFramesEndTheConnection) {
  const std::vector<std::pair<const char*, std::string>> floods = {
      {"PING", frame(kPing, 0, 0, "12345678")},
      {"SETTINGS", frame(kSettings, 0, 0, std::string("\0\4", 2) + u32(65'535))},
      {"empty SETTINGS", frame(kSettings, 0, 0)},
      {"PRIORITY", frame(kPriority, 0, 3, u32(0) + "x")},
      {"WINDOW_UPDATE", frame(kWindow, 0, 0, u32(1))},
      {"empty DATA", frame(kData, 0, 1)},
  };
  for (const auto& [name, bytes] : floods) {
    SCOPED_TRACE(name);
    connect();
    ASSERT_TRUE(receive(request(1, {}, 0)));
    EXPECT_LT(sent_until_refused(bytes, 5'000), 2'100u);
  }
}

TEST_F(Http2SessionTest, PingsOfAClientThatDoesNotReadTheAnswersPileUpOnlySoFar) {
  answers_at_once_ = true;
  size_t taken = 0;
  for (; taken < 20'000; ++taken)
    if (!receive(frame(kPing, 0, 0, "12345678"))) break;
  EXPECT_LT(taken, 2'100u);
}

TEST_F(Http2SessionTest, AClientThatPingsWithItsWorkIsServedForEver) {
  answers_at_once_ = true;
  int32_t stream = 1;
  for (int i = 0; i < 5'000; ++i, stream += 2) {
    ASSERT_TRUE(receive(request(stream) + frame(kPing, 0, 0, "12345678") + frame(kWindow, 0, 0, u32(1))))
        << i;
    sent();
  }
}

TEST_F(Http2SessionTest, FramesThatBreakTheConnectionEndIt) {
  const std::vector<std::pair<const char*, std::string>> broken = {
      {"4.2 longer than SETTINGS_MAX_FRAME_SIZE", frame(kData, 0, 1, std::string(20'000, 'x'))},
      {"5.1.1 even stream", request(2)},
      {"6.1 DATA on stream 0", frame(kData, 0, 0, "x")},
      {"6.2 HEADERS on stream 0", frame(kHeaders, kEndHeaders, 0, head_of("GET", "/"))},
      {"6.5 SETTINGS on a stream", frame(kSettings, 0, 1)},
      {"6.5 SETTINGS of 5 octets", frame(kSettings, 0, 0, "12345")},
      {"6.5.2 window beyond 2^31 - 1", frame(kSettings, 0, 0, std::string("\0\4", 2) + u32(0x80000000))},
      {"6.6 PUSH_PROMISE of a client", frame(kPush, kEndHeaders, 1, u32(2))},
      {"6.7 PING of 7 octets", frame(kPing, 0, 0, "1234567")},
      {"6.9 WINDOW_UPDATE of 0 on the connection", frame(kWindow, 0, 0, u32(0))},
      {"6.9.1 connection window beyond 2^31 - 1", frame(kWindow, 0, 0, u32(0x7fffffff))},
      {"6.10 CONTINUATION of nothing", frame(kContinuation, kEndHeaders, 1)},
      {"6.10 another frame inside a head",
       frame(kHeaders, kEndStream, 1, head_of("GET", "/")) + frame(kPing, 0, 0, "12345678")},
      {"7541 6.1 index beyond the table", frame(kHeaders, kEndHeaders | kEndStream, 1, "\xff\xff\x7f")},
  };
  for (const auto& [name, bytes] : broken) {
    SCOPED_TRACE(name);
    connect();
    receive(bytes);
    EXPECT_GT(go_away_code(), 0);
    EXPECT_TRUE(session_->finished());
  }
}

}  // namespace
}  // namespace landfall::http2
