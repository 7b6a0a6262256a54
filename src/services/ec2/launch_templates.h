// Finding launch templates and their versions; showing them.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "services/ec2/launch_template_store.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

struct TemplateReference {
  std::optional<std::string> id, name;
};
// Throws MissingParameter, InvalidLaunchTemplateId.NotFound, InvalidLaunchTemplateName.NotFoundException.
std::shared_ptr<const LaunchTemplateRecord> require_template(const Call& call,
                                                             const TemplateReference& reference);
std::shared_ptr<const LaunchTemplateRecord> find_template_by_name(const Call& call, const std::string& name);
// "3", "$Latest", "$Default"; empty: the default. Throws InvalidLaunchTemplateId.VersionNotFound.
const LaunchTemplateVersionRecord& require_version(const LaunchTemplateRecord& record,
                                                   const std::string& version);
int64_t resolve_version(const LaunchTemplateRecord& record,
                        const std::string& version);  // without a check that it exists

// The request's data as the API shows it back. Throws for what would never launch.
ResponseLaunchTemplateData checked_data(const Call& call, const RequestLaunchTemplateData& data);

LaunchTemplate render(const Call& call, const LaunchTemplateRecord& record);
LaunchTemplateVersion render_version(const LaunchTemplateRecord& record,
                                     const LaunchTemplateVersionRecord& version);

}  // namespace landfall::ec2
