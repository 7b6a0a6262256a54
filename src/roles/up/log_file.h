// LogFile: a role's log, written by the supervisor from the role's stderr; rotated and capped.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace landfall::roles {

class LogFile {
 public:
  static constexpr size_t kBytes = 8 * 1024 * 1024;  // then PATH becomes PATH.1, PATH.1 becomes PATH.2
  static constexpr size_t kLastLines = 8;

  explicit LogFile(std::string path);

  // Whole lines are kept for last_lines(). A disk that is full loses log lines and nothing else.
  void append(std::string_view bytes);
  const std::deque<std::string>& last_lines() const { return last_lines_; }

 private:
  void open();
  void rotate();
  void remember(std::string_view bytes);

  std::string path_;
  UniqueFd fd_;
  size_t size_ = 0;
  std::string partial_line_;
  std::deque<std::string> last_lines_;
};

}  // namespace landfall::roles
