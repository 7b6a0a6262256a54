// What Landfall's own operations (/_landfall/...) say in JSON: control answers with it, the command line
// reads it.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"

namespace landfall::roles {

struct RefusalText {
  std::string code, message;
  template <class V>
  void fields(V& v) {
    v("code", code);
    v("message", message);
  }
};

struct AccountText {
  std::string id, name;
  Timestamp created;
  bool first = false;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("name", name);
    v("created", created);
    v("first", first);
  }
};

struct AccountsText {
  std::vector<AccountText> accounts;
  template <class V>
  void fields(V& v) {
    v("accounts", accounts);
  }
};

struct AddAccountText {
  std::string id, name;  // id: empty for one that is made
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("name", name);
  }
};

struct AddedAccountText {
  std::string id, name, access_key_id, secret_access_key, role_arn;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("name", name);
    v("access_key_id", access_key_id);
    v("secret_access_key", secret_access_key);
    v("role_arn", role_arn);
  }
};

}  // namespace landfall::roles
