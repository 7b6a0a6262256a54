// What the operations and the reconciler share: look-ups, events.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/elasticbeanstalk/store.h"

namespace landfall::elasticbeanstalk {

[[noreturn]] void invalid_value(const std::string& why);  // InvalidParameterValue

ApplicationRecord find_application(const Call& call, std::string_view name);
ApplicationDescription shown(const Call& call, const ApplicationRecord& record);
std::string version_key(std::string_view application, std::string_view label);
VersionRecord find_version(const Call& call, std::string_view application, std::string_view label);
TemplateRecord find_template(const Call& call, const std::string& application, const std::string& name);
// The tags of the application, version, template or environment that the ARN names; throws
// ResourceNotFoundException.
void change_tags(Call& call, const std::string& arn, const std::function<void(Tags&)>& change);
// The page after a token (an index), at most `limit`; sets `next`.
template <class T>
std::vector<T> page_of(const std::optional<std::string>& token, int64_t limit,
                       std::optional<std::string>& next, std::vector<T> all) {
  const size_t begin = token ? std::min<size_t>(std::strtoull(token->c_str(), nullptr, 10), all.size()) : 0;
  const size_t end = std::min(begin + static_cast<size_t>(limit), all.size());
  if (end < all.size()) next = std::to_string(end);
  return {std::make_move_iterator(all.begin() + static_cast<ptrdiff_t>(begin)),
          std::make_move_iterator(all.begin() + static_cast<ptrdiff_t>(end))};
}
ApplicationRecord new_application(Call& call, const std::string& name,
                                  const std::optional<std::string>& description);

// By id or name; environments that are gone are not found.
EnvironmentRecord find_environment(const Call& call, const std::optional<std::string>& id,
                                   const std::optional<std::string>& name);
bool is_live(const EnvironmentRecord& record);  // not Terminated
void put_environment(Call& call, const EnvironmentRecord& record);
// The part of an environment's CNAME before ".<region>.elasticbeanstalk.com" is taken.
bool cname_taken(const Call& call, const std::string& cname);
std::string cname_suffix(const Call& call);
std::string settle_tier(const EnvironmentTier& tier);  // throws for tiers that Landfall has not

// Severity: INFO, WARN, ERROR.
void put_event(Call& call, EnvironmentRecord& record, const std::string& severity,
               const std::string& message);
void put_application_event(Call& call, const std::string& application, const std::string& version_label,
                           const std::string& severity, const std::string& message);

Tags tag_map(const std::vector<Tag>& tags);
// Begins the end of an environment.
void begin_termination(Call& call, EnvironmentRecord& record);

}  // namespace landfall::elasticbeanstalk
