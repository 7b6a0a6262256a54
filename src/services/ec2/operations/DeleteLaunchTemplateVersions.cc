#include "ec2/operations.h"
#include "services/ec2/launch_templates.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DeleteLaunchTemplateVersionsResult DeleteLaunchTemplateVersions(
    Call& call, const DeleteLaunchTemplateVersionsRequest& in) {
  LaunchTemplateRecord record = *require_template(call, {in.LaunchTemplateId, in.LaunchTemplateName});
  DeleteLaunchTemplateVersionsResult out;
  for (const std::string& version : in.Versions) {
    const int64_t number = resolve_version(record, version);
    const bool is_default = number == record.default_version;
    if (!is_default &&
        std::erase_if(record.versions, [&](const auto& v) { return v.number == number; }) > 0) {
      auto& deleted = out.SuccessfullyDeletedLaunchTemplateVersions.emplace_back();
      deleted.LaunchTemplateId = record.launch_template_id;
      deleted.LaunchTemplateName = record.name;
      deleted.VersionNumber = number;
      continue;
    }
    auto& kept = out.UnsuccessfullyDeletedLaunchTemplateVersions.emplace_back();
    kept.LaunchTemplateId = record.launch_template_id;
    kept.LaunchTemplateName = record.name;
    kept.VersionNumber = number;
    auto& error = kept.ResponseError.emplace();
    error.Code = is_default ? "unexpectedError" : "launchTemplateVersionDoesNotExist";
    error.Message = is_default ? fmt::format("Cannot delete default version: {}", number)
                               : fmt::format("Could not find launch template version {}", number);
  }
  rows(call, kLaunchTemplates).put(record.launch_template_id, record);
  return out;
}

}  // namespace landfall::ec2
