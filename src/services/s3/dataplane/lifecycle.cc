#include "services/s3/dataplane/lifecycle.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/log.h"
#include "codec/xml.h"
#include "services/s3/dataplane/lifecycle_thread.h"
#include "services/s3/dataplane/object_lock.h"

namespace landfall::s3 {
namespace {

constexpr size_t kMaxRules = 1000;
constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kInfrequentAccessDays = 30;  // before an object may move there
constexpr auto kBetweenPasses = std::chrono::hours(1);

std::optional<int64_t> number_in(codec::XmlNode parent, std::string_view name) {
  const codec::XmlNode node = parent.child(name);
  if (!node) return std::nullopt;
  const std::string text = node.text();
  int64_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{}) return std::nullopt;
  return number;
}

void read_filter(codec::XmlNode filter, ExpirationRule& rule) {
  for (codec::XmlNode child = filter.first_child(); child; child = child.next_sibling()) {
    if (child.name() == "And") read_filter(child, rule);
    if (child.name() == "Prefix") rule.prefix = child.text();
    if (child.name() == "Tag") rule.tags.emplace_back(child.child("Key").text(), child.child("Value").text());
  }
  if (auto size = number_in(filter, "ObjectSizeGreaterThan")) rule.larger_than = size;
  if (auto size = number_in(filter, "ObjectSizeLessThan")) rule.smaller_than = size;
}

ExpirationRule expiration_rule_of(codec::XmlNode node) {
  ExpirationRule rule;
  rule.prefix = node.child("Prefix").text();
  read_filter(node.child("Filter"), rule);
  const codec::XmlNode expiration = node.child("Expiration");
  rule.days = number_in(expiration, "Days");
  if (const codec::XmlNode date = expiration.child("Date"))
    if (auto time = parse_iso8601(date.text())) rule.date = *time;
  rule.lone_markers = expiration.child("ExpiredObjectDeleteMarker").text() == "true";
  const codec::XmlNode noncurrent = node.child("NoncurrentVersionExpiration");
  rule.noncurrent_days = number_in(noncurrent, "NoncurrentDays");
  rule.newer_noncurrent = number_in(noncurrent, "NewerNoncurrentVersions").value_or(0);
  rule.abort_uploads_days = number_in(node.child("AbortIncompleteMultipartUpload"), "DaysAfterInitiation");
  return rule;
}

bool applies(const ExpirationRule& rule, const std::string& key, const ObjectRecord& record) {
  if (!key.starts_with(rule.prefix)) return false;
  const auto size = static_cast<int64_t>(record.size);
  if ((rule.larger_than && size <= *rule.larger_than) || (rule.smaller_than && size >= *rule.smaller_than))
    return false;
  return std::ranges::all_of(rule.tags, [&](const auto& tag) {
    return std::ranges::find(record.attributes.tags, tag) != record.attributes.tags.end();
  });
}

// `days` after `from`, at the next midnight UTC.
Timestamp due(Timestamp from, int64_t days) {
  return {(from.unix_ms + days * kDayMs + kDayMs - 1) / kDayMs * kDayMs};
}

bool rule_expires(const ExpirationRule& rule, const ObjectRecord& record, const Standing& standing,
                  Timestamp now) {
  if (!standing.is_latest)
    return rule.noncurrent_days && standing.newer_noncurrent >= rule.newer_noncurrent &&
           due(standing.noncurrent_since, *rule.noncurrent_days) <= now;
  if (record.delete_marker)
    return standing.is_only &&
           (rule.lone_markers || (rule.days && due(record.last_modified, *rule.days) <= now));
  if (rule.date && *rule.date <= now) return true;
  return rule.days && due(record.last_modified, *rule.days) <= now;
}

struct Going {
  std::string key;
  std::optional<std::string> version;  // nullopt: the current one, which may leave a delete marker
};

// Versions come by key, the newest first.
StoreResult<std::vector<Going>> expired_versions(ObjectStore& store, const BucketRecord& bucket,
                                                 const std::vector<ExpirationRule>& rules, Timestamp now) {
  std::vector<Going> out;
  std::vector<ListEntry> of_key;
  const auto judge = [&] {
    Standing standing;
    standing.is_only = of_key.size() == 1;
    for (const ListEntry& entry : of_key) {
      if (is_expired(rules, entry.key, entry.record, standing, now) &&
          !is_locked(lock_of(entry.record.attributes), now, Bypass::no)) {
        const bool current = standing.is_latest && !entry.record.delete_marker;
        Going going{entry.key, std::nullopt};
        if (!current) going.version = entry.record.version_id.empty() ? "null" : entry.record.version_id;
        out.push_back(std::move(going));
      }
      if (!standing.is_latest) ++standing.newer_noncurrent;
      standing.is_latest = false;
      standing.noncurrent_since = entry.record.last_modified;
    }
    of_key.clear();
  };
  ListQuery query;
  for (;;) {
    auto page = store.list_versions(bucket.id, query);
    if (!page) return std::unexpected(page.error());
    for (ListEntry& entry : page->entries) {
      if (!of_key.empty() && of_key.front().key != entry.key) judge();
      of_key.push_back(std::move(entry));
    }
    if (!page->truncated) break;
    query.after_key = page->next_key;
    query.after_version = page->next_version;
  }
  judge();
  return out;
}

size_t abort_old_uploads(ObjectStore& store, const BucketRecord& bucket,
                         const std::vector<ExpirationRule>& rules, Timestamp now) {
  size_t count = 0;
  std::vector<UploadEntry> old;
  ListQuery query;
  for (;;) {
    auto page = store.list_uploads(bucket.id, query);
    if (!page) break;
    for (UploadEntry& entry : page->entries)
      for (const ExpirationRule& rule : rules)
        if (rule.abort_uploads_days && entry.key.starts_with(rule.prefix) &&
            due(entry.record.initiated, *rule.abort_uploads_days) <= now) {
          old.push_back(std::move(entry));
          break;
        }
    if (!page->truncated) break;
    query.after_key = page->next_key;
    query.after_version = page->next_upload_id;
  }
  for (const UploadEntry& entry : old)
    count +=
        wait_for([&](Done<> done) {
          store.abort_upload({bucket.name, bucket.id, entry.key}, entry.record.upload_id, std::move(done));
        }).has_value();
  return count;
}

// "(prefix=logs/)": how S3 calls a rule in its refusals.
std::string filter_of(const LifecycleRule& rule) {
  std::string prefix = rule.Prefix.value_or("");
  if (rule.Filter)
    prefix = rule.Filter->And ? rule.Filter->And->Prefix.value_or("") : rule.Filter->Prefix.value_or("");
  return "'(prefix=" + prefix + ")'";
}

S3Result<> check_infrequent_access(const char* days_name, const char* action, int64_t days,
                                   const std::string& storage_class) {
  if ((storage_class != "STANDARD_IA" && storage_class != "ONEZONE_IA") || days >= kInfrequentAccessDays)
    return {};
  return s3_fail("InvalidArgument", std::string("'") + days_name + "' in " + action +
                                        " action must be greater than or equal to 30 for storageClass '" +
                                        storage_class + "'");
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
S3Result<> check_transitions(const LifecycleRule& rule) {
  for (const Transition& transition : rule.Transitions) {
    if (transition.Days.has_value() == transition.Date.has_value() || !transition.StorageClass)
      return s3_fail("MalformedXML");
    if (transition.Date && transition.Date->unix_ms % kDayMs != 0)
      return s3_fail("InvalidArgument", "'Date' must be at midnight GMT");
    if (rule.Expiration &&
        (transition.Days ? rule.Expiration->Date.has_value() : rule.Expiration->Days.has_value()))
      return s3_fail(
          "InvalidRequest",
          "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for "
          "filter " +
              filter_of(rule));
    if (!transition.Days) {
      if (rule.Expiration && rule.Expiration->Date && *rule.Expiration->Date <= *transition.Date)
        return s3_fail("InvalidArgument", "'Date' in the Expiration action for filter " + filter_of(rule) +
                                              " must be later than 'Date' in the Transition action");
      continue;
    }
    if (*transition.Days < 0)
      return s3_fail("InvalidArgument", "'Days' in Transition action must be nonnegative");
    if (auto checked =
            check_infrequent_access("Days", "Transition", *transition.Days, *transition.StorageClass);
        !checked)
      return checked;
    if (rule.Expiration && rule.Expiration->Days && *rule.Expiration->Days <= *transition.Days)
      return s3_fail("InvalidArgument", "'Days' in the Expiration action for filter " + filter_of(rule) +
                                            " must be greater than 'Days' in the Transition action");
  }
  return {};
}

S3Result<> check_noncurrent_transitions(const LifecycleRule& rule) {
  for (const NoncurrentVersionTransition& transition : rule.NoncurrentVersionTransitions) {
    if (!transition.NoncurrentDays || !transition.StorageClass) return s3_fail("MalformedXML");
    if (auto checked = check_infrequent_access("NoncurrentDays", "NoncurrentVersionTransition",
                                               *transition.NoncurrentDays, *transition.StorageClass);
        !checked)
      return checked;
    if (rule.NoncurrentVersionExpiration &&
        rule.NoncurrentVersionExpiration->NoncurrentDays.value_or(0) <= *transition.NoncurrentDays)
      return s3_fail("InvalidArgument",
                     "'NoncurrentDays' in the NoncurrentVersionExpiration action for filter " +
                         filter_of(rule) +
                         " must be greater than 'NoncurrentDays' in the NoncurrentVersionTransition action");
  }
  return {};
}

}  // namespace

S3Result<> check_lifecycle(const std::vector<LifecycleRule>& rules) {
  if (rules.empty() || rules.size() > kMaxRules) return s3_fail("MalformedXML");
  for (const LifecycleRule& rule : rules) {
    const std::string status = rule.Status.value_or("");
    if (status != "Enabled" && status != "Disabled") return s3_fail("MalformedXML");
    if (rule.ID && rule.ID->size() > 255)
      return s3_fail("InvalidArgument", "ID length should not exceed allowed limit of 255");
    if (!rule.Expiration && rule.Transitions.empty() && rule.NoncurrentVersionTransitions.empty() &&
        !rule.NoncurrentVersionExpiration && !rule.AbortIncompleteMultipartUpload)
      return s3_fail("InvalidRequest", "At least one action needs to be specified in a rule");
    if (rule.Expiration) {
      const auto& e = *rule.Expiration;
      if (e.Days.has_value() + e.Date.has_value() + e.ExpiredObjectDeleteMarker.has_value() != 1)
        return s3_fail("MalformedXML");
      if (e.Days && *e.Days <= 0)
        return s3_fail("InvalidArgument", "'Days' for Expiration action must be a positive integer");
      if (e.Date && e.Date->unix_ms % kDayMs != 0)
        return s3_fail("InvalidArgument", "'Date' must be at midnight GMT");
    }
    if (rule.NoncurrentVersionExpiration && rule.NoncurrentVersionExpiration->NoncurrentDays.value_or(0) <= 0)
      return s3_fail("InvalidArgument",
                     "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer");
    if (auto checked = check_transitions(rule); !checked) return checked;
    if (auto checked = check_noncurrent_transitions(rule); !checked) return checked;
    for (const LifecycleRule& other : rules)
      if (&other != &rule && rule.ID && !rule.ID->empty() && other.ID == rule.ID)
        return s3_fail("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule");
  }
  return {};
}

std::vector<ExpirationRule> expiration_rules_of(const BucketRecord& bucket) {
  std::vector<ExpirationRule> out;
  const auto found = bucket.configuration.find(kLifecycleConfiguration);
  if (found == bucket.configuration.end()) return out;
  const auto document = codec::XmlDocument::parse(found->second);
  if (!document) return out;
  for (codec::XmlNode node = document->root().first_child(); node; node = node.next_sibling())
    if (node.name() == "Rule" && node.child("Status").text() == "Enabled")
      out.push_back(expiration_rule_of(node));
  return out;
}

bool is_expired(const std::vector<ExpirationRule>& rules, const std::string& key, const ObjectRecord& record,
                const Standing& standing, Timestamp now) {
  return std::ranges::any_of(rules, [&](const ExpirationRule& rule) {
    return applies(rule, key, record) && rule_expires(rule, record, standing, now);
  });
}

size_t apply_lifecycles(ObjectStore& store, Timestamp now) {
  size_t count = 0;
  for (const auto& bucket : store.buckets()) {
    const auto rules = expiration_rules_of(*bucket);
    if (rules.empty()) continue;
    auto expired = expired_versions(store, *bucket, rules, now);
    if (!expired) {
      log::error("s3: lifecycle of {}: {}", bucket->name, expired.error().message);
      continue;
    }
    for (Going& going : *expired) {
      DeleteRequest request{{bucket->name, bucket->id, going.key}, going.version, {}};
      // An object written since the listing is not what expired.
      if (!going.version)
        request.precondition = [&rules, key = going.key, now](const ObjectRecord* current) -> StoreResult<> {
          if (current != nullptr && is_expired(rules, key, *current, {}, now)) return {};
          return store_fail(StoreErrc::precondition_failed, "no longer expired");
        };
      count += wait_for<DeleteOutcome>([&](Done<DeleteOutcome> done) {
                 store.erase(std::move(request), std::move(done));
               }).has_value();
    }
    count += abort_old_uploads(store, *bucket, rules, now);
  }
  return count;
}

LifecycleThread::LifecycleThread(ObjectStore& store) : store_(store), thread_([this] { run(); }) {}

LifecycleThread::~LifecycleThread() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void LifecycleThread::run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kBetweenPasses, [this] { return stopping_; })) {
    lock.unlock();
    if (const size_t count = apply_lifecycles(store_, store_.clock().now()))
      log::info("s3: lifecycle rules removed {} versions and uploads", count);
    lock.lock();
  }
}

}  // namespace landfall::s3
