// What the operations on groups and streams share.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gateway/call.h"
#include "logs/shapes.h"
#include "services/logs/store.h"

namespace landfall::logs {

// Throws ResourceNotFoundException.
std::shared_ptr<const GroupRecord> find_group(Call& call, const std::string& name);
std::shared_ptr<const StreamRecord> find_stream(Call& call, const GroupRecord& group,
                                                const std::string& name);
// A name, or the ARN of a group of this account and region, with or without ":*".
std::string group_name(Call& call, const std::string& identifier);
// The group that a request names by logGroupName or logGroupIdentifier; exactly one must be given.
std::shared_ptr<const GroupRecord> named_group(Call& call, const std::optional<std::string>& name,
                                               const std::optional<std::string>& identifier);

std::string group_arn(const Call& call, const std::string& name);  // without the ":*"
std::string stream_key(const GroupRecord& group, const std::string& stream);
LogGroup shown_group(const Call& call, const GroupRecord& group);

// Sets tags; throws InvalidParameterException or TooManyTagsException.
void add_tags(const Call& call, GroupRecord& group, const std::map<std::string, std::string>& tags);

// Erases a stream and its events from the transaction.
void erase_stream(Call& call, GroupRecord& group, const StreamRecord& stream);

// The time before which nothing is kept; 0 if everything is.
int64_t expired_before_ms(const GroupRecord& group, Timestamp now);

}  // namespace landfall::logs
