// ResourceType: how CloudFormation makes, changes and deletes one type of resource, through the operations of
// the service it belongs to: types/<service>.cc has those of one service.
//
// Every step runs in one transaction with the stack's record: what an operation made and that the stack knows
// it are committed together, so a crash leaves no orphan. Steps do not wait: what takes time is asked for
// again by settled(). A step that throws ServiceError fails the resource with that message.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/call.h"

namespace landfall::cloudformation {

struct StackRecord;
struct StackTag;

// What a resource is, between steps.
struct Model {
  std::string physical_id;         // what Ref answers, unless the type says otherwise
  boost::json::object attributes;  // what Fn::GetAtt answers
  std::string progress;            // a note from one step to the next; empty when settled
};

// Asynchronous requests to S3, seen level-triggered: the first ask sends it, a later one finds the answer.
class S3Requests {
 public:
  S3Requests(S3Client& client, std::function<void(std::string stack_key)> wake)
      : client_(client), wake_(std::move(wake)) {}
  // nullopt: under way; the stack will be stepped again. The answer is taken away by the ask that gets it.
  std::optional<Result<S3Reply>> ask(const std::string& stack_key, const std::string& name,
                                     S3Client::Request request);

 private:
  struct State {
    std::map<std::string, std::optional<Result<S3Reply>>> replies;
  };
  S3Client& client_;
  std::function<void(std::string)> wake_;
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// What a step may use.
struct Work {
  Call& call;
  const StackRecord& stack;
  const std::string& logical_id;
  std::string stack_key;  // of the reconciler
  S3Requests& s3_requests;
  boost::json::object update_policy{};  // the resource's UpdatePolicy, evaluated
  bool keep_snapshot = false;           // what is removed leaves a final snapshot, where its type has such

