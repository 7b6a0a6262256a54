#include "services/cloudfront/distributions.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "cloudfront/errors.h"
#include "services/acm/acm.h"
#include "services/cloudfront/cloudfront.h"
#include "services/cloudfront/keys.h"
#include "services/route53/route53.h"

namespace landfall::cloudfront {
namespace {

constexpr char kIdAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr char kDomainAlphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr int64_t kMaxPage = 100;

// Where the console shows a certificate's use: the distribution.
void move_certificate(Call& call, const std::string& from, const std::string& to, const std::string& arn) {
  if (from == to) return;
  if (!from.empty()) acm::detach(call, from, arn);
  if (!to.empty()) acm::attach(call, to, arn, arn);
}

}  // namespace

std::string bucket_of(std::string_view domain) {
  if (!domain.ends_with(".amazonaws.com") || domain.find(".s3-website") != std::string_view::npos) return "";
  size_t at = domain.rfind(".s3.");
  if (at == std::string_view::npos) at = domain.rfind(".s3-");
  return at == std::string_view::npos ? "" : std::string(domain.substr(0, at));
}

std::string new_id(const Call& call) { return "E" + call.random().from(kIdAlphabet, 13); }

TagMap tag_map(const std::vector<Tag>& tags) {
  TagMap map;
  for (const Tag& tag : tags) {
    const std::string key = tag.Key.value_or("");
    if (key.empty() || key.size() > 128) throw InvalidTagging("A tag's key must have 1 to 128 characters.");
    if (!map.emplace(key, tag.Value.value_or("")).second) throw InvalidTagging("Duplicate tag key: " + key);
  }
  return map;
}

Page page_of(const std::optional<std::string>& marker, const std::optional<std::string>& max_items) {
  Page page{.marker = marker.value_or("")};
  if (!max_items || max_items->empty()) return page;
  int64_t limit = 0;
  const auto [end, error] = std::from_chars(max_items->data(), max_items->data() + max_items->size(), limit);
  if (error != std::errc() || end != max_items->data() + max_items->size() || limit < 1)
    throw InvalidArgument("MaxItems must be a positive number.");
  page.limit = static_cast<size_t>(std::min(limit, kMaxPage));
  return page;
}

DistributionRecord find_distribution(const Call& call, std::string_view id) {
  const auto stored = call.global_rows(kDistributions).get(id);
  if (!stored) throw NoSuchDistribution("The specified distribution does not exist.");
  return *stored;
}

OriginAccessControlRecord find_origin_access_control(const Call& call, std::string_view id) {
  const auto stored = call.global_rows(kOriginAccessControls).get(id);
  if (!stored) throw NoSuchOriginAccessControl("The specified origin access control does not exist.");
  return *stored;
}

void check_if_match(const std::optional<std::string>& if_match, const std::string& etag) {
  if (!if_match || if_match->empty())
    throw InvalidIfMatchVersion("The If-Match version is missing or not valid for the resource.");
  if (*if_match != etag)
    throw PreconditionFailed(
        "The request failed because it didn't meet the preconditions in one or more request-header fields.");
}

std::string certificate_of(const DistributionRecord& record) {
  return record.config.ViewerCertificate ? record.config.ViewerCertificate->ACMCertificateArn.value_or("")
                                         : "";
}

bool uses(const DistributionRecord& record, std::string_view control_id) {
  return std::ranges::any_of(record.config.Origins->Items, [&](const Origin& origin) {
    return origin.OriginAccessControlId == control_id;
  });
}

Distribution shown(const Call& call, const DistributionRecord& record) {
  Distribution out{.Id = record.id,
                   .ARN = record.arn,
                   .Status = record.deployed ? "Deployed" : "InProgress",
                   .LastModifiedTime = record.modified,
                   .InProgressInvalidationBatches = 0,
                   .DomainName = record.domain};
  call.global_rows(kInvalidations).each([&](std::string_view, const InvalidationRecord& invalidation) {
    if (invalidation.distribution_id == record.id && !invalidation.completed)
      ++*out.InProgressInvalidationBatches;
  });
  out.ActiveTrustedSigners = ActiveTrustedSigners{.Enabled = false, .Quantity = 0};
  out.ActiveTrustedKeyGroups = active_key_groups(call, record.config);
  out.DistributionConfig = record.config;
  for (const std::string& alias : record.config.Aliases->Items)
    out.AliasICPRecordals.push_back({.CNAME = alias, .ICPRecordalStatus = "APPROVED"});
  return out;
}

DistributionSummary summary(const DistributionRecord& record) {
  const DistributionConfig& c = record.config;
  DistributionSummary out{.Id = record.id,
                          .ARN = record.arn,
                          .ETag = record.etag,
                          .Status = record.deployed ? "Deployed" : "InProgress",
                          .LastModifiedTime = record.modified,
                          .DomainName = record.domain};
  out.Aliases = c.Aliases;
  out.Origins = c.Origins;
  out.OriginGroups = c.OriginGroups;
  out.DefaultCacheBehavior = c.DefaultCacheBehavior;
  out.CacheBehaviors = c.CacheBehaviors;
  out.CustomErrorResponses = c.CustomErrorResponses;
  out.Comment = c.Comment;
  out.PriceClass = c.PriceClass;
  out.Enabled = c.Enabled;
  out.ViewerCertificate = c.ViewerCertificate;
  out.Restrictions = c.Restrictions;
  out.WebACLId = c.WebACLId;
  out.HttpVersion = c.HttpVersion;
  out.IsIPV6Enabled = c.IsIPV6Enabled;
  out.Staging = c.Staging;
  return out;
}

void put_changed(Call& call, DistributionRecord record, const std::string& certificate_before) {
  record.etag = new_id(call);
  record.modified = call.now;
  record.deployed = false;
  move_certificate(call, certificate_before, certificate_of(record), record.arn);
  publish(call.txn, route53::kNameSnapshotKind, record.domain,
          route53::NameSnapshot{.name = record.domain,
                                .addresses = {route53::public_address(call.plane, kAddressOffset)}});
  const std::string id = record.id;
  call.global_rows(kDistributions).put(id, std::move(record));
  sync_distribution(call, id);
}

DistributionRecord create_distribution(Call& call, const DistributionConfig& config, TagMap tags) {
  const std::string requested = to_json(config);
  const auto existing = call.global_rows(kDistributions).all();
  for (const auto& [id, other] : existing) {
    if (other->config.CallerReference != config.CallerReference) continue;
    if (other->requested == requested) return *other;
    throw DistributionAlreadyExists(
        "The caller reference that you are using to create a distribution is associated with another "
        "distribution. Already exists: " +
        id);
  }
  if (existing.size() >= kMaxDistributions)
    throw TooManyDistributions(
        "Processing your request would cause you to exceed the maximum number of distributions allowed.");
  check_config(call, config, "");
  DistributionRecord record{
      .id = new_id(call), .config = with_defaults(config), .requested = requested, .tags = std::move(tags)};
  record.arn = call.global_arn("cloudfront", "distribution/" + record.id);
  record.domain = "d" + call.random().from(kDomainAlphabet, 13) + ".cloudfront.net";
  put_changed(call, record, "");
  return find_distribution(call, record.id);
}

}  // namespace landfall::cloudfront
