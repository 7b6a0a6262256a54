#include "services/elbv2/dataplane/log_text.h"

#include <algorithm>
#include <charconv>

namespace landfall::elbv2::dataplane {

void append_number(std::string& line, int64_t number) {
  char digits[24];
  line.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_padded(std::string& line, int64_t number, size_t width) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  const auto length = static_cast<size_t>(end - digits);
  line.append(width > length ? width - length : 0, '0').append(digits, end);
}

void append_hex(std::string& line, uint64_t number, size_t digits) {
  for (size_t i = digits; i-- > 0;) line.push_back("0123456789abcdef"[number >> (4 * i) & 15]);
}

// The date is made once a second.
void append_time(std::string& line, Timestamp time) {
  thread_local int64_t second = -1;
  thread_local std::string text;
  if (time.unix_seconds() != second) {
    second = time.unix_seconds();
    text = format_iso8601({second * 1000});
    text.back() = '.';  // was 'Z'
  }
  line.append(text);
  append_padded(line, (time.unix_ms - second * 1000) * 1000, 6);
  line.push_back('Z');
}

void append_duration(std::string& line, int64_t ns) {
  const int64_t ms = (std::max<int64_t>(ns, 0) + 500'000) / 1'000'000;
  append_number(line, ms / 1000);
  line.push_back('.');
  append_padded(line, ms % 1000, 3);
}

}  // namespace landfall::elbv2::dataplane