  // Calls an operation in process, in this step's transaction, with the rights of the stack's caller or role.
  boost::json::object invoke(std::string_view service, std::string_view operation,
                             const boost::json::object& input) const;
  // Answers S3, or nullopt while it is under way. Throws ServiceError for an error answer (404 too).
  std::optional<S3Reply> s3(std::string_view method, std::string path, std::string query,
                            std::string body) const;
  // "<stack>-<logical id>-<12 characters>", cut to `limit`, for resources that were given no name.
  std::string generated_name(size_t limit = 64) const;
  // The keys of the tags that were there before and are no longer.
  boost::json::array tags_gone(const boost::json::object& before, const boost::json::object& now) const;
  bool tags_differ(const boost::json::object& before, const boost::json::object& now) const;
  // The resource's own Tags property, the stack's tags and aws:cloudformation:*, as [{Key, Value}].
  boost::json::array tags(const boost::json::object& properties) const;
};

class ResourceType {
 public:
  virtual ~ResourceType() = default;
  // Throws what CloudFormation says of properties that the type does not have, or that are missing.
  virtual void check(const std::string& logical_id, const boost::json::object& properties) const = 0;
  // Accepted without effect: README.md, "Not done", names each.
  virtual const std::set<std::string, std::less<>>& inert() const = 0;
  // Starts it. The model has at least the physical id afterwards.
  virtual Model create(Work& work, const boost::json::object& properties) const = 0;
  // True when it is ready for others; fills the attributes. False: ask again soon.
  virtual bool settled(Work& work, const boost::json::object& properties, Model& model) const;
  // Whether the change needs a new resource. Default: any does, so a type that cannot update says nothing.
  virtual bool needs_replacement(const boost::json::object& before, const boost::json::object& after) const;
  virtual void update(Work& work, const boost::json::object& before, const boost::json::object& properties,
                      Model& model) const;
  // Deletes it, or goes on deleting it; true when it is gone. A resource that is not there is gone.
  virtual bool remove(Work& work, const boost::json::object& properties, const Model& model) const = 0;
};

const ResourceType* find_type(std::string_view name);  // null: not supported
std::vector<std::string> type_names();

// A type said in functions, which suits nearly all of them:
//
//   registry["AWS::EC2::InternetGateway"] = type_of({
//       .create = [](Work& w, const object& p) { ...; return Model{.physical_id = id}; },
//       .remove = [](Work& w, const object&, const Model& m) { return gone_after([&] { w.invoke("ec2",
//       "DeleteInternetGateway", ...); }); },
//   });
struct TypeFunctions {
  std::function<Model(Work&, const boost::json::object& properties)> create;
  std::function<bool(Work&, const boost::json::object& properties, Model&)>
      settled;  // optional: ready at once
  std::function<bool(Work&, const boost::json::object& properties, const Model&)> remove;
  // All the properties the type has, each in one of the three; any other is refused.
  std::set<std::string, std::less<>> fixed;      // another value needs another resource; "Config.Name" too
  std::set<std::string, std::less<>> updatable;  // update() changes them in place
  std::set<std::string, std::less<>> inert;      // accepted, no effect
  std::set<std::string, std::less<>> required;   // those of the others that must be there
  std::function<void(Work&, const boost::json::object& before, const boost::json::object& properties, Model&)>
      update;
};
std::unique_ptr<ResourceType> type_of(TypeFunctions functions);

using Registry = std::map<std::string, std::unique_ptr<ResourceType>, std::less<>>;
// One a service, in types/<service>.cc.
void add_acm_types(Registry& registry);
void add_autoscaling_types(Registry& registry);
void add_cloudfront_types(Registry& registry);
void add_cloudwatch_types(Registry& registry);
void add_ec2_types(Registry& registry);
void add_elasticache_types(Registry& registry);
void add_elasticbeanstalk_types(Registry& registry);
void add_elbv2_types(Registry& registry);
void add_iam_types(Registry& registry);
void add_logs_types(Registry& registry);
void add_rds_types(Registry& registry);
void add_route53_types(Registry& registry);
void add_s3_types(Registry& registry);
void add_secretsmanager_types(Registry& registry);
void add_ssm_types(Registry& registry);
// Parts of the above, in files of their own.
void add_ec2_addresses(Registry& registry);
void add_ec2_endpoints(Registry& registry);
void add_ec2_instances(Registry& registry);
void add_ec2_network_acls(Registry& registry);
void add_ec2_security_groups(Registry& registry);
void add_cloudfront_policies(Registry& registry);
void add_iam_groups(Registry& registry);

// Helpers for mapping properties to an operation's input.
using Names = std::span<const std::string_view>;  // of properties that several places mean, listed once
boost::json::object pick(const boost::json::object& from, Names names);
inline boost::json::object pick(const boost::json::object& from,
                                std::initializer_list<std::string_view> names) {
  return pick(from, Names(names.begin(), names.size()));
}
std::set<std::string, std::less<>> set_of(Names names, std::initializer_list<std::string_view> more);
std::string text_at(const boost::json::object& object, std::string_view name);  // "" if absent
const boost::json::value* value_at(const boost::json::object& object,
                                   std::string_view path);  // "Vpc.VpcId", "Vpcs.0.VpcId"
std::string text_at_path(const boost::json::object& object, std::string_view path);
// The member as a list or an object; empty where it is absent or something else.
boost::json::array list_at(const boost::json::object& object, std::string_view name);
boost::json::object object_at(const boost::json::object& object, std::string_view name);
// What makes one map of another: members that are new or differ, and members that are no longer there.
struct MapChange {
  boost::json::object changed, gone;
};
MapChange change_of(const boost::json::object& before, const boost::json::object& now);
boost::json::array missing_from(const boost::json::array& list,
                                const boost::json::array& other);                         // list - other
bool truth_at(const boost::json::object& object, std::string_view name, bool otherwise);  // true or "true"
// Runs a deletion; an error whose code is one of `gone` (or ends in ".NotFound") means it is gone.
bool gone_after(const std::function<void()>& deletion, std::initializer_list<std::string_view> gone = {});

}  // namespace landfall::cloudformation
