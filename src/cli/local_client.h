// Blocking clients for the sockets in a data directory's run/: the supervisor's and the roles' admin
// listeners.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace landfall::cli {

// error_number ENOENT or ECONNREFUSED: nobody listens there.
Result<UniqueFd> connect_unix(const std::string& path);

Result<> send_all(int fd, std::string_view bytes);
Result<std::string> receive_to_end(int fd);  // at most kAdminAnswerBytes
// The chunked coding (RFC 9112 section 7.1) without trailers: enough for an answer of Landfall's own
// listeners.
Result<std::string> unchunk(std::string_view text);

// One request line to the supervisor, its one answer line. Waits as long as it takes: "ready" and "stop" are
// events.
Result<std::string> ask_supervisor(const std::string& socket_path, const std::string& request);

// A descriptor that turns readable when the supervisor's process ends (pidfd_open(2)); none if it has
// ended already.
Result<UniqueFd> supervisor_process(const std::string& socket_path);

// GET over a Unix socket; the body of a 200. Any other status is an error that names it.
Result<std::string> http_get_unix(const std::string& socket_path, const std::string& target);

inline constexpr int kAdminTimeoutSeconds = 5;
inline constexpr size_t kAdminAnswerBytes = 64 * 1024 * 1024;

}  // namespace landfall::cli
