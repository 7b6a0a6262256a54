#include "services/autoscaling/cron.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace landfall::autoscaling {
namespace {

struct Field {
  int least, most;
  std::span<const std::string_view> names;  // of `least`, `least` + 1, ...
};
constexpr std::array<std::string_view, 12> kMonths{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                   "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kWeekdays{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(at, start), text.size());
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

Result<int> number(std::string_view text, const Field& field) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
  const auto name = std::ranges::find(field.names, upper);
  if (name != field.names.end()) return field.least + static_cast<int>(name - field.names.begin());
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < field.least || value > field.most)
    return fail("not a value of its field: " + std::string(text));
  return value;
}

// "*", "5", "1-5", "*/10", "1-30/2", and lists of these.
Result<uint64_t> parse_field(std::string_view text, const Field& field) {
  uint64_t bits = 0;
  for (std::string_view part : split(text, ',')) {
    int step = 1, first = field.least, last = field.most;
    const size_t slash = part.find('/');
    if (slash != std::string_view::npos) {
      const std::string_view digits = part.substr(slash + 1);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), step);
      if (error != std::errc{} || end != digits.data() + digits.size() || step < 1)
        return fail("not a step: " + std::string(digits));
    }
    const std::string_view range = part.substr(0, slash);
    if (range != "*") {
      const size_t dash = range.find('-');
      LF_TRY(first, number(range.substr(0, dash), field));
      if (dash != std::string_view::npos) {
        LF_TRY(last, number(range.substr(dash + 1), field));
      } else if (slash == std::string_view::npos) {
        last = first;
      }
      if (last < first) return fail("a range that ends before it begins: " + std::string(range));
    }
    for (int value = first; value <= last; value += step) bits |= uint64_t{1} << value;
  }
  return bits;
}

bool has(uint64_t bits, unsigned value) { return (bits >> value & 1) != 0; }

}  // namespace

Result<Cron> Cron::parse(std::string_view text) {
  std::vector<std::string_view> fields;
  for (const std::string_view field : split(text, ' '))
    if (!field.empty()) fields.push_back(field);
  if (fields.size() != 5) return fail("a recurrence has five fields");
  Cron cron;
  LF_TRY(cron.minutes_, parse_field(fields[0], {0, 59, {}}));
  LF_TRY(cron.hours_, parse_field(fields[1], {0, 23, {}}));
  LF_TRY(cron.days_, parse_field(fields[2], {1, 31, {}}));
  LF_TRY(cron.months_, parse_field(fields[3], {1, 12, kMonths}));
  LF_TRY(cron.weekdays_, parse_field(fields[4], {0, 7, kWeekdays}));
  if (has(cron.weekdays_, 7)) cron.weekdays_ |= 1;  // 7 is Sunday too
  cron.days_given_ = !fields[2].starts_with('*');
  cron.weekdays_given_ = !fields[4].starts_with('*');
  return cron;
}

bool Cron::matches_day(int64_t local_day) const {
  const std::chrono::sys_days day{std::chrono::days{local_day}};
  const std::chrono::year_month_day date{day};
  if (!has(months_, static_cast<unsigned>(date.month()))) return false;
  const bool in_days = has(days_, static_cast<unsigned>(date.day()));
  const bool in_weekdays = has(weekdays_, std::chrono::weekday{day}.c_encoding());
  return days_given_ && weekdays_given_ ? in_days || in_weekdays : in_days && in_weekdays;
}

std::optional<Timestamp> Cron::next_after(Timestamp after, const TimeZone& zone) const {
  const int64_t now_s = after.unix_ms / 1000;
  const int64_t today =
      std::chrono::floor<std::chrono::days>(std::chrono::seconds{now_s + zone.offset_at(now_s)}).count();
  for (int64_t day = today; day < today + kHorizonDays; ++day) {
    if (!matches_day(day)) continue;
    for (unsigned minute = 0; minute < 24 * 60; ++minute) {
      if (!has(hours_, minute / 60) || !has(minutes_, minute % 60)) continue;
      const int64_t at = zone.utc_of_local(day * 86400 + minute * 60);
      if (at > now_s) return Timestamp{at * 1000};
    }
  }
  return std::nullopt;
}

}  // namespace landfall::autoscaling
