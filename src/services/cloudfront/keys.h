// Public keys and the key groups that hold them.
#pragma once

#include <string_view>

#include "services/cloudfront/store.h"

namespace landfall::cloudfront {

PublicKeyRecord find_public_key(const Call& call, std::string_view id);  // throws NoSuchPublicKey
KeyGroupRecord find_key_group(const Call& call, std::string_view id);    // throws NoSuchResource

// They throw InvalidArgument.
void check_public_key(const Call& call, const PublicKeyConfig& config);
void check_key_group(const Call& call, const KeyGroupConfig& config);

}  // namespace landfall::cloudfront
