#include "services/autoscaling/launch_templates.h"

#include "ec2/operations.h"
#include "services/iam/iam.h"

namespace landfall::autoscaling {
namespace {

[[noreturn]] void not_found(const LaunchTemplateSpecification& given, const std::string& why) {
  throw ServiceError(
      "ValidationError", 400,
      "You must use a valid fully-formed launch template. The specified launch template, with " +
          (given.LaunchTemplateId ? "template ID " + *given.LaunchTemplateId
                                  : "template name " + given.LaunchTemplateName.value_or("")) +
          ", " + why);
}

ec2::LaunchTemplateVersion find_version(Call& call, const LaunchTemplateSpecification& given) {
  ec2::DescribeLaunchTemplateVersionsRequest request;
  request.LaunchTemplateId = given.LaunchTemplateId;
  if (!given.LaunchTemplateId) request.LaunchTemplateName = given.LaunchTemplateName;
  request.Versions = {given.Version.value_or("$Default")};
  Call service = call.as_service("autoscaling.amazonaws.com");
  try {
    const auto found = ec2::DescribeLaunchTemplateVersions(service, request);
    if (!found.LaunchTemplateVersions.empty()) return found.LaunchTemplateVersions.front();
  } catch (const ServiceError& error) {
    not_found(given, "does not exist. " + error.message());
  }
  not_found(given, "has no version " + request.Versions.front() + ".");
}

}  // namespace

LaunchTemplateSpecification checked_launch_template(Call& call, const LaunchTemplateSpecification& given) {
  if (!given.LaunchTemplateId && !given.LaunchTemplateName)
    throw ServiceError("ValidationError", 400,
                       "Valid requests must contain either launchTemplateId or LaunchTemplateName");
  const ec2::LaunchTemplateVersion version = find_version(call, given);
  if (const auto& data = version.LaunchTemplateData; data && data->IamInstanceProfile) {
    const std::string profile = data->IamInstanceProfile->Arn ? *data->IamInstanceProfile->Arn
                                                              : data->IamInstanceProfile->Name.value_or("");
    const auto info = iam::instance_profile_info(call, profile);
    // A service that makes a group has looked already, and EC2 looks again at each launch.
    if (!info && call.caller.kind != CallerKind::service)
      throw ServiceError(
          "ValidationError", 400,
          "You must use a valid fully-formed launch template. Value (" + profile +
              ") for parameter iamInstanceProfile is invalid. Invalid IAM Instance Profile name");
    if (info && !info->role_arn.empty()) iam::check_pass_role(call, info->role_arn, "ec2.amazonaws.com");
  }
  LaunchTemplateSpecification whole{.LaunchTemplateId = version.LaunchTemplateId,
                                    .LaunchTemplateName = version.LaunchTemplateName};
  whole.Version = given.Version.value_or("$Default");
  return whole;
}

LaunchTemplateSpecification resolved_launch_template(Call& call, const LaunchTemplateSpecification& given) {
  LaunchTemplateSpecification resolved = given;
  resolved.Version = std::to_string(find_version(call, given).VersionNumber.value_or(1));
  return resolved;
}

}  // namespace landfall::autoscaling
