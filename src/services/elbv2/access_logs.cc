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

struct LogKind {
  const char* attributes;  // "access_logs.s3."
  const char* words;       // "access logs"
  const char *what, *test_file;
};

void check_logs(const Call& call, const LoadBalancerRecord& record, const LogKind& kind) {
  const auto value = [&](const char* key) {
    return attribute(record.attributes, default_load_balancer_attributes(),
                     std::string(kind.attributes) + key);
  };
  if (value("enabled") != "true") return;
  const std::string bucket = value("bucket"), prefix = value("prefix");
  const std::string name = record.shown.LoadBalancerName.value_or("");
  if (bucket.empty())
    throw InvalidConfigurationRequestException(std::string("The ") + kind.words +
                                               " of a load balancer need an S3 bucket");
  if (prefix.find("AWSLogs") != std::string::npos)
    throw InvalidConfigurationRequestException(std::string("The prefix of ") + kind.words +
                                               " can't include 'AWSLogs'");
  LogWriter writer{.service = std::string(kLogDeliveryService),
                   .region = call.region,
                   .source_arn = record.shown.LoadBalancerArn.value_or(""),
                   .source_account = call.account};
  S3Client::Request test{
      .method = "PUT",
      .path = "/" + bucket + "/" +
              codec::percent_encode(log_folder(prefix, call.account) + kind.test_file, codec::Slash::kept),
      .content_type = "text/plain",
      .body =
          std::string("Enable ") + kind.what + " for ELB: " + name + " at " + format_iso8601(call.now) + "\n",
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

}  // namespace

void check_access_logs(const Call& call, const LoadBalancerRecord& record) {
  check_logs(call, record, {"access_logs.s3.", "access logs", "AccessLog", "ELBAccessLogTestFile"});
}

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-connection-logging.html
void check_connection_logs(const Call& call, const LoadBalancerRecord& record) {
  check_logs(call, record,
             {"connection_logs.s3.", "connection logs", "ConnectionLog", "ELBConnectionLogTestFile"});
}

}  // namespace landfall::elbv2
