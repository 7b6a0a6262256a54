// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSnapshotAttributes.html
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {

DescribeDBSnapshotAttributesResult DescribeDBSnapshotAttributes(
    Call& call, const DescribeDBSnapshotAttributesMessage& in) {
  const SnapshotRecord record = find_snapshot(call, *in.DBSnapshotIdentifier);
  DBSnapshotAttributesResult out{.DBSnapshotIdentifier = record.shown.DBSnapshotIdentifier};
  out.DBSnapshotAttributes.push_back({.AttributeName = "restore", .AttributeValues = record.restorable_by});
  DescribeDBSnapshotAttributesResult answer;
  answer.DBSnapshotAttributesResult = std::move(out);
  return answer;
}

}  // namespace landfall::rds
