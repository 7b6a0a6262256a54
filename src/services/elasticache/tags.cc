#include "services/elasticache/tags.h"

#include "aws/arn.h"
#include "base/ascii.h"
#include "elasticache/errors.h"

namespace landfall::elasticache {
namespace {

template <class Missing, class Record>
Tags change_row(Call& call, const store::Table<Record>& table, const std::string& name,
                const std::function<void(Tags&)>& change) {
  const auto stored = call.rows(table).get(name);
  if (!stored) throw Missing(name + " not found.");
  Record record = *stored;
  change(record.tags);
  const Tags tags = record.tags;
  if (tags != stored->tags) call.rows(table).put(name, std::move(record));
  return tags;
}

}  // namespace

Tags change_tags(Call& call, const std::string& arn, const std::function<void(Tags&)>& change) {
  const auto parts = aws::split_arn(arn);
  if (!parts || parts->service != "elasticache") throw InvalidARNFault("The ARN is not valid: " + arn);
  if (parts->account != call.account || parts->region != call.region)
    throw InvalidARNFault("The ARN is not of this account and region: " + arn);
  const std::string name = ascii_lower(std::string(parts->resource_name()));
  const std::string_view type = parts->resource_type();
  if (type == "replicationgroup")
    return change_row<ReplicationGroupNotFoundFault>(call, kGroups, name, change);
  if (type == "subnetgroup")
    return change_row<CacheSubnetGroupNotFoundFault>(call, kSubnetGroups, name, change);
  if (type == "parametergroup")
    return change_row<CacheParameterGroupNotFoundFault>(call, kParameterGroups, name, change);
  if (type == "user") return change_row<UserNotFoundFault>(call, kUsers, name, change);
  if (type == "usergroup") return change_row<UserGroupNotFoundFault>(call, kUserGroups, name, change);
  if (type == "cluster")  // a node has its group's
    return change_row<CacheClusterNotFoundFault>(call, kGroups, name.substr(0, name.rfind('-')), change);
  throw InvalidARNFault("The ARN is not of a resource of ElastiCache: " + arn);
}

}  // namespace landfall::elasticache
