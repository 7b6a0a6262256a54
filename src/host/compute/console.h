// A workload's console: the file that pid 1 writes its output to. It is written by the workload itself, so
// that no role's death stops it; host keeps it small.
#pragma once

#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace landfall::host {

inline constexpr int64_t kConsoleBytes = 4 << 20;     // rotated beyond this: at most twice as much is kept
inline constexpr int64_t kMaxConsoleTail = 64 << 10;  // that GetConsoleOutput returns, as on EC2

Result<UniqueFd> open_console(const std::string& path);  // to append to
// Beyond kConsoleBytes: the content moves to "<path>.1", replacing it. Copied and cut, not renamed: the
// workload has it open.
Result<> rotate_console(const std::string& path);
// The last `bytes` of what is kept.
Result<std::string> read_console_tail(const std::string& path, int64_t bytes);
// Unix ms of the last write, 0 if never.
int64_t console_written_at_ms(const std::string& path);

}  // namespace landfall::host
