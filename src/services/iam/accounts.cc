#include "services/iam/accounts.h"
#include "gateway/in_account.h"

#include <algorithm>

#include "base/encoding.h"
#include "iam/operations.h"
#include "services/iam/records.h"

namespace landfall::iam {
namespace {

using std::string;

constexpr size_t kAccountDigits = 12;

bool is_account_id(std::string_view text) {
  return text.size() == kAccountDigits && text.find_first_not_of("0123456789") == std::string_view::npos;
}

string free_account_id(const Call& call) {
  string id;
  do {
    id = call.random().from("123456789", 1) + call.random().from("0123456789", kAccountDigits - 1);
  } while (find_account(call.txn, id));
  return id;
}

// Ids of token keys travel in the tokens and are looked up over all accounts.
string free_token_key_id(const Call& call) {
  string id;
  bool taken = true;
  while (taken) {
    id = "k" + call.random().hex(7);
    taken = false;
    call.txn.each<AccountRecord>(kAccounts, "", [&](std::string_view, const AccountRecord& account) {
      taken = taken ||
              std::ranges::find(account.token_keys, id, &TokenKeyDocument::id) != account.token_keys.end();
    });
  }
  return id;
}

void check_new(const Call& call, const string& id, const string& name) {
  if (!is_account_id(id))
    throw ServiceError("InvalidInputException", 400, "An account's id is twelve digits, not '" + id + "'");
  const bool control =
      std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (name.empty() || name.size() > kMaxAccountNameBytes || is_account_id(name) || control)
    throw ServiceError("InvalidInputException", 400,
                       "An account's name has 1 to " + std::to_string(kMaxAccountNameBytes) +
                           " characters and is no account's id");
  const auto known = accounts(call.txn);
  if (known.size() >= kMaxAccounts)
    throw ServiceError("ConstraintViolationException", 409,
                       "There are " + std::to_string(known.size()) + " accounts, and no more may be");
  for (const AccountInfo& account : known)
    if (account.id == id || account.name == name)
      throw ServiceError("DuplicateAccountException", 409,
                         "There is already an account " + account.id +
                             (account.name.empty() ? "" : " named " + account.name));
}

void make_access_role(Call& call) {
  const string manager = "arn:" + call.partition() + ":iam::" + call.plane.config.account + ":root";
  CreateRole(call, {.RoleName = kAccessRoleName,
                    .AssumeRolePolicyDocument =
                        R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":")" +
                        manager + R"("},"Action":"sts:AssumeRole"}]})",
                    .MaxSessionDuration = kAccessRoleSeconds});
  AttachRolePolicy(call, {.RoleName = kAccessRoleName,
                          .PolicyArn = "arn:" + call.partition() + ":iam::aws:policy/AdministratorAccess"});
}

}  // namespace

std::vector<AccountInfo> accounts(const store::Txn& txn) {
  std::vector<AccountInfo> found;
  txn.each<AccountRecord>(kAccounts, "", [&](std::string_view key, const AccountRecord& account) {
    found.push_back({string(key.substr(0, key.find('/'))), account.name, account.created, account.added});
  });
  return found;
}

std::optional<AccountInfo> find_account(const store::Txn& txn, std::string_view id_or_name) {
  for (AccountInfo& account : accounts(txn))
    if (account.id == id_or_name || (!account.name.empty() && account.name == id_or_name))
      return std::move(account);
  return std::nullopt;
}

NewAccount add_account(Call& call, string id, const string& name) {
  if (id.empty()) id = free_account_id(call);
  check_new(call, id, name);
  Call there = in_account(call.as_service("organizations.amazonaws.com"), id);
  AccountRecord record{.created = call.now, .name = name, .added = true};
  record.token_keys.push_back({free_token_key_id(call), to_base64(call.random().bytes(aws::kTokenKeyBytes))});
  there.global_rows(kAccounts).put(kAccountRow, std::move(record));
  AccessKeyRecord key{
      .id = new_access_key_id(call, "AKIA"), .secret = Secret(new_secret(call)), .created = call.now};
  put_access_key(there, key);
  make_access_role(there);
  return {{id, name, call.now, true}, key.id, key.secret};
}

void erase_account(Call& call) {
  LF_INVARIANT(call.account != call.plane.config.account, "the first account stays");
  for (const auto& [name, user] : call.global_rows(kUsers).all()) erase_user(call, name);
  for (const auto& [name, group] : call.global_rows(kGroups).all()) erase_group(call, name);
  for (const auto& [name, role] : call.global_rows(kRoles).all()) erase_role(call, name);
  for (const auto& [name, policy] : call.global_rows(kPolicies).all()) erase_policy(call, *policy);
  for (const auto& [name, profile] : call.global_rows(kInstanceProfiles).all())
    erase_instance_profile(call, name);
  for (const auto& [id, key] : call.global_rows(kAccessKeys).all()) call.global_rows(kAccessKeys).erase(id);
  call.global_rows(kAccounts).erase(kAccountRow);
  unpublish(call.txn, kAccountKind, call.account);
}

}  // namespace landfall::iam
