#include "services/rds/tags.h"

#include "aws/arn.h"
#include "rds/errors.h"

namespace landfall::rds {

void change_tags(Call& call, const std::string& arn,
                 const std::function<void(std::map<std::string, std::string>&)>& change) {
  const auto parts = aws::split_arn(arn);
  if (!parts || parts->account != call.account || parts->region != call.region)
    throw ServiceError("InvalidParameterValue", 400,
                       "The specified resource name does not match an RDS resource in this region.");
  const std::string name = arn.substr(arn.rfind(':') + 1);
  if (arn.find(":db:") != std::string::npos) {
    InstanceRecord record = find_instance(call, name);
    const auto before = record.tags;
    change(record.tags);
    if (record.tags == before) return;
    record.shown.TagList = shown_tags(record.tags);
    put_instance(call, record);
    return;
  }
  if (arn.find(":subgrp:") != std::string::npos) {
    const auto stored = call.rows(kSubnetGroups).get(name);
    if (!stored) throw DBSubnetGroupNotFoundFault("DBSubnetGroup " + name + " not found.");
    SubnetGroupRecord record = *stored;
    change(record.tags);
    if (record.tags != stored->tags) call.rows(kSubnetGroups).put(name, record);
    return;
  }
  if (arn.find(":pg:") != std::string::npos) {
    const auto stored = call.rows(kParameterGroups).get(name);
    if (!stored) throw DBParameterGroupNotFoundFault("DBParameterGroup not found: " + name);
    ParameterGroupRecord record = *stored;
    change(record.tags);
    if (record.tags != stored->tags) call.rows(kParameterGroups).put(name, record);
    return;
  }
  if (arn.find(":snapshot:") != std::string::npos) {
    const auto stored = call.rows(kSnapshots).get(name);
    if (!stored) throw DBSnapshotNotFoundFault("DBSnapshot " + name + " not found.");
    SnapshotRecord record = *stored;
    change(record.tags);
    record.shown.TagList = shown_tags(record.tags);
    if (record.tags != stored->tags) call.rows(kSnapshots).put(name, record);
    return;
  }
  throw ServiceError("InvalidParameterValue", 400,
                     "The specified resource name does not match an RDS resource in this region.");
}

}  // namespace landfall::rds
