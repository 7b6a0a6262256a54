#include "services/ec2/launch_templates.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "services/ec2/instance_types.h"
#include "services/ec2/refused.h"

namespace landfall::ec2 {

std::shared_ptr<const LaunchTemplateRecord> find_template_by_name(const Call& call, const std::string& name) {
  for (const auto& [id, record] : rows(call, kLaunchTemplates).all())
    if (record->name == name) return record;
  return nullptr;
}

std::shared_ptr<const LaunchTemplateRecord> require_template(const Call& call,
                                                             const TemplateReference& reference) {
  if (reference.id) return require(call, kLaunchTemplates, *reference.id);
  if (!reference.name) throw_missing("LaunchTemplateId or LaunchTemplateName");
  if (auto record = find_template_by_name(call, *reference.name)) return record;
  throw_error(
      "InvalidLaunchTemplateName.NotFoundException",
      fmt::format("The specified launch template, with template name {}, does not exist.", *reference.name));
}

int64_t resolve_version(const LaunchTemplateRecord& record, const std::string& version) {
  if (version.empty() || version == "$Default") return record.default_version;
  if (version == "$Latest") return record.latest_version;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), number);
  if (error != std::errc{} || end != version.data() + version.size() || number < 1)
    throw_error("InvalidLaunchTemplateId.VersionNotFound",
                fmt::format("Invalid launch template version: either '$Default', '$Latest', or a numeric "
                            "version are allowed. Got: {}",
                            version));
  return number;
}

const LaunchTemplateVersionRecord& require_version(const LaunchTemplateRecord& record,
                                                   const std::string& version) {
  const int64_t number = resolve_version(record, version);
  const auto found = std::ranges::find(record.versions, number, &LaunchTemplateVersionRecord::number);
  if (found == record.versions.end())
    throw_error("InvalidLaunchTemplateId.VersionNotFound",
                fmt::format("Could not find launch template version {}", number));
  return *found;
}

ResponseLaunchTemplateData checked_data(const Call&, const RequestLaunchTemplateData& data) {
  refuse(data, kLaunchRefusals);
  refuse(data, kLaunchTemplateRefusals);
  if (data.InstanceType && find_instance_type(*data.InstanceType) == nullptr)
    throw_invalid(fmt::format("Invalid value '{}' for InstanceType.", *data.InstanceType));
  if (data.UserData && !from_base64(*data.UserData))
    throw_error("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
  // The two shapes name the same things alike; one differs: the response's ElasticGpuSpecifications and the
  // like, which are not offered.
  auto out = from_json<ResponseLaunchTemplateData>(to_json(data));
  LF_INVARIANT(out.has_value(), "launch template data: " + (out ? "" : out.error().message));
  return std::move(*out);
}

LaunchTemplate render(const Call& call, const LaunchTemplateRecord& record) {
  LaunchTemplate out;
  out.LaunchTemplateId = record.launch_template_id;
  out.LaunchTemplateName = record.name;
  out.CreateTime = record.created_at;
  out.CreatedBy = record.created_by;
  out.DefaultVersionNumber = record.default_version;
  out.LatestVersionNumber = record.latest_version;
  out.Tags = rendered_tags(call, record.launch_template_id);
  return out;
}

LaunchTemplateVersion render_version(const LaunchTemplateRecord& record,
                                     const LaunchTemplateVersionRecord& version) {
  LaunchTemplateVersion out;
  out.LaunchTemplateId = record.launch_template_id;
  out.LaunchTemplateName = record.name;
  out.VersionNumber = version.number;
  if (!version.description.empty()) out.VersionDescription = version.description;
  out.CreateTime = version.created_at;
  out.CreatedBy = version.created_by;
  out.DefaultVersion = version.number == record.default_version;
  out.LaunchTemplateData = version.data;
  return out;
}

}  // namespace landfall::ec2
