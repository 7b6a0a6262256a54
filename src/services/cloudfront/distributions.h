// What the operations share: look-ups, checks of a distribution's configuration, the snapshot that follows
// from the records.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/cloudfront/snapshot.h"
#include "services/cloudfront/store.h"

namespace landfall::cloudfront {

// They throw the model's NoSuch....
DistributionRecord find_distribution(const Call& call, std::string_view id);
OriginAccessControlRecord find_origin_access_control(const Call& call, std::string_view id);
// The tags of the distribution or function with that ARN. Throw NoSuchResource.
TagMap tags_at(const Call& call, std::string_view arn);
void put_tags_at(Call& call, std::string_view arn, TagMap tags);

// If-Match: throws InvalidIfMatchVersion if there is none, PreconditionFailed if it is not `etag`.
void check_if_match(const std::optional<std::string>& if_match, const std::string& etag);

Distribution shown(const Call& call, const DistributionRecord& record);
DistributionSummary summary(const DistributionRecord& record);

// Creates, or finds the one of the same CallerReference.
DistributionRecord create_distribution(Call& call, const DistributionConfig& config, TagMap tags);
// Throws for what a configuration must not be; `own_id` is the distribution's, empty for a new one.
void check_config(const Call& call, const DistributionConfig& config, std::string_view own_id);
void check_logging(const Call& call, const DistributionConfig& config);
DistributionConfig with_defaults(DistributionConfig config);

// Puts the record as changed (InProgress), attaches its certificate, publishes its name and snapshot.
void put_changed(Call& call, DistributionRecord record, const std::string& certificate_before);
std::string certificate_of(const DistributionRecord& record);  // ACM's ARN; empty: none
// Publishes the snapshot again (a certificate was renewed, an origin access control changed).
void sync_distribution(Call& call, const std::string& id);
DistributionSnapshot snapshot_of(Call& call, const DistributionRecord& record);
bool uses(const DistributionRecord& record, std::string_view origin_access_control_id);

std::string new_id(const Call& call);  // E and 13 of A-Z0-9: ids and ETags
TagMap tag_map(const std::vector<Tag>& tags);
// The bucket that "bucket.s3.us-east-1.amazonaws.com" names; empty if it names none.
std::string bucket_of(std::string_view domain);

struct Page {
  std::string marker;
  size_t limit = 100;
};
Page page_of(const std::optional<std::string>& marker, const std::optional<std::string>& max_items);

}  // namespace landfall::cloudfront
