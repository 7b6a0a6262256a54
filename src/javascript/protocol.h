// What Landfall and its JavaScript process say to each other: one message a datagram on a SOCK_SEQPACKET
// pair. To it: Load, then any number of Run. From it: one Ran for each Load and each Run, in their order. The
// process that runs foreign code is not believed: whoever reads a Ran checks its sizes. Little endian, as
// both ends are one machine's. Header only: the process links nothing of Landfall's.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace landfall::javascript {

inline constexpr size_t kMaxMessage = 128 * 1024;  // bytes; a default socket buffer takes one
inline constexpr size_t kMaxLogBytes = 10 * 1024;  // AWS's quota; the rest is dropped
inline constexpr int kSocketFd = 3;                // the process's end

enum class Ask : uint8_t {
  load,  // the code of function `function`, which may replace another's of that number
  run,   // its handler(event)
};

enum class End : uint8_t {
  ok,
  not_loaded,  // the code does not compile, throws, or has no handler
  threw,
  bad_result,  // nothing, or not to be written as JSON
  out_of_time,
  out_of_memory,
  died,  // never sent: the process is gone
};

struct Request {
  Ask ask = Ask::run;
  uint32_t function = 0;
  std::string_view text;  // code, or the event as JSON
};

struct Ran {
  End end = End::died;
  uint32_t cpu_us = 0;
  std::string output;  // of ok: the result as JSON; else what went wrong
  std::string log;     // lines
};

namespace detail {
inline void put(std::string& out, uint32_t value) {
  char bytes[4];
  std::memcpy(bytes, &value, 4);
  out.append(bytes, 4);
}
inline uint32_t take(std::string_view& in) {
  uint32_t value = 0;
  std::memcpy(&value, in.data(), 4);
  in.remove_prefix(4);
  return value;
}
}  // namespace detail

inline std::string encode(const Request& request) {
  std::string out(1, static_cast<char>(request.ask));
  detail::put(out, request.function);
  return out.append(request.text);
}
inline std::optional<Request> decode_request(std::string_view in) {
  if (in.size() < 5 || static_cast<uint8_t>(in[0]) > 1) return std::nullopt;
  Request out{.ask = static_cast<Ask>(in[0])};
  in.remove_prefix(1);
  out.function = detail::take(in);
  out.text = in;
  return out;
}

inline std::string encode(const Ran& ran) {
  std::string out(1, static_cast<char>(ran.end));
  detail::put(out, ran.cpu_us);
  detail::put(out, static_cast<uint32_t>(ran.log.size()));
  return out.append(ran.log).append(ran.output);
}
inline std::optional<Ran> decode_ran(std::string_view in) {
  if (in.size() < 9 || static_cast<uint8_t>(in[0]) >= static_cast<uint8_t>(End::died)) return std::nullopt;
  Ran out{.end = static_cast<End>(in[0])};
  in.remove_prefix(1);
  out.cpu_us = detail::take(in);
  const uint32_t log = detail::take(in);
  if (log > in.size() || log > kMaxLogBytes) return std::nullopt;
  out.log = in.substr(0, log);
  out.output = in.substr(log);
  return out;
}

}  // namespace landfall::javascript
