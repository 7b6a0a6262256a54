#include "delivery/destination.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace landfall::delivery {
namespace {

// A period's files are closed a little after it: they are still its own.
constexpr int64_t kLateMs = 500;

// Of 16 hexadecimal digits, 8 of base 36.
std::string short_unique(std::string_view unique) {
  uint64_t number = 0;
  std::from_chars(unique.data(), unique.data() + unique.size(), number, 16);
  std::string out;
  for (int i = 0; i < 8; ++i, number /= 36) out += "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

std::string object_key(const Destination& destination, Timestamp time, std::string_view unique) {
  const std::string stamp = format_basic_iso8601(time);  // 20261122T100000Z
  std::string key = destination.key_prefix;
  const std::string& name = destination.name;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '%' || i + 1 == name.size()) {
      key += name[i];
      continue;
    }
    switch (name[++i]) {
      case 'Y':
        key += stamp.substr(0, 4);
        break;
      case 'm':
        key += stamp.substr(4, 2);
        break;
      case 'd':
        key += stamp.substr(6, 2);
        break;
      case 'H':
        key += stamp.substr(9, 2);
        break;
      case 'M':
        key += stamp.substr(11, 2);
        break;
      case 'S':
        key += stamp.substr(13, 2);
        break;
      case 'r':
        key += short_unique(unique);
        break;
      case 'R':
        key += upper(unique);
        break;
      default:
        key += name[i];
    }
  }
  return key;
}

Timestamp end_of_period(Timestamp time, int64_t period_ms) {
  const int64_t before = std::max<int64_t>(time.unix_ms - kLateMs, 0);
  return {(before + period_ms - 1) / period_ms * period_ms};
}

}  // namespace landfall::delivery
