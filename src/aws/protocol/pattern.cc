// The patterns of the model, through RE2: linear time whatever the input.
#include <re2/re2.h>

#include <charconv>
#include <map>
#include <memory>
#include <mutex>

#include "aws/protocol/validate.h"

namespace landfall::aws {

namespace {

constexpr int max_re2_repeat = 1000;  // RE2's own limit

// "{2,2048}" at text[0]: gives what to write in its place and how long it was; empty if it needs no change.
std::string bounded_repeat(std::string_view text, size_t& length) {
  const size_t end = text.find('}');
  if (end == std::string_view::npos || end < 2) return {};
  int low = 0;
  int high = 0;
  const char* stop = text.data() + end;
  auto [after_low, error] = std::from_chars(text.data() + 1, stop, low);
  if (error != std::errc()) return {};
  if (after_low == stop) {
    high = low;
  } else if (*after_low != ',') {
    return {};
  } else if (after_low + 1 == stop) {
    high = low;
  } else {
    const auto [after_high, high_error] = std::from_chars(after_low + 1, stop, high);
    if (high_error != std::errc() || after_high != stop) return {};
  }
  if (high <= max_re2_repeat) return {};
  length = end + 1;
  return low == 0 ? "*" : low == 1 ? "+" : "{" + std::to_string(std::min(low, max_re2_repeat)) + ",}";
}

const RE2* compiled(std::string_view pattern) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<RE2>, std::less<>> cache;  // keys come from the model: bounded
  const std::lock_guard lock(mutex);
  auto it = cache.find(pattern);
  if (it == cache.end()) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_dot_nl(true);
    it = cache.emplace(std::string(pattern), std::make_unique<RE2>(re2_pattern(pattern), options)).first;
  }
  return it->second.get();
}

}  // namespace

std::string re2_pattern(std::string_view pattern) {
  // Java's way to write "everything beyond the basic plane": as surrogates, which RE2 does not know.
  static constexpr std::string_view beyond_basic_plane = "\\uD800\\uDC00-\\uDBFF\\uDFFF";
  std::string out;
  for (size_t i = 0; i < pattern.size();) {
    const std::string_view rest = pattern.substr(i);
    size_t length = 0;
    if (rest.starts_with(beyond_basic_plane)) {
      out += "\\x{10000}-\\x{10FFFF}";
      i += beyond_basic_plane.size();
    } else if (rest.starts_with("\\u") && rest.size() >= 6) {
      out += "\\x{" + std::string(rest.substr(2, 4)) + "}";
      i += 6;
    } else if (rest[0] == '\\' && rest.size() > 1) {
      out += rest.substr(0, 2);
      i += 2;
    } else if (std::string repeat = rest[0] == '{' ? bounded_repeat(rest, length) : std::string();
               !repeat.empty()) {
      out += repeat;
      i += length;
    } else {
      out += rest[0];
      ++i;
    }
  }
  return out;
}

bool is_pattern_supported(std::string_view pattern) { return compiled(pattern)->ok(); }

bool matches_pattern(std::string_view pattern, std::string_view text) {
  const RE2* re = compiled(pattern);
  return !re->ok() || RE2::FullMatch({text.data(), text.size()}, *re);
}

}  // namespace landfall::aws
