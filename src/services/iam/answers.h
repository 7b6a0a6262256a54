// From rows to the shapes of answers, and the Marker/MaxItems pagination that all of IAM's lists share.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "aws/service_error.h"
#include "base/encoding.h"
#include "iam/shapes.h"
#include "services/iam/dataplane/managed_policies.h"
#include "services/iam/records.h"

namespace landfall::iam {

inline constexpr int64_t kDefaultMaxItems = 100;

enum class Detail { in_list, full };  // lists leave out tags and boundaries

User answer(const UserRecord& user, Detail detail);
Group answer(const GroupRecord& group);
Role answer(const RoleRecord& role, Detail detail);
InstanceProfile answer(Call& call, const InstanceProfileRecord& profile, Detail detail);
Policy answer(Call& call, const PolicyRecord& policy, Detail detail);
Policy answer(Call& call, const ManagedPolicy& policy, Detail detail);
std::vector<Tag> answer(const std::map<std::string, std::string>& tags);
// Policy documents travel percent-encoded (RFC 3986) in answers.
std::string encoded_document(const std::string& document);

// `all`, in order of key(element), after in.Marker, at most in.MaxItems; sets out.IsTruncated and out.Marker.
template <class In, class Out, class T, class Key>
std::vector<T> paginate(const In& in, Out& out, std::vector<T> all, Key key) {
  std::ranges::sort(all, {}, key);
  if (in.Marker) {
    const auto after = from_base64(*in.Marker);
    if (!after) throw ServiceError("ValidationError", 400, "Invalid Marker.");
    std::erase_if(all, [&](const T& element) { return key(element) <= *after; });
  }
  const size_t limit = static_cast<size_t>(in.MaxItems.value_or(kDefaultMaxItems));
  out.IsTruncated = all.size() > limit;
  if (*out.IsTruncated) {
    all.resize(limit);
    out.Marker = to_base64(std::string(key(all.back())));
  }
  return all;
}

// ListAttachedUserPolicies and its likes: of what is attached, the page that `in` asks for.
template <class Out, class In>
Out list_attached(const In& in, const EntityRecord& entity) {
  Out out;
  std::vector<AttachedPolicy> all;
  for (const std::string& arn : entity.attached)
    if (policy_path_of(arn).starts_with(in.PathPrefix.value_or("/")))
      all.push_back({.PolicyName = policy_name_of(arn), .PolicyArn = arn});
  out.AttachedPolicies =
      paginate(in, out, std::move(all), [](const AttachedPolicy& policy) { return *policy.PolicyArn; });
  return out;
}

}  // namespace landfall::iam
