// MetadataService: the instance metadata service of some VPCs (IMDSv2, 169.254.169.254:80), on one event
// loop.
//
//   service.apply(vpc_id, &document);            // MetadataSnapshot, as it comes and goes (nullptr)
//   service.serve(vpc_id, std::move(listener));  // a listening socket in that VPC, from host
//   service.forget(vpc_id);                      // closes its listeners and connections
//
// Threads: the loop's, for all of it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "http/server.h"
#include "services/ec2/dataplane/metadata_answer.h"
#include "services/ec2/snapshot.h"

namespace landfall::ec2 {

inline constexpr char kMetadataAddress[] = "169.254.169.254";
inline constexpr uint16_t kMetadataPort = 80;

// Credentials are kept until this long before they end, so that who asks gets some that last.
inline constexpr int64_t kRenewBeforeMs = 10 * 60 * 1000;

class MetadataService {
 public:
  struct Options {
    EventLoop& loop;
    const Clock& clock = Clock::system();
    Random& random = Random::system();
  };
  explicit MetadataService(Options options);

  void set_iam(std::shared_ptr<const iam::IamSnapshot> iam) { iam_ = std::move(iam); }
  Result<> apply(std::string_view vpc_id, const std::string* document);
  Result<> serve(std::string_view vpc_id, UniqueFd listener);
  void forget(std::string_view vpc_id) { servers_.erase(std::string(vpc_id)); }

  // What `serve` answers with; for tests.
  MetadataAnswer answer(std::string_view vpc_id, const http::Request& request, std::string_view caller_ip);

 private:
  Result<iam::InstanceRole> mint(const InstanceMetadata& instance);

  struct Cached {
    std::string profile_arn, role_id;
    iam::InstanceRole role;
  };

  Options options_;
  Secret token_key_;  // of this process: after a restart clients fetch another token, as a 401 tells them
  std::shared_ptr<const iam::IamSnapshot> iam_;
  std::map<std::string, MetadataSnapshot, std::less<>> vpcs_;
  std::map<std::string, std::unique_ptr<http::HttpServer>, std::less<>> servers_;
  std::map<std::string, Cached, std::less<>> credentials_;  // by instance
};

}  // namespace landfall::ec2
