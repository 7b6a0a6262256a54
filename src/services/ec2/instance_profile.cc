#include "services/ec2/instance_profile.h"

#include "services/ec2/resources.h"
#include "services/iam/snapshot.h"

namespace landfall::ec2 {

namespace {

template <class T>
std::optional<T> published(const Call& call, std::string_view kind, const std::string& name) {
  const std::string id = iam::document_id(call.plane.config.account, call.account, name);
  const auto* document = call.txn.find(store::Txn::key_of(std::string(kEdgePrefix) + std::string(kind), id));
  if (document == nullptr) return std::nullopt;
  auto value = from_json<T>(document->text);
  LF_INVARIANT(value.has_value(), "an IAM document does not load");
  return std::move(*value);
}

}  // namespace

std::string profile_name_of_arn(const std::string& arn) { return arn.substr(arn.rfind('/') + 1); }

std::optional<InstanceProfile> find_instance_profile(const Call& call, const std::string& name) {
  const auto profile = published<iam::InstanceProfileDocument>(call, iam::kInstanceProfileKind, name);
  if (!profile) return std::nullopt;
  InstanceProfile out{.name = profile->name, .arn = profile->arn, .id = profile->id};
  if (profile->role.empty()) return out;
  if (const auto role = published<iam::RoleDocument>(call, iam::kRoleKind, profile->role)) {
    out.role_name = role->entity.name;
    out.role_arn = role->entity.arn;
    out.role_id = role->entity.id;
  }
  return out;
}

InstanceProfile require_instance_profile(const Call& call, const ProfileReference& reference) {
  const bool by_arn = reference.arn.has_value();
  if (!by_arn && !reference.name) throw_missing("iamInstanceProfile.name or iamInstanceProfile.arn");
  const std::string given = by_arn ? *reference.arn : *reference.name;
  const auto profile = find_instance_profile(call, by_arn ? profile_name_of_arn(given) : given);
  if (!profile || (by_arn && profile->arn != given))
    throw_invalid(fmt::format(
        "Value ({}) for parameter iamInstanceProfile.{} is invalid. Invalid IAM Instance Profile {}", given,
        by_arn ? "arn" : "name", by_arn ? "ARN" : "name"));
  if (!profile->role_arn.empty())
    call.authorize("iam:PassRole", profile->role_arn, {{"iam:PassedToService", "ec2.amazonaws.com"}});
  return *profile;
}

}  // namespace landfall::ec2
