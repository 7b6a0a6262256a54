// A call about another account's resources than the caller's.
#pragma once

#include "gateway/call.h"

namespace landfall {

// The same call, transaction and caller. Who uses it decides whether the caller may: nothing else does.
inline Call in_account(const Call& call, std::string_view account_id) {
  Call there = call;
  there.account = account_id;
  return there;
}

}  // namespace landfall
