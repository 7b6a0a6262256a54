// What `landfall apply` asks of CloudFormation, S3, CloudFront and Beanstalk, each a function of an
// ApiClient.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/api_client.h"

namespace landfall::cli {

struct StackState {
  std::string id;
  std::string status;  // "CREATE_COMPLETE"
  std::string reason;
  std::map<std::string, std::string> outputs;
};

struct StackEvent {
  std::string id;
  std::string logical_id;
  std::string type;
  std::string status;
  std::string reason;
};

// Nothing if there is no such stack.
Result<std::optional<StackState>> describe_stack(const ApiClient& api, const std::string& name);
// Newest first, as CloudFormation gives them; the first page.
Result<std::vector<StackEvent>> stack_events(const ApiClient& api, const std::string& name);

enum class StackChange { create, update };
enum class ChangeStart { started, nothing_to_do };
Result<ChangeStart> start_change(const ApiClient& api, StackChange change, const std::string& name,
                                 const std::string& template_body,
                                 const std::map<std::string, std::string>& parameters);
Result<> delete_stack(const ApiClient& api, const std::string& name);

Result<> ensure_bucket(const ApiClient& api, const std::string& bucket);
enum class Upload { done, unchanged };
// Not sent if an object with these bytes is there already.
Result<Upload> upload(const ApiClient& api, const std::string& bucket, const std::string& key,
                      const std::string& content, const std::string& content_type);
Result<> invalidate_all(const ApiClient& api, const std::string& distribution_id);

struct EnvironmentState {
  std::string name;
  std::string status;  // "Ready"
  std::string health;  // "Green"
  std::string cname;
};
Result<std::vector<EnvironmentState>> describe_environments(const ApiClient& api);

}  // namespace landfall::cli
