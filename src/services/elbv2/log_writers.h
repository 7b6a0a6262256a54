// In whose name access logs come into a bucket, and how their objects are named: what control checks when
// logs are enabled is what edge does.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace landfall::elbv2 {

inline constexpr std::string_view kLogDeliveryService = "logdelivery.elasticloadbalancing.amazonaws.com";

// The account of Elastic Load Balancing that writes the logs of a region, where the bucket's policy names no
// service; empty: the region came after 2022 and has none.
constexpr std::string_view elb_account_of(std::string_view region) {
  struct Row {
    std::string_view region, account;
  };
  constexpr Row kAccounts[] = {{"af-south-1", "098369216593"},     {"ap-east-1", "754344448648"},
                               {"ap-northeast-1", "582318560864"}, {"ap-northeast-2", "600734575887"},
                               {"ap-northeast-3", "383597477331"}, {"ap-south-1", "718504428378"},
                               {"ap-southeast-1", "114774131450"}, {"ap-southeast-2", "783225319266"},
                               {"ap-southeast-3", "589379963580"}, {"ca-central-1", "985666609251"},
                               {"eu-central-1", "054676820928"},   {"eu-north-1", "897822967062"},
                               {"eu-south-1", "635631232127"},     {"eu-west-1", "156460612806"},
                               {"eu-west-2", "652711504416"},      {"eu-west-3", "009996457667"},
                               {"me-south-1", "076674570225"},     {"sa-east-1", "507241528517"},
                               {"us-east-1", "127311923021"},      {"us-east-2", "033677994240"},
                               {"us-west-1", "027434742980"},      {"us-west-2", "797873946194"}};
  const auto* found = std::ranges::find(kAccounts, region, &Row::region);
  return found == std::end(kAccounts) ? std::string_view() : found->account;
}

// "logs" -> "logs/AWSLogs/123456789012/"
inline std::string log_folder(std::string_view prefix, std::string_view account) {
  return std::string(prefix) + (prefix.empty() ? "" : "/") + "AWSLogs/" + std::string(account) + "/";
}

}  // namespace landfall::elbv2
