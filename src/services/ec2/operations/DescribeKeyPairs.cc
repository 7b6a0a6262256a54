#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/key_pairs.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeKeyPairsResult DescribeKeyPairs(Call& call, const DescribeKeyPairsRequest& in) {
  const FilterFields<KeyPairRecord> fields{
      {"fingerprint", [](const KeyPairRecord& k, Values& out) { out.push_back(k.fingerprint); }},
      {"key-name", [](const KeyPairRecord& k, Values& out) { out.push_back(k.name); }},
      {"key-pair-id", [](const KeyPairRecord& k, Values& out) { out.push_back(k.key_pair_id); }},
  };
  for (const std::string& name : in.KeyNames) require(call, kKeyPairs, name);
  for (const std::string& id : in.KeyPairIds) require_key_by_id(call, id);
  const bool all = in.KeyNames.empty() && in.KeyPairIds.empty();
  DescribeKeyPairsResult out;
  rows(call, kKeyPairs).each([&](std::string_view, const KeyPairRecord& key) {
    const bool named = std::ranges::find(in.KeyNames, key.name) != in.KeyNames.end() ||
                       std::ranges::find(in.KeyPairIds, key.key_pair_id) != in.KeyPairIds.end();
    if ((!all && !named) ||
        !matches_filters(in.Filters, fields, key, [&] { return tags_of(call, key.key_pair_id); }))
      return;
    KeyPairInfo& shown = out.KeyPairs.emplace_back();
    shown.KeyPairId = key.key_pair_id;
    shown.KeyType = key.type;
    shown.Tags = rendered_tags(call, key.key_pair_id);
    if (in.IncludePublicKey.value_or(false)) shown.PublicKey = key.public_key;
    shown.CreateTime = key.created_at;
    shown.KeyName = key.name;
    shown.KeyFingerprint = key.fingerprint;
  });
  return out;
}

}  // namespace landfall::ec2
