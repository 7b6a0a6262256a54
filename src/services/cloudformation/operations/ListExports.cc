// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListExports.html
#include "cloudformation/operations.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

ListExportsOutput ListExports(Call& call, const ListExportsInput& in) {
  std::vector<Export> exports;
  call.rows(kStacks).each([&](std::string_view, const StackRecord& record) {
    for (const StackOutput& output : record.outputs)
      if (!output.export_name.empty())
        exports.push_back(
            {.ExportingStackId = record.stack_id, .Name = output.export_name, .Value = output.value});
  });
  const auto [first, last] = page(in.NextToken, exports.size());
  ListExportsOutput out;
  out.Exports.assign(exports.begin() + static_cast<long>(first), exports.begin() + static_cast<long>(last));
  if (last < exports.size()) out.NextToken = std::to_string(last);
  return out;
}

}  // namespace landfall::cloudformation
