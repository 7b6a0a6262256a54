// Clock: wall and monotonic time, injected so that tests need no sleep.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall {

// Milliseconds since 1970-01-01T00:00:00Z. A type of its own, so that a duration is never taken for it.
struct Timestamp {
  int64_t unix_ms = 0;
  auto operator<=>(const Timestamp&) const = default;
  Timestamp plus_seconds(int64_t seconds) const { return {unix_ms + seconds * 1000}; }
  int64_t unix_seconds() const { return unix_ms / 1000; }
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;         // wall clock
  virtual int64_t monotonic_ns() const = 0;  // never goes back
  static const Clock& system();
};

class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start = {1'700'000'000'000}) : now_(start) {}
  Timestamp now() const override { return now_; }
  int64_t monotonic_ns() const override { return now_.unix_ms * 1'000'000; }
  void advance_ms(int64_t ms) { now_.unix_ms += ms; }

 private:
  Timestamp now_;
};

std::string format_iso8601(Timestamp time);        // 2026-11-22T10:00:00.123Z (".000" is left out)
std::string format_http_date(Timestamp time);      // RFC 9110 section 5.6.7: Sun, 22 Nov 2026 10:00:00 GMT
std::string format_basic_iso8601(Timestamp time);  // 20261122T100000Z, as SigV4 writes it
Result<Timestamp> parse_iso8601(std::string_view text);    // extended or basic form, Z or offset
Result<Timestamp> parse_http_date(std::string_view text);  // IMF-fixdate

}  // namespace landfall
