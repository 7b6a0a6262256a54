#include "aws/policy/actions.h"

#include <algorithm>
#include <span>

namespace landfall::aws::policy {
namespace {

using std::string;
using std::string_view;

struct Renamed {
  string_view operation, permission;
};

// S3's permissions that are not named as the operation.
constexpr Renamed kS3[] = {
    {"AbortMultipartUpload", "AbortMultipartUpload"},
    {"CompleteMultipartUpload", "PutObject"},
    {"CopyObject", "PutObject"},
    {"CreateMultipartUpload", "PutObject"},
    {"DeleteBucketCors", "PutBucketCORS"},
    {"DeleteBucketEncryption", "PutEncryptionConfiguration"},
    {"DeleteBucketLifecycle", "PutLifecycleConfiguration"},
    {"DeleteBucketOwnershipControls", "PutBucketOwnershipControls"},
    {"DeleteBucketReplication", "PutReplicationConfiguration"},
    {"DeleteBucketTagging", "PutBucketTagging"},
    {"DeleteObjects", "DeleteObject"},
    {"DeletePublicAccessBlock", "PutBucketPublicAccessBlock"},
    {"GetBucketAccelerateConfiguration", "GetAccelerateConfiguration"},
    {"GetBucketCors", "GetBucketCORS"},
    {"GetBucketEncryption", "GetEncryptionConfiguration"},
    {"GetBucketLifecycle", "GetLifecycleConfiguration"},
    {"GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"},
    {"GetBucketNotificationConfiguration", "GetBucketNotification"},
    {"GetBucketReplication", "GetReplicationConfiguration"},
    {"GetObjectAttributes", "GetObject"},
    {"GetObjectLockConfiguration", "GetBucketObjectLockConfiguration"},
    {"GetPublicAccessBlock", "GetBucketPublicAccessBlock"},
    {"HeadBucket", "ListBucket"},
    {"HeadObject", "GetObject"},
    {"ListBuckets", "ListAllMyBuckets"},
    {"ListMultipartUploads", "ListBucketMultipartUploads"},
    {"ListObjectVersions", "ListBucketVersions"},
    {"ListObjects", "ListBucket"},
    {"ListObjectsV2", "ListBucket"},
    {"ListParts", "ListMultipartUploadParts"},
    {"PutBucketAccelerateConfiguration", "PutAccelerateConfiguration"},
    {"PutBucketCors", "PutBucketCORS"},
    {"PutBucketEncryption", "PutEncryptionConfiguration"},
    {"PutBucketLifecycle", "PutLifecycleConfiguration"},
    {"PutBucketLifecycleConfiguration", "PutLifecycleConfiguration"},
    {"PutBucketNotificationConfiguration", "PutBucketNotification"},
    {"PutBucketReplication", "PutReplicationConfiguration"},
    {"PutObjectLockConfiguration", "PutBucketObjectLockConfiguration"},
    {"PutPublicAccessBlock", "PutBucketPublicAccessBlock"},
    {"SelectObjectContent", "GetObject"},
    {"UploadPart", "PutObject"},
    {"UploadPartCopy", "PutObject"},
};
constexpr string_view kS3VersionedPermissions[] = {
    "GetObject",        "DeleteObject",     "GetObjectAcl",       "PutObjectAcl",
    "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging"};

string s3_permission(string_view operation, ObjectVersion version) {
  const auto renamed = std::ranges::find(kS3, operation, &Renamed::operation);
  string permission(renamed != std::end(kS3) ? renamed->permission : operation);
  if (version == ObjectVersion::named &&
      std::ranges::find(kS3VersionedPermissions, permission) != std::end(kS3VersionedPermissions)) {
    // GetObject -> GetObjectVersion, GetObjectTagging -> GetObjectVersionTagging
    permission.insert(permission.find("Object") + 6, "Version");
  }
  return permission;
}

// A member whose value is the resource's name, and the ARN around it: {} is the value, {account} and {region}
// are the request's, {Name} another member's value ("*" if absent). An empty operation pattern: every
// operation with the member. A value that is an ARN already stands for itself.
struct Rule {
  string_view operations;  // "" any; else names separated by spaces; a trailing '*' is a prefix
  string_view member;      // "" always
  string_view arn;         // "" no resource-level permission: "*"
};

constexpr Rule kEc2[] = {
    {"Describe*", "", ""},
    {"RunInstances", "", "arn:aws:ec2:{region}:{account}:instance/*"},
    {"CreateSubnet", "", "arn:aws:ec2:{region}:{account}:subnet/*"},
    {"CreateSecurityGroup", "", "arn:aws:ec2:{region}:{account}:security-group/*"},
    {"CreateRouteTable", "", "arn:aws:ec2:{region}:{account}:route-table/*"},
    {"CreateVpc CreateDefaultVpc", "", "arn:aws:ec2:{region}:{account}:vpc/*"},
    {"CreateInternetGateway", "", "arn:aws:ec2:{region}:{account}:internet-gateway/*"},
    {"CreateNetworkInterface", "", "arn:aws:ec2:{region}:{account}:network-interface/*"},
    {"CreateLaunchTemplate", "", "arn:aws:ec2:{region}:{account}:launch-template/*"},
    {"CreateNatGateway", "", "arn:aws:ec2:{region}:{account}:natgateway/*"},
    {"CreateVolume", "", "arn:aws:ec2:{region}:{account}:volume/*"},
    {"AllocateAddress", "", "arn:aws:ec2:{region}:{account}:elastic-ip/*"},
    {"CreateKeyPair ImportKeyPair DeleteKeyPair", "KeyName", "arn:aws:ec2:{region}:{account}:key-pair/{}"},
    {"CreateTags DeleteTags", "", ""},
    {"", "InstanceId", "arn:aws:ec2:{region}:{account}:instance/{}"},
    {"", "InstanceIds", "arn:aws:ec2:{region}:{account}:instance/{}"},
    {"", "InternetGatewayId", "arn:aws:ec2:{region}:{account}:internet-gateway/{}"},
    {"", "RouteTableId", "arn:aws:ec2:{region}:{account}:route-table/{}"},
    {"", "SubnetId", "arn:aws:ec2:{region}:{account}:subnet/{}"},
    {"", "GroupId", "arn:aws:ec2:{region}:{account}:security-group/{}"},
    {"", "NetworkInterfaceId", "arn:aws:ec2:{region}:{account}:network-interface/{}"},
    {"", "NatGatewayId", "arn:aws:ec2:{region}:{account}:natgateway/{}"},
    {"", "NetworkAclId", "arn:aws:ec2:{region}:{account}:network-acl/{}"},
    {"", "LaunchTemplateId", "arn:aws:ec2:{region}:{account}:launch-template/{}"},
    {"", "AllocationId", "arn:aws:ec2:{region}:{account}:elastic-ip/{}"},
    {"", "VolumeId", "arn:aws:ec2:{region}:{account}:volume/{}"},
    {"", "ImageId", "arn:aws:ec2:{region}::image/{}"},
    {"", "VpcId", "arn:aws:ec2:{region}:{account}:vpc/{}"},
};

constexpr Rule kElbv2[] = {
    {"Describe*", "", ""},
    {"CreateLoadBalancer", "Name", "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{}/*"},
    {"CreateTargetGroup", "Name", "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{}/*"},
    {"", "RuleArn", "{}"},
    {"", "ListenerArn", "{}"},
    {"", "LoadBalancerArn", "{}"},
    {"", "TargetGroupArn", "{}"},
    {"", "ResourceArns", "{}"},
};

constexpr Rule kAutoScaling[] = {
    {"Describe*", "", ""},
    {"", "AutoScalingGroupName",
     "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/{}"},
    {"", "LaunchConfigurationName",
     "arn:aws:autoscaling:{region}:{account}:launchConfiguration:*:launchConfigurationName/{}"},
};

constexpr Rule kElasticBeanstalk[] = {
    {"CheckDNSAvailability CreateStorageLocation ListAvailableSolutionStacks", "", ""},
    {"", "ResourceArn", "{}"},
    {"CreateApplicationVersion DeleteApplicationVersion UpdateApplicationVersion", "VersionLabel",
     "arn:aws:elasticbeanstalk:{region}:{account}:applicationversion/{ApplicationName}/{}"},
    {"", "EnvironmentName", "arn:aws:elasticbeanstalk:{region}:{account}:environment/{ApplicationName}/{}"},
    {"", "TemplateName",
     "arn:aws:elasticbeanstalk:{region}:{account}:configurationtemplate/{ApplicationName}/{}"},
    {"", "ApplicationName", "arn:aws:elasticbeanstalk:{region}:{account}:application/{}"},
};

constexpr Rule kRds[] = {
    {"", "ResourceName", "{}"},
    {"CreateDBSnapshot CopyDBSnapshot DeleteDBSnapshot DescribeDBSnapshots", "DBSnapshotIdentifier",
     "arn:aws:rds:{region}:{account}:snapshot:{}"},
    {"", "DBInstanceIdentifier", "arn:aws:rds:{region}:{account}:db:{}"},
    {"", "DBClusterIdentifier", "arn:aws:rds:{region}:{account}:cluster:{}"},
    {"", "DBSnapshotIdentifier", "arn:aws:rds:{region}:{account}:snapshot:{}"},
    {"", "DBSubnetGroupName", "arn:aws:rds:{region}:{account}:subgrp:{}"},
    {"", "DBParameterGroupName", "arn:aws:rds:{region}:{account}:pg:{}"},
    {"", "OptionGroupName", "arn:aws:rds:{region}:{account}:og:{}"},
    {"DescribeDBInstances", "", "arn:aws:rds:{region}:{account}:db:*"},
    {"DescribeDBSubnetGroups", "", "arn:aws:rds:{region}:{account}:subgrp:*"},
    {"DescribeDBParameterGroups", "", "arn:aws:rds:{region}:{account}:pg:*"},
    {"DescribeDBSnapshots", "", "arn:aws:rds:{region}:{account}:snapshot:*"},
};

constexpr Rule kElastiCache[] = {
    {"", "ResourceName", "{}"},
    {"", "ReplicationGroupId", "arn:aws:elasticache:{region}:{account}:replicationgroup:{}"},
    {"", "CacheClusterId", "arn:aws:elasticache:{region}:{account}:cluster:{}"},
    {"", "UserId", "arn:aws:elasticache:{region}:{account}:user:{}"},
    {"", "UserGroupId", "arn:aws:elasticache:{region}:{account}:usergroup:{}"},
    {"", "CacheSubnetGroupName", "arn:aws:elasticache:{region}:{account}:subnetgroup:{}"},
    {"", "CacheParameterGroupName", "arn:aws:elasticache:{region}:{account}:parametergroup:{}"},
    {"", "SnapshotName", "arn:aws:elasticache:{region}:{account}:snapshot:{}"},
};

constexpr Rule kRoute53[] = {
    {"GetChange", "Id", "arn:aws:route53:::change/{}"},
    {"", "HostedZoneId", "arn:aws:route53:::hostedzone/{}"},
    {"", "HealthCheckId", "arn:aws:route53:::healthcheck/{}"},
    {"ChangeTagsForResource ListTagsForResource", "ResourceId", "arn:aws:route53:::{ResourceType}/{}"},
    {"GetHostedZone DeleteHostedZone UpdateHostedZoneComment", "Id", "arn:aws:route53:::hostedzone/{}"},
};

constexpr Rule kCloudFront[] = {
    {"", "DistributionId", "arn:aws:cloudfront::{account}:distribution/{}"},
    {"GetDistribution GetDistributionConfig UpdateDistribution DeleteDistribution", "Id",
     "arn:aws:cloudfront::{account}:distribution/{}"},
    {"CreateDistribution CreateDistributionWithTags", "", "arn:aws:cloudfront::{account}:distribution/*"},
    {"GetOriginAccessControl GetOriginAccessControlConfig UpdateOriginAccessControl "
     "DeleteOriginAccessControl",
     "Id", "arn:aws:cloudfront::{account}:origin-access-control/{}"},
    {"GetCachePolicy GetCachePolicyConfig UpdateCachePolicy DeleteCachePolicy", "Id",
     "arn:aws:cloudfront::{account}:cache-policy/{}"},
    {"GetOriginRequestPolicy GetOriginRequestPolicyConfig UpdateOriginRequestPolicy "
     "DeleteOriginRequestPolicy",
     "Id", "arn:aws:cloudfront::{account}:origin-request-policy/{}"},
    {"GetResponseHeadersPolicy GetResponseHeadersPolicyConfig UpdateResponseHeadersPolicy "
     "DeleteResponseHeadersPolicy",
     "Id", "arn:aws:cloudfront::{account}:response-headers-policy/{}"},
    {"CreateFunction DescribeFunction GetFunction UpdateFunction PublishFunction DeleteFunction", "Name",
     "arn:aws:cloudfront::{account}:function/{}"},
    {"", "Resource", "{}"},
};

constexpr Rule kCloudWatch[] = {
    {"PutMetricData GetMetricData GetMetricStatistics ListMetrics", "", ""},
    {"", "AlarmName", "arn:aws:cloudwatch:{region}:{account}:alarm:{}"},
    {"", "AlarmNames", "arn:aws:cloudwatch:{region}:{account}:alarm:{}"},
    {"DescribeAlarms DescribeAlarmHistory", "", "arn:aws:cloudwatch:{region}:{account}:alarm:*"},
    {"", "DashboardName", "arn:aws:cloudwatch::{account}:dashboard/{}"},
    {"", "ResourceARN", "{}"},
};

constexpr Rule kCloudFormation[] = {
    {"ListStacks ValidateTemplate DescribeAccountLimits", "", ""},
    {"", "StackName", "arn:aws:cloudformation:{region}:{account}:stack/{}/*"},
};

constexpr Rule kAcm[] = {
    {"", "CertificateArn", "{}"},
    {"RequestCertificate ImportCertificate", "", "arn:aws:acm:{region}:{account}:certificate/*"},
};

constexpr Rule kIam[] = {
    {"CreatePolicy", "PolicyName", "arn:aws:iam::{account}:policy/{}"},
    {"SimulatePrincipalPolicy", "PolicySourceArn", "{}"},
    {"CreateServiceLinkedRole", "AWSServiceName", "arn:aws:iam::{account}:role/aws-service-role/{}/*"},
    {"", "InstanceProfileName", "arn:aws:iam::{account}:instance-profile/{}"},
    {"", "RoleName", "arn:aws:iam::{account}:role/{}"},
    {"", "UserName", "arn:aws:iam::{account}:user/{}"},
    {"", "GroupName", "arn:aws:iam::{account}:group/{}"},
    {"", "PolicyArn", "{}"},
    {"ListUsers", "", "arn:aws:iam::{account}:user/"},
    {"ListRoles", "", "arn:aws:iam::{account}:role/"},
    {"ListInstanceProfiles", "", "arn:aws:iam::{account}:instance-profile/"},
};

constexpr Rule kLogs[] = {
    {"DescribeLogGroups", "", "arn:aws:logs:{region}:{account}:log-group::log-stream:"},
    {"ListLogGroups", "", "arn:aws:logs:{region}:{account}:log-group::log-stream:"},
    {"PutLogEvents GetLogEvents DeleteLogStream CreateLogStream", "logStreamName",
     "arn:aws:logs:{region}:{account}:log-group:{logGroupName}:log-stream:{}"},
    {"TagResource UntagResource ListTagsForResource", "resourceArn", "{}"},
    {"", "logGroupName", "arn:aws:logs:{region}:{account}:log-group:{}:log-stream:"},
    {"", "logGroupIdentifier", "arn:aws:logs:{region}:{account}:log-group:{}:log-stream:"},
};

// {} of a parameter's name begins with its slash.
constexpr Rule kSsm[] = {
    {"DescribeParameters", "", "arn:aws:ssm:{region}:{account}:*"},
    {"AddTagsToResource RemoveTagsFromResource ListTagsForResource", "ResourceId",
     "arn:aws:ssm:{region}:{account}:parameter{}"},
    {"", "Name", "arn:aws:ssm:{region}:{account}:parameter{}"},
    {"GetParametersByPath", "Path", "arn:aws:ssm:{region}:{account}:parameter{}"},
};

// Secrets are known by ARNs with a random end: the handlers authorise. What is here, the gateway does.
constexpr Rule kSecretsManager[] = {
    {"ListSecrets BatchGetSecretValue GetRandomPassword ValidateResourcePolicy", "", ""},
};

constexpr Rule kSts[] = {{"", "RoleArn", "{}"}};

constexpr Rule kS3Resources[] = {
    {"ListBuckets", "", ""},
    {"", "Key", "arn:aws:s3:::{Bucket}/{}"},
    {"", "Bucket", "arn:aws:s3:::{}"},
};

struct Table {
  string_view service;
  std::span<const Rule> rules;
};
const Table kTables[] = {
    {"ec2", kEc2},
    {"elbv2", kElbv2},
    {"autoscaling", kAutoScaling},
    {"elasticbeanstalk", kElasticBeanstalk},
    {"rds", kRds},
    {"elasticache", kElastiCache},
    {"route53", kRoute53},
    {"cloudfront", kCloudFront},
    {"cloudwatch", kCloudWatch},
    {"cloudformation", kCloudFormation},
    {"acm", kAcm},
    {"iam", kIam},
    {"logs", kLogs},
    {"ssm", kSsm},
    {"secretsmanager", kSecretsManager},
    {"sts", kSts},
    {"s3", kS3Resources},
};

bool operation_listed(string_view list, string_view operation) {
  if (list.empty()) return true;
  while (!list.empty()) {
    const size_t end = list.find(' ');
    string_view name = list.substr(0, end);
    list.remove_prefix(end == string_view::npos ? list.size() : end + 1);
    if (name.ends_with('*') ? operation.starts_with(name.substr(0, name.size() - 1)) : operation == name)
      return true;
  }
  return false;
}

// Route 53's ids come as "/hostedzone/Z1" or "Z1".
string_view without_path(string_view value) {
  return value.starts_with('/') ? value.substr(value.rfind('/') + 1) : value;
}

// "/app/db:3" of Parameter Store is parameter/app/db, "db" is parameter/db; a path's last slash is no part.
string parameter_path(string_view value) {
  value = value.substr(0, value.find(':'));
  if (value.size() > 1 && value.ends_with('/')) value.remove_suffix(1);
  return (value.starts_with('/') ? "" : "/") + string(value);
}

string fill(string_view pattern, string_view value, const ResourceQuery& query) {
  string out;
  while (!pattern.empty()) {
    const size_t open = pattern.find('{');
    out += pattern.substr(0, open);
    if (open == string_view::npos) break;
    const size_t close = pattern.find('}', open);
    const string_view name = pattern.substr(open + 1, close - open - 1);
    pattern.remove_prefix(close + 1);
    if (name.empty())
      out += value;
    else if (name == "region")
      out += query.region;
    else if (name == "account")
      out += query.account;
    else if (string other = query.member(name); other.empty())
      out += '*';
    else
      out += other;
  }
  return out;
}

}  // namespace

string_view action_prefix(string_view service) {
  return service == "elbv2" ? "elasticloadbalancing" : service;
}

string action_name(string_view service, string_view operation, ObjectVersion version) {
  string name(action_prefix(service));
  name += ':';
  if (service == "s3")
    name += s3_permission(operation, version);
  else if (service == "cloudfront" && operation == "CreateDistributionWithTags")
    name += "CreateDistribution";
  else
    name += operation;
  return name;
}

AuthorizedBy authorized_by(string_view service, string_view operation) {
  if (service == "ssm")  // each name by itself
    return operation == "GetParameters" || operation == "DeleteParameters" ? AuthorizedBy::handler
                                                                           : AuthorizedBy::gateway;
  if (service == "secretsmanager")
    return operation_listed(kSecretsManager[0].operations, operation) ? AuthorizedBy::gateway
                                                                      : AuthorizedBy::handler;
  if (service != "sts") return AuthorizedBy::gateway;
  if (operation == "AssumeRole") return AuthorizedBy::handler;
  if (operation == "GetCallerIdentity" || operation == "GetSessionToken") return AuthorizedBy::nobody;
  return AuthorizedBy::gateway;
}

string resource_arn(const ResourceQuery& query) {
  const auto table = std::ranges::find(kTables, query.service, &Table::service);
  if (table == std::end(kTables)) return "*";
  for (const Rule& rule : table->rules) {
    if (!operation_listed(rule.operations, query.operation)) continue;
    if (rule.member.empty()) return rule.arn.empty() ? "*" : fill(rule.arn, {}, query);
    const string value = query.member(rule.member);
    if (value.empty()) continue;
    if (value.starts_with("arn:") && query.service != "s3") return value;
    if (query.service == "ssm") {
      if (value.starts_with("/aws/service/"))
        return "arn:aws:ssm:" + string(query.region) + "::parameter" + parameter_path(value);
      return fill(rule.arn, parameter_path(value), query);
    }
    return fill(rule.arn, query.service == "route53" ? without_path(value) : string_view(value), query);
  }
  return "*";
}

string s3_bucket_arn(string_view bucket) { return "arn:aws:s3:::" + string(bucket); }

string s3_object_arn(string_view bucket, string_view key) {
  string arn;
  arn.reserve(14 + bucket.size() + key.size());
  arn += "arn:aws:s3:::";
  arn += bucket;
  arn += '/';
  arn += key;
  return arn;
}

}  // namespace landfall::aws::policy
