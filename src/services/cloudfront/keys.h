// Public keys and the key groups that hold them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/cloudfront/store.h"

namespace landfall::cloudfront {

PublicKeyRecord find_public_key(const Call& call, std::string_view id);  // throws NoSuchPublicKey
KeyGroupRecord find_key_group(const Call& call, std::string_view id);    // throws NoSuchResource

// Of all keys in the groups, each once, in order.
std::vector<std::string> key_ids_of(const Call& call, const std::optional<TrustedKeyGroups>& groups);
// The distribution's, as GetDistribution shows them.
ActiveTrustedKeyGroups active_key_groups(const Call& call, const DistributionConfig& config);

// They throw TrustedKeyGroupDoesNotExist and others, for what a behaviour may not say.
void check_trusted(const Call& call, const std::optional<TrustedKeyGroups>& groups);

// They throw InvalidArgument.
void check_public_key(const Call& call, const PublicKeyConfig& config);
void check_key_group(const Call& call, const KeyGroupConfig& config);

}  // namespace landfall::cloudfront
