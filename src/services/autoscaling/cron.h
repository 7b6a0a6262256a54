// The Recurrence of a scheduled action: "minute hour day-of-month month day-of-week", as cron has it.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "services/autoscaling/time_zone.h"

namespace landfall::autoscaling {

class Cron {
 public:
  static Result<Cron> parse(std::string_view text);
  // The first time after `after`; nothing if there is none within kHorizonDays (30 February).
  std::optional<Timestamp> next_after(Timestamp after, const TimeZone& zone) const;

  static constexpr int kHorizonDays = 5 * 366;

 private:
  bool matches_day(int64_t local_day) const;
  // Bit n: the value n is in the field.
  uint64_t minutes_ = 0, hours_ = 0, days_ = 0, months_ = 0, weekdays_ = 0;
  // Both given: a day that fits either fits (crontab(5)).
  bool days_given_ = false, weekdays_given_ = false;
};

}  // namespace landfall::autoscaling
