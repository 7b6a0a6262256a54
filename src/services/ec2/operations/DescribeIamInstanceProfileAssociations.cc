#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeIamInstanceProfileAssociationsResult DescribeIamInstanceProfileAssociations(
    Call& call, const DescribeIamInstanceProfileAssociationsRequest& in) {
  const FilterFields<InstanceRecord> fields{
      {"instance-id", [](const InstanceRecord& i, Values& out) { out.push_back(i.instance_id); }},
      {"state", [](const InstanceRecord&, Values& out) { out.push_back("associated"); }},
  };
  std::vector<std::pair<std::string, IamInstanceProfileAssociation>> chosen;
  rows(call, kInstances).each([&](std::string_view, const InstanceRecord& i) {
    const std::string& id = i.instance_profile_association_id;
    if (id.empty() || i.state == LifeState::terminated) return;
    if (!in.AssociationIds.empty() && std::ranges::find(in.AssociationIds, id) == in.AssociationIds.end())
      return;
    if (matches_filters(in.Filters, fields, i, [] { return TagMap{}; }))
      chosen.emplace_back(id, render_profile_association(i));
  });
  std::ranges::sort(chosen, {}, [](const auto& row) { return row.first; });
  DescribeIamInstanceProfileAssociationsResult out;
  out.NextToken = take_page(chosen, {in.MaxResults, in.NextToken});
  for (auto& [id, association] : chosen) out.IamInstanceProfileAssociations.push_back(std::move(association));
  return out;
}

}  // namespace landfall::ec2
