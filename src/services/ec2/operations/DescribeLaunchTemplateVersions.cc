#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/image_parameters.h"
#include "services/ec2/launch_templates.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {

struct VersionOf {
  std::shared_ptr<const LaunchTemplateRecord> record;
  const LaunchTemplateVersionRecord* version;  // in *record
};

FilterFields<VersionOf> version_fields() {
  const auto of = [](auto field) {
    return [field](const VersionOf& v, Values& out) {
      if (const auto& value = field(v.version->data)) out.push_back(*value);
    };
  };
  return {
      {"image-id", of([](const ResponseLaunchTemplateData& d) -> auto& { return d.ImageId; })},
      {"instance-type", of([](const ResponseLaunchTemplateData& d) -> auto& { return d.InstanceType; })},
      {"kernel-id", of([](const ResponseLaunchTemplateData& d) -> auto& { return d.KernelId; })},
      {"is-default-version",
       [](const VersionOf& v, Values& out) {
         out.push_back(text_of(v.version->number == v.record->default_version));
       }},
      {"create-time",
       [](const VersionOf& v, Values& out) { out.push_back(format_iso8601(v.version->created_at)); }},
  };
}

// Without a template, $Latest and $Default of all of them are meant.
bool is_wanted(const DescribeLaunchTemplateVersionsRequest& in, const VersionOf& v) {
  const int64_t number = v.version->number;
  if (in.MinVersion && number < resolve_version(*v.record, *in.MinVersion)) return false;
  if (in.MaxVersion && number > resolve_version(*v.record, *in.MaxVersion)) return false;
  if (in.Versions.empty()) return true;
  return std::ranges::any_of(
      in.Versions, [&](const std::string& version) { return resolve_version(*v.record, version) == number; });
}

}  // namespace

DescribeLaunchTemplateVersionsResult DescribeLaunchTemplateVersions(
    Call& call, const DescribeLaunchTemplateVersionsRequest& in) {
  std::vector<std::shared_ptr<const LaunchTemplateRecord>> templates;
  if (in.LaunchTemplateId || in.LaunchTemplateName) {
    templates.push_back(require_template(call, {in.LaunchTemplateId, in.LaunchTemplateName}));
    for (const std::string& version : in.Versions) require_version(*templates.front(), version);
  } else {
    if (in.Versions.empty()) throw_missing("LaunchTemplateId, LaunchTemplateName or Versions");
    for (const auto& [id, record] : rows(call, kLaunchTemplates).all()) templates.push_back(record);
  }
  std::vector<std::pair<std::string, VersionOf>> chosen;  // newest first, as EC2 lists them
  for (const auto& record : templates) {
    for (const LaunchTemplateVersionRecord& version : record->versions) {
      const VersionOf v{record, &version};
      if (is_wanted(in, v) && matches_filters(in.Filters, version_fields(), v, [] { return TagMap{}; }))
        chosen.emplace_back(
            fmt::format("{}/{:012}", record->launch_template_id, 999'999'999'999 - version.number), v);
    }
  }
  std::ranges::sort(chosen, {}, &std::pair<std::string, VersionOf>::first);
  DescribeLaunchTemplateVersionsResult out;
  out.NextToken = take_page(chosen, {in.MaxResults, in.NextToken});
  for (const auto& [key, v] : chosen) {
    LaunchTemplateVersion& shown =
        out.LaunchTemplateVersions.emplace_back(render_version(*v.record, *v.version));
    if (in.ResolveAlias.value_or(false) && shown.LaunchTemplateData && shown.LaunchTemplateData->ImageId)
      shown.LaunchTemplateData->ImageId = resolved_image(call, *shown.LaunchTemplateData->ImageId);
  }
  return out;
}

}  // namespace landfall::ec2
