// Frames of a client into the server's session, in the pieces that the first byte says, with an application
// behind that answers, resets and takes bodies. What it hands out must be an HTTP/1.1 head or nothing.
#include <cstdlib>
#include <cstring>

#include "codec/http1_head.h"
#include "codec/http2_session.h"

using namespace landfall;

namespace {

constexpr size_t kMostSent = 8 * 1024 * 1024;

class Application final : public http2::SessionEvents {
 public:
  explicit Application(uint8_t manner) : manner_(manner) {}
  http2::ServerSession* session = nullptr;

  void on_request(int32_t stream, std::string_view head, http2::HeadVerdict verdict, bool) override {
    if (verdict == http2::HeadVerdict::complete) {
      // The one parser behind agrees on where the head ends, or refuses it: nothing rides along.
      http1::RequestParser parser({.head_bytes = 64 * 1024});
      const auto status = parser.parse(head);
      if (status == http1::ParseStatus::incomplete) std::abort();
      if (status == http1::ParseStatus::complete && parser.head().head_bytes != head.size()) std::abort();
    }
    const http2::FieldView fields[] = {{"x", "y"}};
    if (manner_ & 1) session->respond_interim(stream, 103, fields);
    if (manner_ & 2)
      session->respond(stream, 200, fields, http2::ServerSession::Body::follows);
    else if (manner_ & 4)
      session->reset(stream, http2::ErrorCode::cancel);
    else if (manner_ & 8)
      session->respond(stream, 204, fields, http2::ServerSession::Body::none);
  }
  void on_data(int32_t stream, std::string_view data) override {
    if (manner_ & 16) session->consume(stream, data.size());
  }
  void on_end(int32_t stream) override { session->resume(stream); }
  void on_stream_closed(int32_t, uint32_t) override {}
  http2::BodyRead read_body(int32_t, char* buffer, size_t size) override {
    std::memset(buffer, 'b', size);
    return {size, (manner_ & 32) != 0};
  }

 private:
  const uint8_t manner_;
};

void drain(http2::ServerSession& session) {
  size_t total = 0;
  for (std::string_view piece = session.send(); !piece.empty() && total < kMostSent; piece = session.send())
    total += piece.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size < 2) return 0;
  Application application(bytes[0]);
  auto session = http2::ServerSession::create(application);
  application.session = session.get();
  const size_t step = size_t{1} + bytes[1];
  std::string_view rest(reinterpret_cast<const char*>(bytes) + 2, size - 2);
  bool good = session->receive("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  while (good && !rest.empty()) {
    good = session->receive(rest.substr(0, step));
    rest.remove_prefix(std::min(step, rest.size()));
    drain(*session);
    if (application.session != nullptr && bytes[0] & 64) session->go_away();
    if (bytes[0] & 128) session->go_away_now();
  }
  drain(*session);
  return 0;
}
