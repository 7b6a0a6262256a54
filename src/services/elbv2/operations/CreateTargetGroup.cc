// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
#include <algorithm>

#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/ec2/ec2.h"
#include "services/elbv2/balancers.h"
#include "services/elbv2/refused.h"

namespace landfall::elbv2 {

namespace {

// The request again: its answer is the target group that it made.
bool is_request_again(const TargetGroupRecord& other, const CreateTargetGroupInput& in) {
  const auto same = [](const auto& given, const auto& theirs) { return !given || given == theirs; };
  const TargetGroup& group = other.shown;
  return group.VpcId == in.VpcId && group.Port == in.Port && same(in.Protocol, group.Protocol) &&
         same(in.TargetType, group.TargetType) && same(in.HealthCheckPath, group.HealthCheckPath) &&
         same(in.HealthCheckPort, group.HealthCheckPort) &&
         same(in.HealthCheckProtocol, group.HealthCheckProtocol) &&
         same(in.HealthCheckIntervalSeconds, group.HealthCheckIntervalSeconds) &&
         same(in.HealthCheckTimeoutSeconds, group.HealthCheckTimeoutSeconds) &&
         same(in.HealthyThresholdCount, group.HealthyThresholdCount) &&
         same(in.UnhealthyThresholdCount, group.UnhealthyThresholdCount) && other.tags == tag_map(in.Tags);
}

}  // namespace

CreateTargetGroupOutput CreateTargetGroup(Call& call, const CreateTargetGroupInput& in) {
  refuse(in, kTargetGroupRefusals);
  refuse(in, kCreateTargetGroupRefusals);
  const std::string& name = *in.Name;
  const bool well_formed =
      !name.empty() && name.size() <= 32 && name.front() != '-' && name.back() != '-' &&
      std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) || c == '-'; });
  if (!well_formed)
    throw ServiceError("ValidationError", 400,
                       "Target group name '" + name +
                           "' must contain only alphanumeric characters and hyphens, must not begin or end "
                           "with one, and must have at most 32 of them");
  for (const auto& [arn, other] : call.rows(kTargetGroups).all()) {
    if (other->shown.TargetGroupName != name) continue;
    if (is_request_again(*other, in)) return {.TargetGroups = {shown(call, *other)}};
    throw DuplicateTargetGroupNameException("A target group with the same name '" + name +
                                            "' exists, but with different settings");
  }
  const std::string type = in.TargetType.value_or("instance"), protocol = in.Protocol.value_or("HTTP");
  if (type != "instance" && type != "ip")
    throw InvalidConfigurationRequestException("Landfall has target types instance and ip only, not " + type);
  if (protocol != "HTTP" && protocol != "HTTPS")
    throw UnsupportedProtocolException("Landfall has protocols HTTP and HTTPS only, not " + protocol);
  // Terraform's provider says "" where nothing is said.
  const std::string version = in.ProtocolVersion.value_or("");
  if (!version.empty() && version != "HTTP1")
    throw UnsupportedProtocolException("Landfall speaks HTTP/1.1 to targets: ProtocolVersion must be HTTP1");
  if (!in.Port || !in.VpcId)
    throw ServiceError("ValidationError", 400, "A port and a VPC ID must be specified");
  if (!ec2::find_vpc(call, *in.VpcId))
    throw ServiceError("ValidationError", 400, "The VPC ID '" + *in.VpcId + "' is not found");
  TargetGroupRecord record;
  TargetGroup& group = record.shown;
  group.TargetGroupArn = call.arn("elasticloadbalancing", "targetgroup/" + name + "/" + new_id(call));
  group.TargetGroupName = name;
  group.Protocol = protocol;
  group.ProtocolVersion = "HTTP1";
  group.Port = in.Port;
  group.VpcId = in.VpcId;
  group.TargetType = type;
  group.IpAddressType = "ipv4";
  group.HealthCheckProtocol = in.HealthCheckProtocol.value_or("HTTP");
  group.HealthCheckPort = in.HealthCheckPort.value_or("traffic-port");
  group.HealthCheckEnabled = in.HealthCheckEnabled.value_or(true);
  group.HealthCheckPath = in.HealthCheckPath.value_or("/");
  group.HealthCheckIntervalSeconds = in.HealthCheckIntervalSeconds.value_or(30);
  group.HealthCheckTimeoutSeconds = in.HealthCheckTimeoutSeconds.value_or(5);
  group.HealthyThresholdCount = in.HealthyThresholdCount.value_or(5);
  group.UnhealthyThresholdCount = in.UnhealthyThresholdCount.value_or(2);
  group.Matcher = in.Matcher ? *in.Matcher : Matcher{.HttpCode = "200"};
  if (*group.HealthCheckTimeoutSeconds >= *group.HealthCheckIntervalSeconds)
    throw ServiceError("ValidationError", 400,
                       "Health check timeout '" + std::to_string(*group.HealthCheckTimeoutSeconds) +
                           "' must be smaller than the interval '" +
                           std::to_string(*group.HealthCheckIntervalSeconds) + "'");
  record.tags = tag_map(in.Tags);
  call.rows(kTargetGroups).put(*group.TargetGroupArn, record);
  return {.TargetGroups = {shown(call, record)}};
}

}  // namespace landfall::elbv2
