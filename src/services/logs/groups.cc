#include "services/logs/groups.h"

#include "aws/arn.h"
#include "logs/errors.h"

namespace landfall::logs {

constexpr size_t kMaxTags = 50;  // AWS quota

std::shared_ptr<const GroupRecord> find_group(Call& call, const std::string& name) {
  auto group = call.rows(kGroups).get(name);
  if (!group) throw ResourceNotFoundException("The specified log group does not exist.");
  return group;
}

std::string stream_key(const GroupRecord& group, const std::string& stream) {
  return group.uid + "/" + stream;
}

std::shared_ptr<const StreamRecord> find_stream(Call& call, const GroupRecord& group,
                                                const std::string& name) {
  auto stream = call.rows(kStreams).get(stream_key(group, name));
  if (!stream) throw ResourceNotFoundException("The specified log stream does not exist.");
  return stream;
}

std::string group_name(Call& call, const std::string& identifier) {
  if (!identifier.starts_with("arn:")) return identifier;
  const auto arn = aws::split_arn(identifier);
  if (!arn || arn->service != "logs" || !arn->resource.starts_with("log-group:"))
    throw InvalidParameterException("The ARN is not of a log group: " + identifier);
  if (arn->region != call.region || arn->account != call.account)
    throw ResourceNotFoundException("The specified log group does not exist.");
  std::string_view name = arn->resource.substr(std::string_view("log-group:").size());
  if (name.ends_with(":*")) name.remove_suffix(2);
  return std::string(name);
}

std::shared_ptr<const GroupRecord> named_group(Call& call, const std::optional<std::string>& name,
                                               const std::optional<std::string>& identifier) {
  if (name.has_value() == identifier.has_value())
    throw InvalidParameterException("Exactly one of logGroupName and logGroupIdentifier must be given.");
  return find_group(call, name ? *name : group_name(call, *identifier));
}

std::string group_arn(const Call& call, const std::string& name) {
  return call.arn("logs", "log-group:" + name);
}

LogGroup shown_group(const Call& call, const GroupRecord& group) {
  LogGroup out;
  out.logGroupName = group.name;
  out.creationTime = group.created.unix_ms;
  if (group.retention_days > 0) out.retentionInDays = group.retention_days;
  out.metricFilterCount = 0;
  out.arn = group_arn(call, group.name) + ":*";
  out.logGroupArn = group_arn(call, group.name);
  out.storedBytes = group.stored_bytes;
  if (!group.kms_key.empty()) out.kmsKeyId = group.kms_key;
  out.logGroupClass = group.log_class;
  out.deletionProtectionEnabled = group.deletion_protection;
  return out;
}

void add_tags(const Call& call, GroupRecord& group, const std::map<std::string, std::string>& tags) {
  for (const auto& [key, value] : tags) {
    const bool reserved = key.starts_with("aws:") && call.caller.kind != CallerKind::service;
    if (key.empty() || reserved) throw InvalidParameterException("The tag key is not valid: '" + key + "'");
    group.tags[key] = value;
  }
  if (group.tags.size() > kMaxTags) throw TooManyTagsException("A resource can have no more than 50 tags.");
}

void erase_stream(Call& call, GroupRecord& group, const StreamRecord& stream) {
  const std::string prefix = call.scope() + group.uid + "/" + stream.uid + "/";
  for (const auto& [id, chunk] : call.txn.all(kChunks, prefix)) {
    group.stored_bytes -= chunk->bytes;
    call.txn.erase(kChunks, id);
    call.txn.erase(kEvents, id);
  }
  call.rows(kStreams).erase(stream_key(group, stream.name));
}

int64_t expired_before_ms(const GroupRecord& group, Timestamp now) {
  return group.retention_days == 0 ? 0 : now.unix_ms - group.retention_days * kDayMs;
}

}  // namespace landfall::logs
