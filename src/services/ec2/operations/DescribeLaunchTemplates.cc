#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/launch_templates.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeLaunchTemplatesResult DescribeLaunchTemplates(Call& call, const DescribeLaunchTemplatesRequest& in) {
  std::vector<std::string> ids = in.LaunchTemplateIds;
  for (const std::string& name : in.LaunchTemplateNames)
    ids.push_back(require_template(call, {{}, name})->launch_template_id);
  const FilterFields<LaunchTemplateRecord> fields{
      {"create-time",
       [](const LaunchTemplateRecord& t, Values& out) { out.push_back(format_iso8601(t.created_at)); }},
      {"launch-template-name", [](const LaunchTemplateRecord& t, Values& out) { out.push_back(t.name); }},
  };
  const auto page = describe(call, kLaunchTemplates, query_of(in, ids), fields);
  DescribeLaunchTemplatesResult out;
  for (const auto& [id, record] : page.rows) out.LaunchTemplates.push_back(render(call, *record));
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
