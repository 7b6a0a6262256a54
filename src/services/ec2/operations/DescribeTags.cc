#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {
struct OneTag {
  std::string resource_id, type, key, value;
};
}  // namespace

DescribeTagsResult DescribeTags(Call& call, const DescribeTagsRequest& in) {
  const FilterFields<OneTag> fields{
      {"key", [](const OneTag& t, Values& out) { out.push_back(t.key); }},
      {"resource-id", [](const OneTag& t, Values& out) { out.push_back(t.resource_id); }},
      {"resource-type", [](const OneTag& t, Values& out) { out.push_back(t.type); }},
      {"value", [](const OneTag& t, Values& out) { out.push_back(t.value); }},
  };
  std::vector<std::pair<std::string, OneTag>> chosen;
  call.rows(kTags).each([&](std::string_view id, const TagsRecord& record) {
    for (const auto& [key, value] : record.tags) {
      const OneTag tag{std::string(id), record.resource_type, key, value};
      if (matches_filters(in.Filters, fields, tag, [&] { return TagMap{{key, value}}; }))
        chosen.emplace_back(std::string(id) + "/" + key, tag);
    }
  });
  DescribeTagsResult out;
  out.NextToken = take_page(chosen, {in.MaxResults, in.NextToken});
  for (const auto& [row, tag] : chosen) {
    TagDescription& shown = out.Tags.emplace_back();
    shown.ResourceId = tag.resource_id;
    shown.ResourceType = tag.type;
    shown.Key = tag.key;
    shown.Value = tag.value;
  }
  return out;
}

}  // namespace landfall::ec2
