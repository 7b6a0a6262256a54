// What it takes for an account to go: that nothing is in it but what a fresh account has.
#pragma once

#include "gateway/call.h"

namespace landfall::roles {

// Erases all of call.account, in call's transaction: its default VPCs, its identities, what it remembers of
// things gone. Throws ServiceError AccountNotEmpty (409), which names what is still there.
void remove_account(Call& call);

}  // namespace landfall::roles
