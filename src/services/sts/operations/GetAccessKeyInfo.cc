#include "gateway/call.h"
#include "sts/operations.h"

namespace landfall::sts {

// An id tells its account by itself (AWS encodes it there); here there is one account.
GetAccessKeyInfoResponse GetAccessKeyInfo(Call& call, const GetAccessKeyInfoRequest&) {
  return {.Account = call.account};
}

}  // namespace landfall::sts
