// What `control` tells `edge` (and itself) about identities: the only header that IAM's two planes share.
// Documents, one per thing, so that a change costs what it changes; attached managed policies are named by
// ARN and resolved by the reader (dataplane/directory.h):
//   kind "IamAccount"          id = account id             token keys, the root user's access keys
//   kind "IamUser"             id = user name
//   kind "IamGroup"            id = group name
//   kind "IamRole"             id = role name
//   kind "IamPolicy"           id = ARN                    customer managed policies, default version only
//   kind "IamInstanceProfile"  id = instance profile name
// The names are those of the account that the data directory was made with; another account's are
// "<account>/<name>" (document_id()). A reader needs neither: whose a document is, its own ARN says.
// They hold secrets: they are kept in folders that only their owner reads.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/secret.h"

namespace landfall::iam {

inline constexpr char kAccountKind[] = "IamAccount";
inline constexpr char kUserKind[] = "IamUser";
inline constexpr char kGroupKind[] = "IamGroup";
inline constexpr char kRoleKind[] = "IamRole";
inline constexpr char kPolicyKind[] = "IamPolicy";
inline constexpr char kInstanceProfileKind[] = "IamInstanceProfile";

// The id of the document of what is called `name` in `account`; `first` is the account of ControlConfig.
inline std::string document_id(const std::string& first, const std::string& account,
                               const std::string& name) {
  return account == first ? name : account + "/" + name;
}

struct AccessKeyDocument {
  std::string id;  // AKIA...
  Secret secret;
  bool active = true;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("secret", secret);
    v("active", active);
  }
};

struct TokenKeyDocument {
  std::string id;
  std::string key_base64;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("key", key_base64);
  }
};

struct AccountDocument {
  std::string account;
  std::vector<AccessKeyDocument> root_keys;
  std::vector<TokenKeyDocument> token_keys;  // the first seals new tokens
  bool added = false;                        // later than the account that the data directory was made with
  template <class V>
  void fields(V& v) {
    v("account", account);
    v("root_keys", root_keys);
    v("token_keys", token_keys);
    v("added", added);
  }
};

// What users, groups and roles have in common.
struct EntityDocument {
  std::string name, path, arn, id;
  std::map<std::string, std::string> inline_policies;  // name -> document
  std::vector<std::string> attached;                   // ARNs of managed policies
  std::string boundary;                                // ARN; empty: none
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("path", path);
    v("arn", arn);
    v("id", id);
    v("inline_policies", inline_policies);
    v("attached", attached);
    v("boundary", boundary);
    v("tags", tags);
  }
};

struct UserDocument {
  EntityDocument entity;
  std::vector<AccessKeyDocument> keys;
  std::vector<std::string> groups;  // names; their policies are the user's too
  template <class V>
  void fields(V& v) {
    v("entity", entity);
    v("keys", keys);
    v("groups", groups);
  }
};

struct GroupDocument {
  EntityDocument entity;
  template <class V>
  void fields(V& v) {
    v("entity", entity);
  }
};

struct RoleDocument {
  EntityDocument entity;
  std::string trust_policy;
  int64_t max_session_seconds = 3600;
  template <class V>
  void fields(V& v) {
    v("entity", entity);
    v("trust_policy", trust_policy);
    v("max_session_seconds", max_session_seconds);
  }
};

struct PolicyDocument {
  std::string arn;
  std::string document;
  template <class V>
  void fields(V& v) {
    v("arn", arn);
    v("document", document);
  }
};

struct InstanceProfileDocument {
  std::string name, arn, id;
  std::string role;  // role name; empty: none
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("arn", arn);
    v("id", id);
    v("role", role);
  }
};

}  // namespace landfall::iam
