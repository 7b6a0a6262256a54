// Call: one API call as its operation handler sees it: who calls, where, and the transaction it runs in.
//
//   CreateVpcResult CreateVpc(Call& call, const CreateVpcRequest& in) {
//     Rows<VpcRecord> vpcs = call.rows(kVpcs);               // this account's and region's
//     const std::string id = "vpc-" + call.random().hex(17);
//     vpcs.put(id, {...});
//     return {.Vpc = ...};
//   }
//
// The gateway authenticates, decodes, validates and authorises before the handler, and commits after it: a
// handler that throws has written nothing. Handlers do no I/O and do not wait. Another service's operation is
// an ordinary function:
//   ec2::CreateSecurityGroup(call.as_service("elasticbeanstalk.amazonaws.com"), request)   // same
//   transaction
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "aws/service_error.h"
#include "base/clock.h"
#include "gateway/control_plane.h"

namespace landfall {

enum class CallerKind { root, user, assumed_role, federated, service, anonymous };

class S3Answers;

struct Caller {
  CallerKind kind = CallerKind::anonymous;
  std::string account;  // of the caller
  std::string arn;      // arn:aws:iam::123456789012:user/alice, arn:aws:sts::...:assumed-role/app/i-0123
  std::string user_id;  // AIDA..., AROA...:session, or the account for root
  std::string access_key_id;
  std::string role_arn;      // of an assumed role: arn:aws:iam::123456789012:role/app
  std::string session_name;  // of an assumed role; the instance id for an instance's role
  std::string service;       // of a service principal: "autoscaling.amazonaws.com"
  std::string source_ip, user_agent;
  bool secure_transport = false;
  bool session_limited = false;  // a session policy limits it: its rights cannot be stored for later
};

// The rows of a table that belong to one account and region; ids are the resource's own ("vpc-1").
template <class T>
class Rows {
 public:
  Rows(store::Txn& txn, const store::Table<T>& table, std::string scope)
      : txn_(&txn), table_(&table), scope_(std::move(scope)) {}

  std::shared_ptr<const T> get(std::string_view id) const {
    return txn_->get(*table_, full(id));
  }  // null if absent
  bool has(std::string_view id) const { return get(id) != nullptr; }
  void put(std::string_view id, T value) { txn_->put(*table_, full(id), std::move(value)); }
  void erase(std::string_view id) { txn_->erase(*table_, full(id)); }
  // In order of ids. Do not write to the same table inside `visit`: use all().
  void each(const std::function<void(std::string_view id, const T&)>& visit) const {
    txn_->each<T>(*table_, scope_,
                  [&](std::string_view id, const T& value) { visit(id.substr(scope_.size()), value); });
  }
  std::vector<std::pair<std::string, std::shared_ptr<const T>>> all() const {
    auto rows = txn_->all(*table_, scope_);
    for (auto& row : rows) row.first.erase(0, scope_.size());
    return rows;
  }
  std::string full(std::string_view id) const { return scope_ + std::string(id); }

 private:
  store::Txn* txn_;
  const store::Table<T>* table_;
  std::string scope_;  // "123456789012/us-east-1/"
};

struct Call {
  ControlPlane& plane;
  store::Txn& txn;
  Caller caller;
  std::string account;  // whose resources the call is about
  std::string region;
  std::string request_id;
  Timestamp now;
  bool dry_run = false;  // ec2's DryRun: the gateway answers DryRunOperation after authorisation
  // What S3 has answered to it (ask_s3.h); null: it cannot be begun anew to ask.
  const S3Answers* s3_answers = nullptr;
  // Checks a further permission of the caller (iam:PassRole, ...); throws AccessDenied. Set by the gateway;
  // always passes for service principals.
  std::function<void(std::string_view action, std::string_view resource_arn,
                     const std::map<std::string, std::string>& context)>
      authorize;

  Random& random() const { return plane.random; }
  const std::string& partition() const { return plane.config.partition; }
  std::string scope() const { return account + "/" + region + "/"; }

  template <class T>
  Rows<T> rows(const store::Table<T>& table) const {
    return Rows<T>(txn, table, scope());
  }
  // Of a service that is global (IAM, Route 53, CloudFront): one set of rows an account.
  template <class T>
  Rows<T> global_rows(const store::Table<T>& table) const {
    return Rows<T>(txn, table, account + "/");
  }

  // "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1"
  std::string arn(std::string_view service, std::string_view resource) const;
  std::string global_arn(std::string_view service, std::string_view resource) const;  // without region

  // The same call, transaction and scope, made by a service on the caller's behalf.
  Call as_service(std::string_view service_principal) const;
};

// Splits a reconciler's id "123456789012/us-east-1/vpc-1" (or "123456789012/Z123" of a global service: region
// empty).
struct ResourceKey {
  std::string account, region, id;
};
ResourceKey parse_resource_key(std::string_view key);

}  // namespace landfall
