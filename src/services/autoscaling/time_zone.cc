#include "services/autoscaling/time_zone.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace landfall::autoscaling {
namespace {

constexpr char kDatabase[] = "/usr/share/zoneinfo/";
constexpr size_t kHeaderBytes = 44, kCountsAt = 20;

int64_t big_endian(std::string_view bytes, size_t at, size_t size) {
  uint64_t value = static_cast<unsigned char>(bytes[at]) & 0x80 ? ~uint64_t{0} : 0;  // two's complement
  for (size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<int64_t>(value);
}

struct Counts {
  size_t utc, standard, leaps, times, types, characters;
  size_t block(size_t time_bytes) const {
    return times * (time_bytes + 1) + types * 6 + characters + leaps * (time_bytes + 4) + standard + utc;
  }
};

Result<Counts> header(std::string_view file, size_t at) {
  if (file.size() < at + kHeaderBytes || file.substr(at, 4) != "TZif") return fail("not a TZif file");
  const auto count = [&](size_t index) {
    return static_cast<size_t>(big_endian(file, at + kCountsAt + index * 4, 4) & 0xffffff);
  };
  return Counts{count(0), count(1), count(2), count(3), count(4), count(5)};
}

}  // namespace

Result<TimeZone> TimeZone::find(std::string_view name) {
  const bool plain = !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) || c == '/' || c == '_' || c == '-' || c == '+';
  });
  if (!plain || name.front() == '/') return fail("no such time zone: " + std::string(name));
  std::ifstream in(kDatabase + std::string(name), std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) return fail("no such time zone: " + std::string(name));
  return parse(text.str());
}

Result<TimeZone> TimeZone::parse(std::string_view file) {
  LF_TRY(const Counts first, header(file, 0));
  // RFC 8536 section 3: the second header, with 64-bit times, follows the first data block.
  const size_t second_at = kHeaderBytes + first.block(4);
  LF_TRY(const Counts counts, header(file, second_at));
  const size_t times_at = second_at + kHeaderBytes;
  if (counts.types == 0 || file.size() < times_at + counts.block(8)) return fail("a TZif file cut short");
  const size_t indices_at = times_at + counts.times * 8, types_at = indices_at + counts.times;
  const auto offset_of = [&](size_t type) { return big_endian(file, types_at + type * 6, 4); };
  TimeZone zone;
  zone.first_offset_ = offset_of(0);
  for (size_t i = 0; i < counts.times; ++i) {
    const size_t type = static_cast<unsigned char>(file[indices_at + i]);
    if (type >= counts.types) return fail("a TZif file with an unknown type");
    zone.changes_.push_back({big_endian(file, times_at + i * 8, 8), offset_of(type)});
  }
  return zone;
}

int64_t TimeZone::offset_at(int64_t unix_s) const {
  const auto after = std::ranges::upper_bound(changes_, unix_s, {}, &Change::at);
  return after == changes_.begin() ? first_offset_ : std::prev(after)->offset;
}

int64_t TimeZone::utc_of_local(int64_t local_s) const {
  const int64_t guess = local_s - offset_at(local_s);
  return local_s - offset_at(guess);
}

}  // namespace landfall::autoscaling
