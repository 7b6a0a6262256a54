#include "gateway/call.h"
#include "services/iam/store.h"
#include "sts/operations.h"

namespace landfall::sts {

// AWS encodes the account in an id. Here the stored ones are looked up; a temporary one only its token knows:
// it is taken to be the caller's.
GetAccessKeyInfoResponse GetAccessKeyInfo(Call& call, const GetAccessKeyInfoRequest& in) {
  std::string account = call.account;
  call.txn.each<iam::AccessKeyRecord>(iam::kAccessKeys, "",
                                      [&](std::string_view row, const iam::AccessKeyRecord& key) {
                                        if (key.id == in.AccessKeyId) account = row.substr(0, row.find('/'));
                                      });
  return {.Account = account};
}

}  // namespace landfall::sts
