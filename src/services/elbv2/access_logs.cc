#include "services/elbv2/access_logs.h"

#include "codec/fields.h"
#include "codec/uri.h"
#include "elbv2/errors.h"
#include "gateway/ask_s3.h"
#include "services/elbv2/balancers.h"
#include "services/elbv2/log_writers.h"

namespace landfall::elbv2 {
namespace {

// x-landfall-principal of a log's writer (s3.h).
struct LogWriter {
  int64_t kind = 6;
  std::string service, account, region, source_arn, source_account;
  template <class V>
  void fields(V& v) {
    v("kind", kind);
    v("service", service);
    v("account", account);
    v("region", region);
    v("source_arn", source_arn);
    v("source_account", source_account);
  }
};

[[noreturn]] void refuse(const S3Reply& reply, const std::string& bucket, const std::string& name) {
  if (reply.error_code == "NoSuchBucket" || reply.error_code == "InvalidBucketName")
    throw InvalidConfigurationRequestException("S3Bucket: " + bucket + " does not exist");
  if (reply.error_code == "PermanentRedirect")
    throw InvalidConfigurationRequestException("S3Bucket: " + bucket +
                                               " is not located in the same region with ELB: " + name);
  throw InvalidConfigurationRequestException("Access Denied for bucket: " + bucket +
                                             ". Please check S3bucket permission");
}

}  // namespace

void check_access_logs(const Call& call, const LoadBalancerRecord& record) {
  const auto value = [&](const char* key) {
    return attribute(record.attributes, default_load_balancer_attributes(), key);
  };
  if (value("access_logs.s3.enabled") != "true") return;
  const std::string bucket = value("access_logs.s3.bucket"), prefix = value("access_logs.s3.prefix");
  const std::string name = record.shown.LoadBalancerName.value_or("");
  if (bucket.empty())
    throw InvalidConfigurationRequestException("The access logs of a load balancer need an S3 bucket");
  if (prefix.find("AWSLogs") != std::string::npos)
    throw InvalidConfigurationRequestException("The prefix of access logs can't include 'AWSLogs'");
  LogWriter writer{.service = std::string(kLogDeliveryService),
                   .region = call.region,
                   .source_arn = record.shown.LoadBalancerArn.value_or(""),
                   .source_account = call.account};
  S3Client::Request test{
      .method = "PUT",
      .path = "/" + bucket + "/" +
              codec::percent_encode(log_folder(prefix, call.account) + "ELBAccessLogTestFile",
                                    codec::Slash::kept),
      .content_type = "text/plain",
      .body = "Enable AccessLog for ELB: " + name + " at " + format_iso8601(call.now) + "\n",
      .principal = to_json(writer)};
  auto reply = ask_s3(call, test);
  if (!reply || reply->status < 300) return;
  const std::string account(elb_account_of(call.region));
  if (reply->status != 403 || account.empty()) refuse(*reply, bucket, name);
  writer.service.clear();
  writer.account = account;
  test.principal = to_json(writer);
  reply = ask_s3(call, test);
  if (reply->status >= 300) refuse(*reply, bucket, name);
}

}  // namespace landfall::elbv2
