// One access log entry in ALB's format.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "proxy/transaction.h"

namespace landfall::elbv2::dataplane {

struct AccessLogContext {
  std::string_view balancer;          // "app/name/id"
  std::string_view target_group_arn;  // empty: "-"
  std::string_view certificate_arn;   // empty: "session-reused" is not told apart: "-"
  std::string_view actions;           // "forward", "redirect", "fixed-response"
  int64_t priority = -1;              // -1: no rule was looked for
  uint16_t listener_port = 0;
  bool https = false;
  Timestamp now;
  std::string_view redirect_url;
};

void append_access_log(std::string& line, const proxy::Transaction& transaction,
                       const AccessLogContext& context);

}  // namespace landfall::elbv2::dataplane
