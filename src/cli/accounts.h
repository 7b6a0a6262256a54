// The accounts of a running Landfall, as its own operations tell them (roles/control_accounts.h).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "cli/api_client.h"
#include "roles/layout.h"
#include "roles/own_api_text.h"

namespace landfall::cli {

Result<std::vector<roles::AccountText>> accounts_of(const roles::Layout& layout);

struct AccountSession {
  std::string account_id, access_key_id;
  Secret secret_access_key;
  std::string session_token;
};
// Assumes, as the first account's root, the role that each added account has for that.
Result<AccountSession> open_account(const roles::Layout& layout, const std::string& id_or_name);
// A client in such a session; with "" of the first account's root.
Result<ApiClient> client_in(const roles::Layout& layout, const std::string& id_or_name);

// One of Landfall's own operations: its answer's JSON, or what it says is wrong.
Result<std::string> ask_accounts(const roles::Layout& layout, const std::string& method,
                                 const std::string& path_after, std::string body);

}  // namespace landfall::cli
