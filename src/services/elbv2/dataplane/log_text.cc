#include "services/elbv2/dataplane/log_text.h"

#include <algorithm>
#include <string>

namespace landfall::elbv2::dataplane {

// The date is made once a second.
void put_time(TextWriter& line, Timestamp time) {
  thread_local int64_t second = -1;
  thread_local std::string text;
  if (time.unix_seconds() != second) {
    second = time.unix_seconds();
    text = format_iso8601({second * 1000});
    text.back() = '.';  // was 'Z'
  }
  line.put(text).put_padded(static_cast<uint64_t>(time.unix_ms - second * 1000), 3).put("000Z");
}

void put_duration(TextWriter& line, int64_t ns) {
  const auto ms = static_cast<uint64_t>((std::max<int64_t>(ns, 0) + 500'000) / 1'000'000);
  line.put(ms / 1000, '.').put_padded(ms % 1000, 3);
}

}  // namespace landfall::elbv2::dataplane
