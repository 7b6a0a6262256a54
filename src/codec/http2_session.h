// The server's side of an HTTP/2 connection (RFC 9113) without I/O: bytes in, bytes out, events. Frames,
// HPACK and flow control are nghttp2's work.
//
// A request's head comes out written as an HTTP/1.1 head (cookie crumbs joined, pseudo-header fields in the
// request line), so that everything behind reads one kind of head with one strict parser.
//
// Threads: one. Reentrancy: events may call any method but receive(), send() and the destructor.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace landfall::http2 {

// What a client may cost us; each names the attack it bounds.
struct SessionLimits {
  uint32_t concurrent_streams = 128;          // advertised
  uint32_t stream_window_bytes = 256 * 1024;  // a body nobody reads: this much is buffered, no more
  uint32_t connection_window_bytes = 1024 * 1024;
  size_t head_bytes = 32 * 1024;  // decoded: HPACK bombs, CONTINUATION floods
  uint32_t resets_ahead =
      100;  // rapid reset (CVE-2023-44487): streams the client may cancel, or break, beyond those answered
  uint32_t control_frames_ahead =
      2'000;  // PING, SETTINGS, PRIORITY, empty DATA floods: beyond those that come with work
};

enum class ErrorCode : uint32_t {  // RFC 9113 section 7
  no_error = 0x0,
  protocol_error = 0x1,
  internal_error = 0x2,
  refused_stream = 0x7,
  cancel = 0x8,
  enhance_your_calm = 0xb,
  http_1_1_required = 0xd,
};

enum class HeadVerdict { complete, too_large };

struct BodyRead {
  size_t bytes = 0;
  bool end = false;  // nothing follows; bytes == 0 and not end: wait for resume()
};

class SessionEvents {
 public:
  // `head` is an HTTP/1.1 head with "Host", ending in an empty line, and good for the call; with too_large it
  // is cut short. end_stream: no body follows.
  virtual void on_request(int32_t stream, std::string_view head, HeadVerdict verdict, bool end_stream) = 0;
  virtual void on_data(int32_t stream, std::string_view data) = 0;  // give back by consume()
  virtual void on_end(int32_t stream) = 0;
  virtual void on_stream_closed(int32_t stream, uint32_t error_code) = 0;
  // Next bytes of the answer's body.
  virtual BodyRead read_body(int32_t stream, char* buffer, size_t size) = 0;
  virtual void on_window() {}  // send_window() of some streams may have grown

 protected:
  ~SessionEvents() = default;
};

using FieldView = std::pair<std::string_view, std::string_view>;

class ServerSession {
 public:
  static std::unique_ptr<ServerSession> create(SessionEvents& events, const SessionLimits& limits = {});
  virtual ~ServerSession() = default;

  // False: the connection is broken or hostile; send what send() still gives (a GOAWAY), then close.
  virtual bool receive(std::string_view bytes) = 0;
  // The next bytes for the peer, valid until the next call; empty when there is none now.
  virtual std::string_view send() = 0;
  virtual bool finished() const = 0;  // neither reads nor writes are wanted any more

  // Interim (1xx) when `final` is no. Names in lower case, no connection fields.
  enum class Body { none, follows };
  virtual void respond(int32_t stream, int status, std::span<const FieldView> fields, Body body) = 0;
  virtual void respond_interim(int32_t stream, int status, std::span<const FieldView> fields = {}) = 0;
  virtual void resume(int32_t stream) = 0;  // read_body() has something again
  // How many bytes of its answer's body the client lets come now, by the stream's window and the
  // connection's.
  virtual size_t send_window(int32_t stream) const = 0;
  virtual void consume(int32_t stream, size_t bytes) = 0;  // opens the windows again; a dead stream's too
  virtual void reset(int32_t stream, ErrorCode code) = 0;
  // RFC 9113 section 6.8, in two steps: the client is asked to begin no more streams; those that it sent
  // before it heard of that are still taken, until it has answered a PING that follows. Then the last one is
  // named, and the connection is finished() with the streams that are open. Whoever waits bounds it:
  // go_away_now() is the second step without the answer.
  virtual void go_away() = 0;
  virtual void go_away_now() = 0;
  virtual bool go_away_pending() const = 0;  // between the steps
  virtual size_t open_streams() const = 0;
};

}  // namespace landfall::http2
