// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSnapshotAttribute.html
#include <algorithm>

#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {

ModifyDBSnapshotAttributeResult ModifyDBSnapshotAttribute(Call& call,
                                                          const ModifyDBSnapshotAttributeMessage& in) {
  SnapshotRecord record = find_snapshot(call, *in.DBSnapshotIdentifier);
  if (*in.AttributeName != "restore")
    throw ServiceError("InvalidParameterValue", 400, "Invalid attribute name: " + *in.AttributeName);
  auto& accounts = record.restorable_by;
  for (const std::string& account : in.ValuesToRemove) std::erase(accounts, account);
  for (const std::string& account : in.ValuesToAdd)
    if (std::ranges::find(accounts, account) == accounts.end()) accounts.push_back(account);
  std::ranges::sort(accounts);
  put_snapshot(call, record);
  DBSnapshotAttributesResult out{.DBSnapshotIdentifier = record.shown.DBSnapshotIdentifier};
  out.DBSnapshotAttributes.push_back({.AttributeName = "restore", .AttributeValues = accounts});
  ModifyDBSnapshotAttributeResult answer;
  answer.DBSnapshotAttributesResult = std::move(out);
  return answer;
}

}  // namespace landfall::rds
