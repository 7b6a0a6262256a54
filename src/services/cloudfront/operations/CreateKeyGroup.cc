// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateKeyGroup.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/keys.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

CreateKeyGroupResult CreateKeyGroup(Call& call, const CreateKeyGroupRequest& in) {
  KeyGroupRecord record{
      .id = call.random().uuid(), .etag = new_id(call), .modified = call.now, .config = *in.KeyGroupConfig};
  check_key_group(call, record.config);
  std::shared_ptr<const KeyGroupRecord> same;
  call.global_rows(kKeyGroups).each([&](std::string_view, const KeyGroupRecord& other) {
    if (other.config.Name == record.config.Name)
      throw KeyGroupAlreadyExists("A key group with this name already exists: " + *record.config.Name);
  });
  if (same) {
    record = *same;
  } else {
    call.global_rows(kKeyGroups).put(record.id, record);
  }
  return {.KeyGroup =
              KeyGroup{.Id = record.id, .LastModifiedTime = record.modified, .KeyGroupConfig = record.config},
          .Location = "https://cloudfront.amazonaws.com/2020-05-31/key-group/" + record.id,
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
