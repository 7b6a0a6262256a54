// What the operations share: look-ups, the snapshot that follows from the records, defaults.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "services/elbv2/snapshot.h"
#include "services/elbv2/store.h"

namespace landfall::elbv2 {

// They throw the model's ...NotFoundException.
LoadBalancerRecord find_load_balancer(const Call& call, std::string_view arn);
TargetGroupRecord find_target_group(const Call& call, std::string_view arn);
ListenerRecord find_listener(const Call& call, std::string_view arn);
RuleRecord find_rule(const Call& call, std::string_view arn);

LoadBalancer shown(const LoadBalancerRecord& record);
TargetGroup shown(const Call& call, const TargetGroupRecord& record);

std::vector<ListenerRecord> listeners_of(const Call& call, std::string_view load_balancer_arn);
std::vector<RuleRecord> rules_of(const Call& call,
                                 std::string_view listener_arn);  // by priority, default last
// Load balancers whose listeners or rules forward to it.
std::vector<std::string> users_of(const Call& call, std::string_view target_group_arn);

// Publishes what edge must know of the load balancer, from the records as they are in this transaction.
void sync_load_balancer(Call& call, const std::string& arn);
void sync_users_of(Call& call, const std::string& target_group_arn);

std::vector<std::string> target_groups_in(const std::vector<Action>& actions);
// Throws for actions that cannot be: unknown target groups, types that Landfall has not.
void check_actions(const Call& call, const std::vector<Action>& actions);
void check_certificates(const Call& call, const std::vector<Certificate>& certificates);

// A node in each subnet: its interface and, internet-facing, its public address.
NodeRecord make_node(Call& call, const LoadBalancerRecord& record, const std::string& subnet_id);
void release_node(Call& call, const NodeRecord& node);
void publish_name(Call& call, const LoadBalancerRecord& record);

// "arn:...:loadbalancer/app/name/id" -> "app/name/id": CloudWatch's dimension, and the tail of listeners'
// ARNs.
std::string load_balancer_path(std::string_view arn);
// Route 53's zone of the load balancers' names in that region.
std::string canonical_hosted_zone(const std::string& region);
std::string new_id(Call& call);  // 16 hexadecimal digits

// The page after in.Marker (the last one's key, wherever it stands), at most in.PageSize; sets
// out.NextMarker.
template <class In, class Out, class T, class Key>
std::vector<T> page_of(const In& in, Out& out, std::vector<T> all, Key key) {
  constexpr int64_t kMaxPage = 400;
  if (in.Marker) {
    const auto last = std::ranges::find_if(all, [&](const T& one) { return key(one) == *in.Marker; });
    if (last == all.end()) throw ServiceError("ValidationError", 400, "Invalid marker");
    all.erase(all.begin(), last + 1);
  }
  const auto limit = static_cast<size_t>(in.PageSize.value_or(kMaxPage));
  if (all.size() > limit) {
    all.resize(limit);
    out.NextMarker = key(all.back());
  }
  return all;
}

// As the API shows them whichever way they were written: a target group by its ARN and in a ForwardConfig; a
// condition's values in both places; a redirect with all of its parts.
std::vector<Action> normalized(std::vector<Action> actions);
std::vector<RuleCondition> normalized(std::vector<RuleCondition> conditions);

const Attributes& default_listener_attributes(bool https);
const Attributes& default_load_balancer_attributes();
const Attributes& default_target_group_attributes();
std::string attribute(const Attributes& set, const Attributes& defaults, const std::string& key);

// Lets `change` see and change the tags of the thing that the ARN names.
void change_tags(Call& call, const std::string& arn, const std::function<void(Tags&)>& change);
Tags tag_map(const std::vector<Tag>& tags);

}  // namespace landfall::elbv2
