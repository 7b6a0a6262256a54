// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateKeyGroup.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/keys.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

UpdateKeyGroupResult UpdateKeyGroup(Call& call, const UpdateKeyGroupRequest& in) {
  KeyGroupRecord record = find_key_group(call, *in.Id);
  check_if_match(in.IfMatch, record.etag);
  check_key_group(call, *in.KeyGroupConfig);
  call.global_rows(kKeyGroups).each([&](std::string_view id, const KeyGroupRecord& other) {
    if (id != record.id && other.config.Name == in.KeyGroupConfig->Name)
      throw KeyGroupAlreadyExists("A key group with this name already exists: " + *in.KeyGroupConfig->Name);
  });
  record.modified = call.now;
  record.config = *in.KeyGroupConfig;
  record.etag = new_id(call);
  call.global_rows(kKeyGroups).put(record.id, record);
  for (const std::string& id : distributions_with(call, record.id)) sync_distribution(call, id);
  return {.KeyGroup =
              KeyGroup{.Id = record.id, .LastModifiedTime = record.modified, .KeyGroupConfig = record.config},
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
