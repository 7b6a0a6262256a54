#include "telemetry/line_log.h"

#include <fcntl.h>
#include <unistd.h>

namespace landfall::telemetry {
namespace {
constexpr size_t kBlockBytes = 64 * 1024;
}

Result<LineLog> LineLog::open(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
  if (!file) return fail_errno("open " + path);
  return LineLog(std::move(file));
}

void LineLog::end_line() {
  buffer_.push_back('\n');
  if (buffer_.size() >= kBlockBytes) flush();
}

void LineLog::flush() {
  if (buffer_.empty() || !file_) return;
  const ssize_t written = write(file_.get(), buffer_.data(), buffer_.size());
  if (written != static_cast<ssize_t>(buffer_.size()))
    lost_bytes_ += buffer_.size() - static_cast<size_t>(written < 0 ? 0 : written);
  buffer_.clear();
}

}  // namespace landfall::telemetry
