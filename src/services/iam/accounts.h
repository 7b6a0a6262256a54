// The accounts of a Landfall: the one that its data directory was made with, and those added since. As in an
// organization of AWS's: the first is the management account, whose root adds and removes the others, and
// each added one has the role OrganizationAccountAccessRole, which the management account's identities may
// assume.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access-cross-account-role.html
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/call.h"

namespace landfall::iam {

inline constexpr char kAccessRoleName[] = "OrganizationAccountAccessRole";
inline constexpr int64_t kAccessRoleSeconds = 12 * 3600;
inline constexpr size_t kMaxAccountNameBytes = 50;
inline constexpr size_t kMaxAccounts = 100;

struct AccountInfo {
  std::string id, name;
  Timestamp created;
  bool added = false;
};
std::vector<AccountInfo> accounts(const store::Txn& txn);  // by id
std::optional<AccountInfo> find_account(const store::Txn& txn, std::string_view id_or_name);

struct NewAccount {
  AccountInfo info;
  std::string access_key_id;  // of its root
  Secret secret_access_key;
};
// Its row, token key, root access key and access role. `id` empty: chosen. Throws ServiceError
// InvalidInputException, DuplicateAccountException or ConstraintViolationException.
NewAccount add_account(Call& call, std::string id, const std::string& name);

// All that IAM has of call.account, which must be an added one.
void erase_account(Call& call);

}  // namespace landfall::iam
