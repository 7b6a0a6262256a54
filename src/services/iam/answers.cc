#include "services/iam/answers.h"

#include "codec/uri.h"

namespace landfall::iam {
namespace {

// AWS's managed policies have been there since before any account.
constexpr Timestamp kManagedSince{1'423'180'800'000};  // 2015-02-06

std::optional<AttachedPermissionsBoundary> boundary_of(const EntityRecord& entity) {
  if (entity.boundary.empty()) return std::nullopt;
  return AttachedPermissionsBoundary{.PermissionsBoundaryType = "Policy",
                                     .PermissionsBoundaryArn = entity.boundary};
}

}  // namespace

std::string encoded_document(const std::string& document) { return codec::percent_encode(document); }

std::vector<Tag> answer(const std::map<std::string, std::string>& tags) {
  std::vector<Tag> out;
  for (const auto& [key, value] : tags) out.push_back({.Key = key, .Value = value});
  return out;
}

User answer(const UserRecord& user, Detail detail) {
  const EntityRecord& e = user.entity;
  User out{.Path = e.path, .UserName = e.name, .UserId = e.id, .Arn = e.arn, .CreateDate = e.created};
  if (detail == Detail::full) {
    out.PermissionsBoundary = boundary_of(e);
    out.Tags = answer(e.tags);
  }
  return out;
}

Group answer(const GroupRecord& group) {
  const EntityRecord& e = group.entity;
  return {.Path = e.path, .GroupName = e.name, .GroupId = e.id, .Arn = e.arn, .CreateDate = e.created};
}

Role answer(const RoleRecord& role, Detail detail) {
  const EntityRecord& e = role.entity;
  Role out{.Path = e.path,
           .RoleName = e.name,
           .RoleId = e.id,
           .Arn = e.arn,
           .CreateDate = e.created,
           .AssumeRolePolicyDocument = encoded_document(role.trust_policy),
           .MaxSessionDuration = role.max_session_seconds};
  if (!role.description.empty()) out.Description = role.description;
  if (detail == Detail::full) {
    out.PermissionsBoundary = boundary_of(e);
    out.Tags = answer(e.tags);
  }
  return out;
}

InstanceProfile answer(Call& call, const InstanceProfileRecord& profile, Detail detail) {
  InstanceProfile out{.Path = profile.path,
                      .InstanceProfileName = profile.name,
                      .InstanceProfileId = profile.id,
                      .Arn = profile.arn,
                      .CreateDate = profile.created};
  if (!profile.role.empty()) out.Roles.push_back(answer(find_role(call, profile.role), Detail::in_list));
  if (detail == Detail::full) out.Tags = answer(profile.tags);
  return out;
}

Policy answer(Call& call, const PolicyRecord& policy, Detail detail) {
  const PolicyUse use = use_of(call, policy.arn);
  Policy out{.PolicyName = policy.name,
             .PolicyId = policy.id,
             .Arn = policy.arn,
             .Path = policy.path,
             .DefaultVersionId = policy.default_version,
             .AttachmentCount = use.attachments,
             .PermissionsBoundaryUsageCount = use.boundaries,
             .IsAttachable = true,
             .CreateDate = policy.created,
             .UpdateDate = policy.updated};
  if (detail == Detail::full) {
    if (!policy.description.empty()) out.Description = policy.description;
    out.Tags = answer(policy.tags);
  }
  return out;
}

Policy answer(Call& call, const ManagedPolicy& policy, Detail detail) {
  const std::string arn = policy.arn();
  const PolicyUse use = use_of(call, arn);
  Policy out{.PolicyName = std::string(policy.name),
             .PolicyId = std::string(policy.id),
             .Arn = arn,
             .Path = std::string(policy.path),
             .DefaultVersionId = "v1",
             .AttachmentCount = use.attachments,
             .PermissionsBoundaryUsageCount = use.boundaries,
             .IsAttachable = true,
             .CreateDate = kManagedSince,
             .UpdateDate = kManagedSince};
  if (detail == Detail::full) out.Description = std::string(policy.description);
  return out;
}

}  // namespace landfall::iam
