// LineLog: lines appended to a file in whole blocks: an access log. A block goes out when it is full or
// flush() is called (by a timer of the owner). Several writers may append to one file: each block is one
// write(2) with O_APPEND. One thread. A write that fails is counted, not retried: a full disk must not stop
// traffic.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace landfall::telemetry {

class LineLog {
 public:
  static Result<LineLog> open(const std::string& path);
  LineLog(LineLog&&) noexcept = default;
  LineLog& operator=(LineLog&&) noexcept = default;
  ~LineLog() { flush(); }

  // The buffer to append one line to, without its line feed; then end_line().
  std::string& line() { return buffer_; }
  void end_line();
  void flush();
  uint64_t lost_bytes() const { return lost_bytes_; }

 private:
  explicit LineLog(UniqueFd file) : file_(std::move(file)) {}
  UniqueFd file_;
  std::string buffer_;
  uint64_t lost_bytes_ = 0;
};

}  // namespace landfall::telemetry
