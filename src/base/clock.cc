#include "base/clock.h"

#include <chrono>
#include <ctime>

namespace landfall {
namespace {

namespace chrono = std::chrono;

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

// Dates are written for every answer, and strftime takes a microsecond for one.
struct Civil {
  chrono::year_month_day day;
  unsigned weekday;  // 0 is Sunday
  unsigned hour, minute, second;
};

Civil civil(Timestamp time) {
  const chrono::sys_time<chrono::milliseconds> exact(chrono::milliseconds(time.unix_ms));
  const auto instant = chrono::floor<chrono::seconds>(exact);
  const auto day = chrono::floor<chrono::days>(instant);
  const auto second = static_cast<unsigned>((instant - day).count());
  return {chrono::year_month_day(day), chrono::weekday(day).c_encoding(), second / 3600, second / 60 % 60,
          second % 60};
}

class DateText {
 public:
  // Four digits at least; AWS knows no year beyond.
  DateText& year(const Civil& c) {
    const int year = static_cast<int>(c.day.year());
    return two(static_cast<unsigned>(year / 100 % 100)).two(static_cast<unsigned>(year % 100));
  }
  DateText& month(const Civil& c) { return two(static_cast<unsigned>(c.day.month())); }
  DateText& day(const Civil& c) { return two(static_cast<unsigned>(c.day.day())); }
  DateText& two(unsigned value) {
    text_[size_++] = static_cast<char>('0' + value / 10);
    text_[size_++] = static_cast<char>('0' + value % 10);
    return *this;
  }
  DateText& add(std::string_view part) {
    part.copy(text_ + size_, part.size());
    size_ += part.size();
    return *this;
  }
  std::string take() const { return {text_, size_}; }

 private:
  char text_[40];
  size_t size_ = 0;
};

int64_t seconds_of(const std::tm& tm) {
  const chrono::sys_days day = chrono::year(tm.tm_year + 1900) / (tm.tm_mon + 1) / 1;
  return (day.time_since_epoch().count() + tm.tm_mday - 1) * int64_t{86400} + tm.tm_hour * 3600 +
         tm.tm_min * 60 + tm.tm_sec;
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
  const Civil c = civil(time);
  DateText text;
  text.year(c).add("-").month(c).add("-").day(c).add("T");
  text.two(c.hour).add(":").two(c.minute).add(":").two(c.second);
  if (const auto ms = static_cast<unsigned>((time.unix_ms % 1000 + 1000) % 1000); ms != 0) {
    const char digit = static_cast<char>('0' + ms / 100);
    text.add(".").add({&digit, 1}).two(ms % 100);
  }
  return text.add("Z").take();
}

std::string format_basic_iso8601(Timestamp time) {
  const Civil c = civil(time);
  return DateText().year(c).month(c).day(c).add("T").two(c.hour).two(c.minute).two(c.second).add("Z").take();
}

std::string format_http_date(Timestamp time) {
  constexpr std::string_view kDays[] = {"Sun, ", "Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, "};
  constexpr std::string_view kMonths[] = {" Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ",
                                          " Jul ", " Aug ", " Sep ", " Oct ", " Nov ", " Dec "};
  const Civil c = civil(time);
  DateText text;
  text.add(kDays[c.weekday]).day(c).add(kMonths[static_cast<unsigned>(c.day.month()) - 1]).year(c).add(" ");
  return text.two(c.hour).add(":").two(c.minute).add(":").two(c.second).add(" GMT").take();
}

Result<Timestamp> parse_iso8601(std::string_view text) {
  const std::string_view whole = text;
  auto bad = [&] { return fail("not an ISO 8601 date-time: '" + std::string(whole) + "'"); };
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
  return Timestamp{(seconds_of(tm) - offset_minutes * 60) * 1000 + ms};
}

Result<Timestamp> parse_http_date(std::string_view text) {
  std::tm tm{};
  const std::string copy(text);
  const char* end = strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &tm);
  if (end == nullptr || *end != '\0') return fail("not an HTTP date: '" + copy + "'");
  return Timestamp{seconds_of(tm) * 1000};
}

}  // namespace landfall
