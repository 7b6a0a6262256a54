#include "services/s3/dataplane/lifecycle.h"

#include "services/s3/dataplane/object_lock.h"
#include "services/s3/dataplane/store_testing.h"

namespace landfall::s3 {
namespace {

constexpr Timestamp kNoon{1'700'049'600'000};  // 2023-11-15T12:00:00Z

Timestamp days_after(Timestamp from, int64_t days) { return from.plus_seconds(days * 86'400); }

BucketRecord bucket_with(const std::string& rules) {
  BucketRecord bucket;
  bucket.configuration[kLifecycleConfiguration] =
      "<LifecycleConfiguration>" + rules + "</LifecycleConfiguration>";
  return bucket;
}

ObjectRecord object_of(Timestamp written, uint64_t size = 1) {
  ObjectRecord record;
  record.last_modified = written;
  record.size = size;
  return record;
}

TEST(Lifecycle, an_object_goes_at_the_midnight_after_its_days) {
  const auto rules =
      expiration_rules_of(bucket_with("<Rule><Status>Enabled</Status><Filter><Prefix>logs/</Prefix></"
                                      "Filter><Expiration><Days>1</Days></Expiration></Rule>"));
  const ObjectRecord record = object_of(kNoon);
  const Timestamp midnight{kNoon.unix_ms + 36 * 3'600'000};
  EXPECT_FALSE(is_expired(rules, "logs/a", record, {}, Timestamp{midnight.unix_ms - 1}));
  EXPECT_TRUE(is_expired(rules, "logs/a", record, {}, midnight));
  EXPECT_FALSE(is_expired(rules, "other", record, {}, midnight));
}

TEST(Lifecycle, filters_are_prefix_tags_and_sizes_together) {
  const auto rules = expiration_rules_of(bucket_with(
      "<Rule><Status>Enabled</Status><Filter><And><Prefix>a</Prefix><Tag><Key>k</Key><Value>v</Value></Tag>"
      "<ObjectSizeGreaterThan>10</ObjectSizeGreaterThan></And></Filter><Expiration><Days>1</Days></"
      "Expiration></Rule>"));
  ObjectRecord record = object_of(kNoon, 11);
  EXPECT_FALSE(is_expired(rules, "a", record, {}, days_after(kNoon, 9)));
  record.attributes.tags = {{"k", "v"}};
  EXPECT_TRUE(is_expired(rules, "a", record, {}, days_after(kNoon, 9)));
  record.size = 10;
  EXPECT_FALSE(is_expired(rules, "a", record, {}, days_after(kNoon, 9)));
}

TEST(Lifecycle, noncurrent_versions_go_by_when_they_were_replaced_and_some_may_stay) {
  const auto rules = expiration_rules_of(bucket_with(
      "<Rule><Status>Enabled</Status><Prefix/><NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays>"
      "<NewerNoncurrentVersions>1</NewerNoncurrentVersions></NoncurrentVersionExpiration></Rule>"));
  Standing standing{.is_latest = false, .newer_noncurrent = 1, .noncurrent_since = kNoon};
  const ObjectRecord record = object_of(Timestamp{0});
  EXPECT_FALSE(is_expired(rules, "k", record, standing, days_after(kNoon, 1)));
  EXPECT_TRUE(is_expired(rules, "k", record, standing, days_after(kNoon, 2)));
  standing.newer_noncurrent = 0;
  EXPECT_FALSE(is_expired(rules, "k", record, standing, days_after(kNoon, 2)));
  EXPECT_FALSE(is_expired(rules, "k", record, {}, days_after(kNoon, 900)));
}

std::string refusal(const LifecycleRule& rule) {
  const auto checked = check_lifecycle({rule});
  return checked ? "" : checked.error().code + ": " + checked.error().message;
}

LifecycleRule moving(int64_t days, std::string storage_class, std::optional<int64_t> gone = {}) {
  LifecycleRule rule{.Filter = LifecycleRuleFilter{.Prefix = "logs/"}, .Status = "Enabled"};
  rule.Transitions = {{.Days = days, .StorageClass = std::move(storage_class)}};
  if (gone) rule.Expiration = LifecycleExpiration{.Days = *gone};
  return rule;
}

TEST(Lifecycle, an_object_goes_later_than_it_moves) {
  EXPECT_EQ(refusal(moving(30, "STANDARD_IA", 31)), "");
  EXPECT_EQ(refusal(moving(30, "STANDARD_IA", 30)),
            "InvalidArgument: 'Days' in the Expiration action for filter '(prefix=logs/)' must be greater "
            "than 'Days' "
            "in the Transition action");
  LifecycleRule dated = moving(30, "GLACIER", 60);
  dated.Transitions[0].Days.reset();
  dated.Transitions[0].Date = Timestamp{kNoon.unix_ms - 12 * 3'600'000};
  EXPECT_TRUE(refusal(dated).starts_with("InvalidRequest: Found mixed 'Date' and 'Days'")) << refusal(dated);
  dated.Expiration = LifecycleExpiration{.Date = days_after(*dated.Transitions[0].Date, 1)};
  EXPECT_EQ(refusal(dated), "");
  dated.Expiration->Date = dated.Transitions[0].Date;
  EXPECT_TRUE(refusal(dated).starts_with("InvalidArgument: 'Date' in the Expiration")) << refusal(dated);
}

TEST(Lifecycle, infrequent_access_wants_thirty_days_and_archives_none) {
  EXPECT_EQ(refusal(moving(0, "GLACIER")), "");
  EXPECT_EQ(
      refusal(moving(29, "STANDARD_IA")),
      "InvalidArgument: 'Days' in Transition action must be greater than or equal to 30 for storageClass "
      "'STANDARD_IA'");
  LifecycleRule old{.Filter = LifecycleRuleFilter{}, .Status = "Enabled"};
  old.NoncurrentVersionTransitions = {{.NoncurrentDays = 29, .StorageClass = "ONEZONE_IA"}};
  EXPECT_TRUE(refusal(old).starts_with("InvalidArgument: 'NoncurrentDays' in NoncurrentVersionTransition"))
      << refusal(old);
  old.NoncurrentVersionTransitions[0].NoncurrentDays = 30;
  EXPECT_EQ(refusal(old), "");
  old.NoncurrentVersionExpiration = NoncurrentVersionExpiration{.NoncurrentDays = 30};
  EXPECT_TRUE(
      refusal(old).starts_with("InvalidArgument: 'NoncurrentDays' in the NoncurrentVersionExpiration"))
      << refusal(old);
  old.NoncurrentVersionExpiration->NoncurrentDays = 31;
  EXPECT_EQ(refusal(old), "");
}

TEST(Lifecycle, a_disabled_rule_does_nothing) {
  EXPECT_TRUE(
      expiration_rules_of(
          bucket_with("<Rule><Status>Disabled</Status><Expiration><Days>1</Days></Expiration></Rule>"))
          .empty());
}

TEST(Lifecycle, a_pass_leaves_a_marker_in_a_versioned_bucket_and_nothing_in_another) {
  TemporaryDirectory directory;
  auto store = open_store(directory.path());
  const std::string document =
      bucket_with("<Rule><Status>Enabled</Status><Prefix/><Expiration><Days>1</Days></Expiration></Rule>")
          .configuration.at(kLifecycleConfiguration);
  for (const char* bucket : {"plain", "versioned"}) {
    const ObjectName name = make_bucket(*store, bucket, "k");
    ASSERT_TRUE(wait_for([&](Done<> done) {
      store->change_bucket(
          bucket,
          [&](BucketRecord& record) {
            record.configuration[kLifecycleConfiguration] = document;
            if (record.name == "versioned") record.versioning = Versioning::enabled;
          },
          std::move(done));
    }));
    ASSERT_TRUE(put(*store, name, "bytes"));
  }
  EXPECT_EQ(apply_lifecycles(*store, store->clock().now()), 0u);
  EXPECT_EQ(apply_lifecycles(*store, days_after(store->clock().now(), 3)), 2u);
  const ObjectName plain{"plain", store->find_bucket("plain")->id, "k"};
  EXPECT_EQ(store->find(plain).error().code, StoreErrc::no_such_key);
  const ObjectName versioned{"versioned", store->find_bucket("versioned")->id, "k"};
  EXPECT_TRUE((*store->find(versioned))->delete_marker);
}

TEST(ObjectLock, governance_gives_way_and_compliance_and_holds_do_not) {
  const Lock governance{"GOVERNANCE", days_after(kNoon, 1), ""};
  EXPECT_TRUE(is_locked(governance, kNoon, Bypass::no));
  EXPECT_FALSE(is_locked(governance, kNoon, Bypass::yes));
  EXPECT_FALSE(is_locked(governance, days_after(kNoon, 1), Bypass::no));
  EXPECT_TRUE(is_locked({"COMPLIANCE", days_after(kNoon, 1), ""}, kNoon, Bypass::yes));
  EXPECT_TRUE(is_locked({"", {}, "ON"}, kNoon, Bypass::yes));
  EXPECT_FALSE(is_locked({"", {}, "OFF"}, kNoon, Bypass::no));
}

TEST(ObjectLock, a_new_version_takes_the_buckets_default_retention) {
  BucketRecord bucket;
  ObjectAttributes attributes;
  http::Headers asked;
  asked.add("x-amz-object-lock-legal-hold", "ON");
  EXPECT_FALSE(lock_new_version(bucket, asked, kNoon, attributes));
  bucket.configuration[kObjectLockConfiguration] =
      "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>"
      "<Mode>GOVERNANCE</Mode><Days>2</Days></DefaultRetention></Rule></ObjectLockConfiguration>";
  ASSERT_TRUE(lock_new_version(bucket, asked, kNoon, attributes));
  const Lock lock = lock_of(attributes);
  EXPECT_EQ(lock.mode, "GOVERNANCE");
  EXPECT_EQ(lock.until, days_after(kNoon, 2));
  EXPECT_EQ(lock.legal_hold, "ON");
}

}  // namespace
}  // namespace landfall::s3
