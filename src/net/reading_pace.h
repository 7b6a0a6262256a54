// Whether a peer takes what it asked for. One that reads a byte now and then is never idle, so an idle
// timeout (nginx's send_timeout, between two writes) lets it hold a request, and what that holds, for ever.
//
// So there is a least pace, as ASP.NET's Kestrel has (MinResponseDataRate, whose 240 bytes a second these
// are), but over a whole minute, where it looks at five seconds. Only time in which the peer is what is
// waited for counts: an answer that comes slowly from its source is nobody's slow reading.
#pragma once

#include <cstdint>

namespace landfall::net {

inline constexpr int64_t kLeastPaceBytesPerS = 240;
inline constexpr int64_t kPaceWindowMs = 60'000;

class ReadingPace {
 public:
  // To be asked every second or so: true once the peer has been waited for each time in a whole window and
  // has taken too little in it. `taken_bytes`: so far, never less than before but after reset(). `sharers`:
  // streams on the connection, at least 1, which need the pace together: a slow line with many downloads is
  // no slow reader.
  bool too_slow(int64_t now_ns, int64_t window_ms, bool waited_for, uint64_t taken_bytes,
                uint64_t sharers = 1) {
    if (!waited_for) {
      reset();
      return false;
    }
    if (since_ns_ == 0) {
      since_ns_ = now_ns;
      from_bytes_ = taken_bytes;
      return false;
    }
    if (now_ns - since_ns_ < window_ms * 1'000'000) return false;
    const uint64_t least_bytes = static_cast<uint64_t>(kLeastPaceBytesPerS * window_ms / 1000) / sharers;
    if (taken_bytes - from_bytes_ < least_bytes) return true;
    since_ns_ = now_ns;
    from_bytes_ = taken_bytes;
    return false;
  }
  void reset() { since_ns_ = 0; }  // for the next answer

 private:
  int64_t since_ns_ = 0;  // 0: not waited for
  uint64_t from_bytes_ = 0;
};

}  // namespace landfall::net
