// The instance metadata service, version 2 (session tokens): who this instance is, and its role's
// credentials. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

namespace myapp {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
};

// Threads: any.
class InstanceMetadata {
 public:
  // "" outside an instance.
  std::string instance_id();
  std::string availability_zone();
  // Of the instance profile's role; fetched anew some minutes before they expire. Nothing if there is no
  // role.
  std::optional<Credentials> credentials();

 private:
  static constexpr auto kTokenLife = std::chrono::hours(6);
  static constexpr auto kRefreshBefore = std::chrono::minutes(5);

  std::optional<std::string> get(const std::string& path);
  const std::string& remembered(std::string& value, const std::string& path);
  bool refresh_token();

  std::mutex mutex_;  // guards everything below
  std::string token_;
  std::chrono::steady_clock::time_point token_expires_;
  std::string instance_id_, availability_zone_;
  std::optional<Credentials> credentials_;
  std::chrono::system_clock::time_point credentials_expire_;
};

}  // namespace myapp
