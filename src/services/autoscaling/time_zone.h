// A time zone of the machine's database, for scheduled actions: UTC offsets by instant.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::autoscaling {

class TimeZone {
 public:
  static TimeZone utc() { return {}; }
  // "America/New_York"; an Error if there is no such zone.
  static Result<TimeZone> find(std::string_view name);
  // RFC 8536. The bytes are the machine's own, but a broken file must not break control.
  static Result<TimeZone> parse(std::string_view file);

  int64_t offset_at(int64_t unix_s) const;  // seconds east of UTC
  int64_t utc_of_local(
      int64_t local_s) const;  // of two instants the earlier offset's; of none, the one after

 private:
  struct Change {
    int64_t at, offset;
  };
  int64_t first_offset_ = 0;     // before the first change
  std::vector<Change> changes_;  // by time
};

}  // namespace landfall::autoscaling
