// IAM's rows. Global: keys begin with "<account>/".
//   kUsers             "<account>/<user name>"
//   kGroups            "<account>/<group name>"
//   kAccessKeys        "<account>/<access key id>"; of the root user: user_name is empty
//   kRoles             "<account>/<role name>"
//   kPolicies          "<account>/<policy name>": customer managed policies (names are unique whatever the
//   path) kInstanceProfiles  "<account>/<instance profile name>" kAccounts          "<account>/account": one
//   for each account; its token keys
// Invariant: the documents of snapshot.h follow from these rows. Whoever writes a row does it through
// records.h, which publishes in the same transaction.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/iam/snapshot.h"
#include "store/store.h"

namespace landfall::iam {

struct EntityRecord {  // what users, groups and roles have in common
  std::string name, path, id, arn;
  Timestamp created;
  std::map<std::string, std::string> inline_policies;  // name -> document
  std::vector<std::string> attached;                   // ARNs, in order of attachment
  std::string boundary;                                // ARN; empty: none
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("path", path);
    v("id", id);
    v("arn", arn);
    v("created", created);
    v("inline_policies", inline_policies);
    v("attached", attached);
    v("boundary", boundary);
    v("tags", tags);
  }
};

struct UserRecord {
  EntityRecord entity;
  std::vector<std::string> groups;  // names; each has a row in kGroups
  template <class V>
  void fields(V& v) {
    v("entity", entity);
    v("groups", groups);
  }
};

struct GroupRecord {
  EntityRecord entity;  // no boundary, no tags: AWS's groups have none
  template <class V>
  void fields(V& v) {
    v("entity", entity);
  }
};

struct AccessKeyRecord {
  std::string id;
  Secret secret;
  std::string user_name;  // empty: the root user's
  bool active = true;
  Timestamp created;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("secret", secret);
    v("user_name", user_name);
    v("active", active);
    v("created", created);
  }
};

struct RoleRecord {
  EntityRecord entity;
  std::string trust_policy;
  std::string description;
  int64_t max_session_seconds = 3600;
  std::string
      linked_service;  // "autoscaling.amazonaws.com": a service-linked role; only that service changes it
  template <class V>
  void fields(V& v) {
    v("entity", entity);
    v("trust_policy", trust_policy);
    v("description", description);
    v("max_session_seconds", max_session_seconds);
    v("linked_service", linked_service);
  }
};

struct PolicyVersionRecord {
  std::string id;  // "v1"
  std::string document;
  Timestamp created;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("document", document);
    v("created", created);
  }
};

struct PolicyRecord {
  std::string name, path, id, arn, description;
  Timestamp created, updated;
  std::string default_version;
  int64_t last_version = 0;  // numbers are never used again
  std::vector<PolicyVersionRecord> versions;
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("path", path);
    v("id", id);
    v("arn", arn);
    v("description", description);
    v("created", created);
    v("updated", updated);
    v("default_version", default_version);
    v("last_version", last_version);
    v("versions", versions);
    v("tags", tags);
  }
};

struct InstanceProfileRecord {
  std::string name, path, id, arn;
  Timestamp created;
  std::string role;  // role name; empty: none
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("path", path);
    v("id", id);
    v("arn", arn);
    v("created", created);
    v("role", role);
    v("tags", tags);
  }
};

struct AccountRecord {
  std::vector<TokenKeyDocument> token_keys;
  Timestamp created;
  std::string name;    // of an added one
  bool added = false;  // later than the account that the data directory was made with
  template <class V>
  void fields(V& v) {
    v("token_keys", token_keys);
    v("created", created);
    v("name", name);
    v("added", added);
  }
};

inline constexpr store::Table<UserRecord> kUsers{"iam.user"};
inline constexpr store::Table<GroupRecord> kGroups{"iam.group"};
inline constexpr store::Table<AccessKeyRecord> kAccessKeys{"iam.access_key"};
inline constexpr store::Table<RoleRecord> kRoles{"iam.role"};
inline constexpr store::Table<PolicyRecord> kPolicies{"iam.policy"};
inline constexpr store::Table<InstanceProfileRecord> kInstanceProfiles{"iam.instance_profile"};
inline constexpr store::Table<AccountRecord> kAccounts{"iam.account"};
inline constexpr char kAccountRow[] = "account";

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
inline constexpr size_t kAccessKeysPerUser = 2;
inline constexpr size_t kAttachedPoliciesPerEntity = 10;
inline constexpr size_t kGroupsPerUser = 10;
inline constexpr size_t kGroupsPerAccount = 300;
inline constexpr size_t kVersionsPerPolicy = 5;
inline constexpr size_t kTagsPerEntity = 50;

}  // namespace landfall::iam
