// Directory: turns the documents of snapshot.h, as they come and go, into immutable IamSnapshots with every
// policy compiled and every attachment resolved. The same in control and edge.
//
//   directory.apply(kind, id, &json);            // nullptr: gone. Ignores kinds that are not IAM's
//   std::shared_ptr<const IamSnapshot> now = directory.snapshot();
//
// Threads: a Directory belongs to one thread; the snapshots it gives out may be read by all.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aws/policy/evaluate.h"
#include "aws/session_token.h"
#include "base/result.h"
#include "services/iam/snapshot.h"

namespace landfall::iam {

// A user or a role, with its policies.
struct Identity {
  std::string name, path, arn, id;
  std::vector<aws::policy::NamedPolicy> policies;
  std::optional<aws::policy::NamedPolicy> boundary;
  std::map<std::string, std::string> tags;
  bool is_root = false;
  std::string account;
};

std::shared_ptr<const Identity> root_identity(std::string_view account);

struct RoleIdentity : Identity {
  aws::policy::NamedPolicy trust;
  int64_t max_session_seconds = 3600;
};

struct AccessKeyEntry {
  Secret secret;
  bool active = true;
  std::shared_ptr<const Identity> user;  // whose account is the key's
};

struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
template <class T>
using NameMap = std::unordered_map<std::string, T, StringHash, std::equal_to<>>;

// The identities of one account.
class AccountIdentities {
 public:
  const std::string& account() const { return account_; }
  const aws::TokenKeyring& keyring() const { return keyring_; }
  std::shared_ptr<const Identity> user(std::string_view name) const;      // null: unknown
  std::shared_ptr<const RoleIdentity> role(std::string_view name) const;  // by name
  std::shared_ptr<const RoleIdentity> role_by_arn(std::string_view arn) const;
  const InstanceProfileDocument* instance_profile(std::string_view name_or_arn) const;
  const std::string* group_arn(std::string_view name) const;  // nullptr: unknown
  // AWS's managed policies and the account's own.
  std::optional<aws::policy::NamedPolicy> managed_policy(std::string_view arn) const;
  const std::shared_ptr<const Identity>& root() const { return root_; }

 private:
  friend class Directory;
  friend class IamSnapshot;
  std::string account_;
  aws::TokenKeyring keyring_;
  std::shared_ptr<const Identity> root_;
  NameMap<AccessKeyEntry> keys_;
  NameMap<std::shared_ptr<const Identity>> users_;
  NameMap<std::shared_ptr<const RoleIdentity>> roles_;
  NameMap<InstanceProfileDocument> profiles_;
  NameMap<std::string> group_arns_;
  NameMap<aws::policy::NamedPolicy> policies_;
};

// All accounts. A key's id, a session token and an ARN each tell which account they are of.
class IamSnapshot {
 public:
  const AccessKeyEntry* access_key(std::string_view id) const;          // nullptr: unknown
  const AccountIdentities* account(std::string_view account_id) const;  // nullptr: there is no such account
  std::shared_ptr<const RoleIdentity> role_by_arn(std::string_view arn) const;
  // The account that the data directory was made with; nobody is in it while it is not known.
  const AccountIdentities& first() const { return *first_; }
  const aws::TokenKeyring& keyring() const { return keyring_; }  // opens the tokens of every account

 private:
  friend class Directory;
  NameMap<std::shared_ptr<const AccountIdentities>> accounts_;
  std::shared_ptr<const AccountIdentities> first_;
  NameMap<AccessKeyEntry> keys_;
  aws::TokenKeyring keyring_;
};

class Directory {
 public:
  Directory();
  // An Error: the document does not load; the thing it describes is then unknown (nobody is let in by it).
  Result<> apply(std::string_view kind, std::string_view id, const std::string* json);
  // Rebuilt after changes (only the accounts that changed), else the same one again.
  std::shared_ptr<const IamSnapshot> snapshot();

 private:
  using Compiled = std::shared_ptr<const aws::policy::Policy>;
  struct Entity {
    EntityDocument document;
    std::map<std::string, Compiled> inline_policies;
  };
  struct User {
    Entity entity;
    std::vector<AccessKeyDocument> keys;
    std::vector<std::string> groups;
  };
  struct Role {
    Entity entity;
    Compiled trust;
    int64_t max_session_seconds = 3600;
  };
  template <class T>
  using ById = std::map<std::string, T, std::less<>>;  // ids of documents
  struct Account {
    std::optional<AccountDocument> document;  // empty: not there (yet); nobody of the account is let in
    ById<User> users;
    ById<Entity> groups;
    ById<Role> roles;
    ById<aws::policy::NamedPolicy> policies;
    ById<InstanceProfileDocument> profiles;
    std::shared_ptr<const AccountIdentities> current;  // null: to be rebuilt
    bool empty() const;
  };
  void forget(std::string_view kind, std::string_view id);
  Account& account_of(std::string_view arn);  // about to change
  Result<> add_account(std::string_view id, const std::string& json);
  Result<> add_user(std::string_view id, const std::string& json);
  Result<> add_group(std::string_view id, const std::string& json);
  Result<> add_role(std::string_view id, const std::string& json);
  Result<> add_policy(std::string_view id, const std::string& json);
  Result<> add_profile(std::string_view id, const std::string& json);
  static Result<Entity> load(EntityDocument document);
  static bool add_policies(const Entity& entity, const AccountIdentities& account, Identity& into);
  static bool add_groups(const User& user, const std::map<std::string_view, const Entity*>& groups,
                         const AccountIdentities& account, Identity& into);
  static bool resolve(const Entity& entity, const AccountIdentities& account, Identity& into);
  static std::shared_ptr<const AccountIdentities> build(const AccountDocument& document, const Account& from);

  ById<Account> accounts_;                      // by account id
  std::shared_ptr<const IamSnapshot> current_;  // null: to be rebuilt
};

}  // namespace landfall::iam
