// Accounts: Landfall's own operations on accounts, for the first account's root. `landfall account` sends
// them.
//
//   GET    /_landfall/accounts             {"accounts": [{"id", "name", "created", "first"}]}
//   POST   /_landfall/accounts             {"name", "id"?} -> 201 and the account with its root's access key,
//                                          which is not told again
//   DELETE /_landfall/accounts/ID-or-NAME  {"removed": ID}; 409 while something is in it
//
// A new account begins as the first did: a default VPC (in other regions once it is looked for), a root key.
// Threads: control's loop.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "roles/control_own_api.h"

namespace landfall::roles {

class Accounts {
 public:
  static constexpr std::string_view kTarget = "/_landfall/accounts";

  Accounts(ControlPlane& plane, Identities identities) : plane_(plane), identities_(std::move(identities)) {}
  void handle(std::shared_ptr<http::Exchange> exchange);

 private:
  void list(http::Exchange& exchange);
  void add(http::Exchange& exchange, const std::string& body);
  void remove(std::shared_ptr<http::Exchange> exchange, const std::string& id_or_name);

  ControlPlane& plane_;
  Identities identities_;
};

}  // namespace landfall::roles
