// FunctionLogs: what one worker's functions have said, until it is reported: soon after it was said, and not
// more than kMostBytes between two reports; what is beyond is dropped, and a line says so. Threads: the
// loop's.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "runtime/event_loop.h"
#include "services/cloudfront/function_log.h"

namespace landfall::cloudfront {

class FunctionLogs {
 public:
  static constexpr size_t kMostBytes = 256 * 1024;
  static constexpr int64_t kReportMs = 500;
  using Report = std::function<void(std::string kind, std::string id, std::string document)>;

  FunctionLogs(EventLoop& loop, const Report& report) : loop_(loop), report_(report) {}
  ~FunctionLogs() { loop_.cancel(timer_); }
  // `log`: lines; `error`: why it failed, or empty.
  void add(const std::string& arn, std::string_view distribution_id, std::string_view request_id,
           std::string_view log, std::string_view error);

 private:
  void add_line(FunctionLog& to, std::string_view request_id, std::string_view text);
  void report();

  EventLoop& loop_;
  const Report& report_;                                  // outlives this; may be empty
  std::map<std::string, FunctionLog, std::less<>> logs_;  // by ARN
  size_t bytes_ = 0;
  TimerId timer_ = 0;
};

}  // namespace landfall::cloudfront
