#include "base/clock.h"

#include <cstdio>
#include <cstring>
#include <ctime>

namespace landfall {
namespace {

class SystemClock final : public Clock {
 public:
  Timestamp now() const override {
    timespec ts{};
    clock_gettime(CLOCK_REALTIME, &ts);
    return {static_cast<int64_t>(ts.tv_sec) * 1000 + ts.tv_nsec / 1'000'000};
  }
  int64_t monotonic_ns() const override {
    timespec ts{};
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return static_cast<int64_t>(ts.tv_sec) * 1'000'000'000 + ts.tv_nsec;
  }
};

std::tm utc(Timestamp time) {
  time_t seconds = time.unix_ms / 1000;
  if (time.unix_ms % 1000 < 0) --seconds;
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  return tm;
}

std::string format(const char* pattern, Timestamp time) {
  char buffer[64];
  std::tm tm = utc(time);
  return {buffer, std::strftime(buffer, sizeof buffer, pattern, &tm)};
}

// Reads exactly `count` digits.
bool digits(std::string_view& text, int count, int& value) {
  if (text.size() < static_cast<size_t>(count)) return false;
  value = 0;
  for (int i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool skip(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

const Clock& Clock::system() {
  static const SystemClock clock;
  return clock;
}

std::string format_iso8601(Timestamp time) {
  std::string text = format("%Y-%m-%dT%H:%M:%S", time);
  int ms = static_cast<int>(((time.unix_ms % 1000) + 1000) % 1000);
  if (ms != 0) {
    char fraction[8];
    std::snprintf(fraction, sizeof fraction, ".%03d", ms);
    text += fraction;
  }
  return text + "Z";
}

std::string format_basic_iso8601(Timestamp time) { return format("%Y%m%dT%H%M%SZ", time); }
std::string format_http_date(Timestamp time) { return format("%a, %d %b %Y %H:%M:%S GMT", time); }

Result<Timestamp> parse_iso8601(std::string_view text) {
  const std::string whole(text);
  auto bad = [&] { return fail("not an ISO 8601 date-time: '" + whole + "'"); };
  std::tm tm{};
  int ms = 0;
  if (!digits(text, 4, tm.tm_year)) return bad();
  bool extended = skip(text, '-');
  if (!digits(text, 2, tm.tm_mon)) return bad();
  if (extended && !skip(text, '-')) return bad();
  if (!digits(text, 2, tm.tm_mday)) return bad();
  int offset_minutes = 0;
  if (!text.empty()) {
    if (!skip(text, 'T') && !skip(text, ' ')) return bad();
    if (!digits(text, 2, tm.tm_hour)) return bad();
    bool colon = skip(text, ':');
    if (!digits(text, 2, tm.tm_min)) return bad();
    if ((colon && skip(text, ':')) ||
        (!colon && !text.empty() && text.front() != 'Z' && text.front() != '+')) {
      if (!digits(text, 2, tm.tm_sec)) return bad();
    }
    if (skip(text, '.')) {
      int scale = 100;
      if (text.empty() || text.front() < '0' || text.front() > '9') return bad();
      while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        ms += (text.front() - '0') * scale;
        scale /= 10;
        text.remove_prefix(1);
      }
    }
    if (!skip(text, 'Z') && !text.empty()) {
      int sign = text.front() == '-' ? -1 : 1;
      if (text.front() != '+' && text.front() != '-') return bad();
      text.remove_prefix(1);
      int hours = 0, minutes = 0;
      if (!digits(text, 2, hours)) return bad();
      skip(text, ':');
      if (!digits(text, 2, minutes)) return bad();
      offset_minutes = sign * (hours * 60 + minutes);
    }
  }
  if (!text.empty()) return bad();
  if (tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31 || tm.tm_hour > 23 ||
      tm.tm_min > 59 || tm.tm_sec > 60)
    return bad();
  tm.tm_year -= 1900;
  tm.tm_mon -= 1;
  return Timestamp{(static_cast<int64_t>(timegm(&tm)) - offset_minutes * 60) * 1000 + ms};
}

Result<Timestamp> parse_http_date(std::string_view text) {
  std::tm tm{};
  const std::string copy(text);
  const char* end = strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &tm);
  if (end == nullptr || *end != '\0') return fail("not an HTTP date: '" + copy + "'");
  return Timestamp{static_cast<int64_t>(timegm(&tm)) * 1000};
}

}  // namespace landfall
