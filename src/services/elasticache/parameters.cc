#include "services/elasticache/parameters.h"

#include <algorithm>

#include "base/ascii.h"
#include "elasticache/errors.h"
#include "services/elasticache/groups.h"

namespace landfall::elasticache {
namespace {

constexpr ParameterFacts kParameters[] = {
    {"acllog-max-len", "128", "integer", "1-10000", "Maximum length of the ACL log."},
    {"activedefrag", "no", "string", "yes,no", "Enabled active memory defragmentation."},
    {"activerehashing", "yes", "string", "yes,no", "Apply rehashing or not."},
    {"appendfsync", "everysec", "string", "always,everysec,no", "fsync policy for AOF persistence.", false},
    {"appendonly", "no", "string", "yes,no", "Enable Redis persistence.", false},
    {"client-query-buffer-limit", "1073741824", "integer", "1048576-1073741824",
     "Max size of a query buffer."},
    {"close-on-replica-write", "yes", "string", "yes,no", "Close clients that write to a replica.", false},
    {"cluster-enabled", "no", "string", "yes,no", "Enable cluster mode.", false},
    {"databases", "16", "integer", "1-1200000", "Set the number of databases."},
    {"hash-max-listpack-entries", "512", "integer", "0-", "Entries of a compact hash."},
    {"hash-max-listpack-value", "64", "integer", "0-", "Longest value of a compact hash."},
    {"hll-sparse-max-bytes", "3000", "integer", "1-16000", "HyperLogLog sparse representation bytes limit."},
    {"latency-tracking", "no", "string", "yes,no", "Per command latency tracking."},
    {"lazyfree-lazy-eviction", "no", "string", "yes,no", "Asynchronous delete on evictions."},
    {"lazyfree-lazy-expire", "no", "string", "yes,no", "Asynchronous delete on expired keys."},
    {"lazyfree-lazy-server-del", "no", "string", "yes,no",
     "Asynchronous delete for commands that update values."},
    {"lazyfree-lazy-user-del", "no", "string", "yes,no", "Whether DEL behaves as UNLINK."},
    {"lfu-decay-time", "1", "integer", "0-", "Minutes to decrement the key counter."},
    {"lfu-log-factor", "10", "integer", "1-", "The log factor of the key counter."},
    {"list-compress-depth", "0", "integer", "0-", "Nodes at each end of a list that are not compressed."},
    {"list-max-listpack-size", "-2", "integer", "-5,-4,-3,-2,-1,1-", "Entries of a list's node."},
    {"maxmemory-policy", "volatile-lru", "string",
     "volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,"
     "noeviction",
     "Max memory policy."},
    {"maxmemory-samples", "3", "integer", "1-", "Max memory samples."},
    {"min-replicas-max-lag", "10", "integer", "0-", "Seconds of lag after which a replica does not count."},
    {"min-replicas-to-write", "0", "integer", "0-",
     "Replicas that must be there for the primary to take writes."},
    {"notify-keyspace-events", "", "string", "", "The keyspace events for clients to be notified of."},
    {"repl-backlog-size", "1048576", "integer", "16384-", "The replication backlog in bytes."},
    {"repl-backlog-ttl", "3600", "integer", "0-", "Seconds after which an unused backlog is freed."},
    {"reserved-memory-percent", "25", "integer", "0-100", "Memory kept for other than data.", false},
    {"set-max-intset-entries", "512", "integer", "0-", "Entries of a compact set."},
    {"slowlog-log-slower-than", "10000", "integer", "-", "Microseconds from which a command is slow."},
    {"slowlog-max-len", "128", "integer", "0-", "The length of the slow log."},
    {"stream-node-max-bytes", "4096", "integer", "0-", "Bytes of a stream's node."},
    {"stream-node-max-entries", "100", "integer", "0-", "Entries of a stream's node."},
    {"tcp-keepalive", "300", "integer", "0-", "Seconds between keepalives."},
    {"timeout", "0", "integer", "0,20-", "Close the connection after a client was idle for so many seconds."},
    {"tracking-table-max-keys", "1000000", "integer", "1-100000000",
     "Keys of the client side caching table."},
    {"zset-max-listpack-entries", "128", "integer", "0-", "Entries of a compact sorted set."},
    {"zset-max-listpack-value", "64", "integer", "0-", "Longest value of a compact sorted set."},
};

bool listed(std::string_view allowed, std::string_view value) {
  while (!allowed.empty()) {
    const std::string_view one = allowed.substr(0, allowed.find(','));
    if (one == value) return true;
    allowed.remove_prefix(std::min(one.size() + 1, allowed.size()));
  }
  return false;
}

}  // namespace

std::span<const ParameterFacts> engine_parameters() { return kParameters; }

ParameterGroupRecord find_parameter_group(const Call& call, const std::string& given) {
  const std::string name = given.empty() ? kDefaultParameterGroup : ascii_lower(given);
  if (const auto stored = call.rows(kParameterGroups).get(name)) return *stored;
  if (name != kDefaultParameterGroup)
    throw CacheParameterGroupNotFoundFault("CacheParameterGroup not found: " + name);
  ParameterGroupRecord record;
  record.shown = {.CacheParameterGroupName = name,
                  .CacheParameterGroupFamily = kParameterFamily,
                  .Description = "Default parameter group for redis7",
                  .IsGlobal = false,
                  .ARN = call.arn("elasticache", "parametergroup:" + name)};
  return record;
}

void check_parameter(const std::string& name, const std::string& value) {
  const auto* facts = std::ranges::find(kParameters, name, &ParameterFacts::name);
  if (facts == std::end(kParameters)) throw_invalid_value("Could not find parameter with name: " + name);
  if (value.find_first_of("\r\n\"\\") != std::string::npos)
    throw_invalid_value("The value of " + name + " is not valid.");
  const bool number =
      !value.empty() && value.find_first_not_of("0123456789", value[0] == '-' ? 1 : 0) == std::string::npos;
  if (facts->type == "integer" ? !number : !facts->allowed.empty() && !listed(facts->allowed, value))
    throw_invalid_value("The value \"" + value + "\" for parameter " + name +
                        " is not allowed: it must be of " + std::string(facts->allowed));
}

std::map<std::string, std::string> engine_parameters_of(const ParameterGroupRecord& group) {
  std::map<std::string, std::string> out;
  for (const auto& [name, value] : group.values) {
    const auto* facts = std::ranges::find(kParameters, name, &ParameterFacts::name);
    if (facts != std::end(kParameters) && facts->of_engine) out[name] = value;
  }
  return out;
}

bool is_parameter_group_used(const Call& call, const std::string& name) {
  bool used = false;
  call.rows(kGroups).each(
      [&](std::string_view, const GroupRecord& group) { used = used || group.parameter_group == name; });
  return used;
}

void apply_parameter_group(Call& call, const std::string& name) {
  for (const auto& [id, group] : call.rows(kGroups).all()) {
    if (group->parameter_group != name || group->shown.Status == "deleting") continue;
    GroupRecord record = *group;
    restart_nodes(call, record);
    put_group(call, record);
  }
}

}  // namespace landfall::elasticache
