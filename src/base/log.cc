#include "base/log.h"

#include <sys/uio.h>
#include <unistd.h>

#include <string>

#include "base/clock.h"

namespace landfall::log {
namespace {
std::string role_name = "landfall";
Level threshold = Level::info;
constexpr const char* kNames[] = {"debug", "info", "warn", "error"};
}  // namespace

void init(std::string_view role, Level level) {
  role_name = role;
  threshold = level;
}

bool enabled(Level level) { return level >= threshold; }

void write(Level level, std::string_view message) {
  std::string line =
      format_iso8601(Clock::system().now()) + " " + role_name + " " + kNames[static_cast<int>(level)] + " ";
  for (char c : message) line += c == '\n' ? ' ' : c;  // a record is one line, whatever a client sent
  line += '\n';
  // One write, so that lines of several processes on one pipe do not mix.
  [[maybe_unused]] ssize_t ignored = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace landfall::log
