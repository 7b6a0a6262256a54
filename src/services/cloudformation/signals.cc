#include "services/cloudformation/signals.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "gateway/call.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;

constexpr int64_t kMaxTimeoutSeconds = 12 * 60 * 60;

[[noreturn]] void refuse_policy(const std::string& why) { throw ServiceError("ValidationError", 400, why); }

// Templates have numbers as texts too.
int64_t number_of(const json::value& value, const char* name) {
  if (value.is_int64()) return value.as_int64();
  int64_t number = 0;
  if (value.is_string()) {
    const std::string_view text = value.as_string();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size()) return number;
  }
  refuse_policy(std::string("CreationPolicy: ") + name + " must be a number");
}

}  // namespace

int64_t CreationPolicy::needed() const { return (count * needed_percent + 99) / 100; }

bool takes_signals(std::string_view type) {
  return type == "AWS::EC2::Instance" || type == "AWS::AutoScaling::AutoScalingGroup";
}

int64_t seconds_of_duration(std::string_view text) {
  const auto refuse = [&]() {
    refuse_policy("CreationPolicy: " + std::string(text) + " is no duration, as PT15M is");
  };
  if (!text.starts_with("PT") || text.size() < 4) refuse();
  int64_t seconds = 0;
  std::string_view units = "HMS";
  for (std::string_view rest = text.substr(2); !rest.empty();) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc{} || number < 0 || number > kMaxTimeoutSeconds || end == rest.data() + rest.size())
      refuse();
    const size_t unit = units.find(*end);
    if (unit == std::string_view::npos) refuse();
    seconds += number * (*end == 'H' ? 3600 : *end == 'M' ? 60 : 1);
    units.remove_prefix(unit + 1);
    rest.remove_prefix(static_cast<size_t>(end - rest.data()) + 1);
  }
  if (seconds > kMaxTimeoutSeconds) refuse_policy("CreationPolicy: a timeout is of 12 hours at most");
  return seconds;
}

std::optional<CreationPolicy> creation_policy_of(const json::value& attribute) {
  if (!attribute.is_object()) return std::nullopt;
  const auto object_in = [&](const char* name) {
    const json::value* value = attribute.as_object().if_contains(name);
    return value != nullptr && value->is_object() ? &value->as_object() : nullptr;
  };
  const json::object* signal = object_in("ResourceSignal");
  const json::object* scaling = object_in("AutoScalingCreationPolicy");
  if (signal == nullptr && scaling == nullptr) return std::nullopt;
  CreationPolicy policy;
  if (signal != nullptr) {
    if (const auto* count = signal->if_contains("Count")) policy.count = number_of(*count, "Count");
    if (const auto* timeout = signal->if_contains("Timeout"); timeout != nullptr && timeout->is_string())
      policy.timeout_seconds = seconds_of_duration(timeout->as_string());
  }
  if (scaling != nullptr)
    if (const auto* percent = scaling->if_contains("MinSuccessfulInstancesPercent"))
      policy.needed_percent = number_of(*percent, "MinSuccessfulInstancesPercent");
  if (policy.count < 0 || policy.count > static_cast<int64_t>(kMaxSignals))
    refuse_policy("CreationPolicy: Count must be from 0 to " + std::to_string(kMaxSignals));
  if (policy.needed_percent < 0 || policy.needed_percent > 100)
    refuse_policy("CreationPolicy: MinSuccessfulInstancesPercent must be from 0 to 100");
  return policy;
}

bool signalled(const CreationPolicy& policy, const ResourceRecord& resource, Timestamp now) {
  int64_t successes = 0, failures = 0;
  for (const auto& [id, status] : resource.signals) ++(status == "SUCCESS" ? successes : failures);
  if (failures > policy.count - policy.needed())
    throw ServiceError(kNotSignalled, 400,
                       "Received " + std::to_string(failures) + " FAILURE signal(s) out of " +
                           std::to_string(policy.count) + ". Unable to satisfy " +
                           std::to_string(policy.needed_percent) +
                           "% MinSuccessfulInstancesPercent requirement");
  if (successes >= policy.needed()) return true;
  // `updated` is when it was asked for: signals do not change it.
  if (now >= resource.updated.plus_seconds(policy.timeout_seconds))
    throw ServiceError(kNotSignalled, 400,
                       "Failed to receive " + std::to_string(policy.needed() - successes) +
                           " resource signal(s) within the specified duration");
  return false;
}

void take_signal(ResourceRecord& resource, const std::string& unique_id, const std::string& status) {
  if (status != "SUCCESS" && status != "FAILURE")
    refuse_policy("Value '" + status +
                  "' at 'status' failed to satisfy constraint: Member must satisfy enum value set: "
                  "[SUCCESS, FAILURE]");
  if (!resource.status.ends_with("_IN_PROGRESS") || resource.status == "DELETE_IN_PROGRESS")
    refuse_policy("Resource " + resource.logical_id + " is in " + resource.status +
                  " state and can not be signaled.");
  const auto known = resource.signals.find(unique_id);
  if (known != resource.signals.end() && (status == "SUCCESS" || known->second == "FAILURE"))
    refuse_policy("Signal with ID '" + unique_id + "' for resource '" + resource.logical_id +
                  "' already exists. Signals may only be updated with a FAILURE status.");
  if (known == resource.signals.end() && resource.signals.size() >= kMaxSignals)
    refuse_policy("Resource " + resource.logical_id + " has " + std::to_string(kMaxSignals) +
                  " signals already.");
  resource.signals[unique_id] = status;
}

}  // namespace landfall::cloudformation
