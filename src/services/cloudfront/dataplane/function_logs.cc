#include "services/cloudfront/dataplane/function_logs.h"

#include "codec/fields.h"
#include "services/cloudfront/dataplane/split.h"

namespace landfall::cloudfront {

void FunctionLogs::add(const std::string& arn, std::string_view distribution_id, std::string_view request_id,
                       std::string_view log, std::string_view error) {
  if ((log.empty() && error.empty()) || !report_ || bytes_ > kMostBytes) return;
  FunctionLog& to = logs_[arn];
  if (to.function.empty()) {  // arn:aws:cloudfront::ACCOUNT:function/NAME
    constexpr std::string_view kBefore = "arn:aws:cloudfront::";
    const size_t mark = arn.find(kFunctionArnMark);
    if (!arn.starts_with(kBefore) || mark == std::string::npos) return;
    to.account = arn.substr(kBefore.size(), mark - kBefore.size());
    to.function = arn.substr(mark + sizeof kFunctionArnMark - 1);
  }
  add_line(to, request_id, "START DistributionID: " + std::string(distribution_id));
  split(log, '\n', [&](std::string_view line) {
    if (!line.empty()) add_line(to, request_id, line);
  });
  if (!error.empty()) add_line(to, request_id, error);
  add_line(to, request_id, "END");
  if (bytes_ > kMostBytes) add_line(to, request_id, "(more has been logged than is kept)");
  if (timer_ == 0)
    timer_ = loop_.after_ms(kReportMs, [this] {
      timer_ = 0;
      report();
    });
}

void FunctionLogs::add_line(FunctionLog& to, std::string_view request_id, std::string_view text) {
  to.lines.push_back(
      {.unix_ms = loop_.clock().now().unix_ms, .text = std::string(request_id) + " " + std::string(text)});
  bytes_ += to.lines.back().text.size();
}

void FunctionLogs::report() {
  bytes_ = 0;
  for (const auto& [arn, log] : std::exchange(logs_, {})) report_(kFunctionLogKind, arn, to_json(log));
}

}  // namespace landfall::cloudfront
