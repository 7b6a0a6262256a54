#include "services/elbv2/dataplane/log_destination.h"

#include "services/elbv2/log_writers.h"

namespace landfall::elbv2::dataplane {
namespace {

std::string text_of(const LoadBalancerConfig& config, const char* key) {
  const auto found = config.snapshot.attributes.find(key);
  return found == config.snapshot.attributes.end() ? "" : found->second;
}

// "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/...": region 3, account 4.
std::string_view part_of(std::string_view arn, int part) {
  for (; part > 0; --part) arn.remove_prefix(std::min(arn.find(':'), arn.size() - 1) + 1);
  return arn.substr(0, arn.find(':'));
}

// What tells the two logs apart.
struct LogKind {
  const char *bucket, *prefix;  // attributes
  const char* name;             // what their files' names begin with
};

std::optional<delivery::Destination> destination_of(const LoadBalancerConfig& config,
                                                    const NodeSnapshot& node, const LogKind& kind) {
  const std::string bucket = text_of(config, kind.bucket);
  if (bucket.empty()) return std::nullopt;
  const std::string region(part_of(config.snapshot.arn, 3)), account(part_of(config.snapshot.arn, 4));
  std::string id = config.dimension;  // "app/name/id"
  std::ranges::replace(id, '/', '.');
  const bool internal = config.snapshot.scheme == "internal";
  delivery::Destination destination{
      .bucket = bucket,
      .region = region,
      .key_prefix =
          log_folder(text_of(config, kind.prefix), account) + "elasticloadbalancing/" + region + "/",
      .name = std::string("%Y/%m/%d/") + kind.name + account + "_elasticloadbalancing_" + region + "_" + id +
              "_%Y%m%dT%H%MZ_" + (internal ? node.private_address : node.public_address) + "_%r.log.gz",
      .gzip = true,
      .writers = {{.service = std::string(kLogDeliveryService)}},
      .source_arn = config.snapshot.arn,
      .source_account = account};
  if (const std::string_view elb = elb_account_of(region); !elb.empty())
    destination.writers.push_back({.account = std::string(elb)});
  return destination;
}

}  // namespace

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html, "Access
// log files"
std::optional<delivery::Destination> access_log_destination(const LoadBalancerConfig& config,
                                                            const NodeSnapshot& node) {
  if (!config.access_logs) return std::nullopt;
  return destination_of(config, node, {"access_logs.s3.bucket", "access_logs.s3.prefix", ""});
}

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html,
// "Connection log files"
std::optional<delivery::Destination> connection_log_destination(const LoadBalancerConfig& config,
                                                                const NodeSnapshot& node) {
  if (!config.connection_logs) return std::nullopt;
  return destination_of(config, node,
                        {"connection_logs.s3.bucket", "connection_logs.s3.prefix", "conn_log."});
}

}  // namespace landfall::elbv2::dataplane
