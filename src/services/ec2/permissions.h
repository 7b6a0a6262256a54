// The IpPermissions of requests as rules of one peer each, and back.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ec2/shapes.h"
#include "services/ec2/resources.h"
#include "services/ec2/store.h"

namespace landfall::ec2 {

// The older way of saying one permission, in the request itself.
struct FlatPermission {
  std::optional<std::string> cidr, protocol, source_group_name;
  std::optional<int64_t> from_port, to_port;
};

// Checked rules without ids, in order; throws InvalidParameterValue, InvalidGroup.NotFound, MissingParameter.
std::vector<RuleRecord> rules_of(const Call& call, const SecurityGroupRecord& group, Direction direction,
                                 const std::vector<IpPermission>& permissions, const FlatPermission& flat);
// Checks and canonicalises protocol and ports.
void set_protocol_and_ports(RuleRecord& rule, const std::optional<std::string>& protocol,
                            std::optional<int64_t> from, std::optional<int64_t> to);
std::string canonical_cidr_ipv4(const std::string& text);
std::string canonical_cidr_ipv6(const std::string& text);
std::string checked_prefix_list(const Call& call, const std::string& id);  // InvalidPrefixListID.NotFound
void check_referenced_group(const Call& call, const SecurityGroupRecord& group,
                            const std::string& referenced_id);

std::vector<IpPermission> permissions_of(const Call& call, const SecurityGroupRecord& group,
                                         Direction direction);

// The group by id, or by name in the default VPC; throws MissingParameter without either.
std::shared_ptr<const SecurityGroupRecord> require_group(const Call& call,
                                                         const std::optional<std::string>& id,
                                                         const std::optional<std::string>& name);

// The shared bodies of the Authorize, Revoke and UpdateSecurityGroupRuleDescriptions operations.
std::vector<SecurityGroupRule> authorize_rules(Call& call, SecurityGroupRecord group,
                                               std::vector<RuleRecord> rules, const TagMap& tags);
// By id where ids are given, else by value; throws InvalidPermission.NotFound or
// InvalidSecurityGroupRuleId.NotFound.
std::vector<RuleRecord> revoke_rules(Call& call, SecurityGroupRecord group, Direction direction,
                                     const std::vector<RuleRecord>& rules,
                                     const std::vector<std::string>& ids);
void update_descriptions(Call& call, SecurityGroupRecord group, Direction direction,
                         const std::vector<RuleRecord>& rules,
                         const std::vector<SecurityGroupRuleDescription>& by_id);
RevokedSecurityGroupRule render_revoked(const SecurityGroupRecord& group, const RuleRecord& rule);

}  // namespace landfall::ec2
