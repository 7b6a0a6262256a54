#include "instance_metadata.h"

#include <ctime>

#include <boost/json.hpp>

#include "transfer.h"

namespace myapp {

namespace {
constexpr const char* kService = "http://169.254.169.254/latest/";
constexpr long kTimeoutMs = 2'000;
constexpr const char* kTokenSeconds = "21600";

std::string text(const boost::json::value& object, const char* key) {
  return std::string(object.at(key).as_string());
}

std::chrono::system_clock::time_point parse_time(const std::string& iso8601) {
  std::tm time{};
  if (!strptime(iso8601.c_str(), "%Y-%m-%dT%H:%M:%S", &time)) return std::chrono::system_clock::now();
  return std::chrono::system_clock::from_time_t(timegm(&time));
}

}  // namespace

bool InstanceMetadata::refresh_token() {
  const auto now = std::chrono::steady_clock::now();
  if (!token_.empty() && now < token_expires_) return true;
  const auto answer =
      perform({.method = "PUT",
               .url = std::string(kService) + "api/token",
               .headers = {std::string("X-aws-ec2-metadata-token-ttl-seconds: ") + kTokenSeconds},
               .timeout_ms = kTimeoutMs});
  if (answer.status != 200) return false;
  token_ = answer.body;
  token_expires_ = now + kTokenLife - kRefreshBefore;
  return true;
}

std::optional<std::string> InstanceMetadata::get(const std::string& path) {
  if (!refresh_token()) return std::nullopt;
  const auto answer = perform({.url = std::string(kService) + "meta-data/" + path,
                               .headers = {"X-aws-ec2-metadata-token: " + token_},
                               .timeout_ms = kTimeoutMs});
  if (answer.status == 401) token_.clear();  // the service forgot it: the next call asks for another
  if (answer.status != 200) return std::nullopt;
  return answer.body;
}

const std::string& InstanceMetadata::remembered(std::string& value, const std::string& path) {
  if (value.empty()) value = get(path).value_or("");
  return value;
}

std::string InstanceMetadata::instance_id() {
  std::lock_guard lock(mutex_);
  return remembered(instance_id_, "instance-id");
}

std::string InstanceMetadata::availability_zone() {
  std::lock_guard lock(mutex_);
  return remembered(availability_zone_, "placement/availability-zone");
}

std::optional<Credentials> InstanceMetadata::credentials() {
  std::lock_guard lock(mutex_);
  if (credentials_ && std::chrono::system_clock::now() + kRefreshBefore < credentials_expire_)
    return credentials_;
  const auto role = get("iam/security-credentials/");
  if (!role) return std::nullopt;
  const auto document = get("iam/security-credentials/" + role->substr(0, role->find('\n')));
  if (!document) return std::nullopt;
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(*document, error);
  if (error || !parsed.is_object() || !parsed.as_object().contains("AccessKeyId")) return std::nullopt;
  credentials_ = {text(parsed, "AccessKeyId"), text(parsed, "SecretAccessKey"), text(parsed, "Token")};
  credentials_expire_ = parse_time(text(parsed, "Expiration"));
  return credentials_;
}

}  // namespace myapp
