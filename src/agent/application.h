// The application's web process: started as an unprivileged user, started again when it ends (backoff), its
// output to the log file and the console.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "runtime/event_loop.h"

namespace landfall::agent {

inline constexpr uint32_t kWebUid = 900;  // "webapp", as on AWS's platforms
inline constexpr int kWebPort = 5000;
inline constexpr int64_t kFirstRestartMs = 250, kMaxRestartMs = 15'000;
inline constexpr int64_t kSteadyMs = 30'000;       // a process that ran this long is started again at once
inline constexpr int64_t kMaxLogBytes = 10 << 20;  // then web.stdout.log becomes web.stdout.log.1

struct ApplicationOptions {
  std::string command;  // of the Procfile; run by sh -c in `folder`
  std::string folder = "/var/app/current";
  std::map<std::string, std::string> environment;
  std::string log_path = "/var/log/web.stdout.log";
  uint32_t uid = kWebUid;  // 4294967295: as we are
};

class Application {
 public:
  // Starts it. Its own thread is the loop's.
  static std::unique_ptr<Application> start(EventLoop& loop, ApplicationOptions options);
  virtual ~Application() = default;  // kills it
  virtual int starts() const = 0;
  virtual void terminate() = 0;  // SIGTERM, and no restart
};

}  // namespace landfall::agent
