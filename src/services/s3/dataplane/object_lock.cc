#include "services/s3/dataplane/object_lock.h"

#include <charconv>

#include "codec/xml.h"

namespace landfall::s3 {
namespace {

constexpr char kMode[] = "x-amz-object-lock-mode";
constexpr char kUntil[] = "x-amz-object-lock-retain-until-date";
constexpr char kHold[] = "x-amz-object-lock-legal-hold";
constexpr char kProtected[] = "Access Denied because object protected by object lock.";

std::string attribute(const ObjectAttributes& attributes, std::string_view name) {
  for (const auto& [key, value] : attributes.headers)
    if (key == name) return value;
  return "";
}

// {mode, until} of the bucket's default retention, from now on.
S3Result<Lock> default_lock(const BucketRecord& bucket, Timestamp now) {
  Lock lock;
  const auto document = codec::XmlDocument::parse(bucket.configuration.at(kObjectLockConfiguration));
  if (!document) return s3_fail("InternalError");
  const codec::XmlNode retention = document->root().child("Rule").child("DefaultRetention");
  if (!retention) return lock;
  lock.mode = retention.child("Mode").text();
  const bool years = static_cast<bool>(retention.child("Years"));
  const std::string text = retention.child(years ? "Years" : "Days").text();
  int64_t period = 0;
  std::from_chars(text.data(), text.data() + text.size(), period);
  lock.until = now.plus_seconds(period * (years ? 365 : 1) * 86'400);
  return lock;
}

}  // namespace

bool is_lock_enabled(const BucketRecord& bucket) {
  return bucket.configuration.contains(kObjectLockConfiguration);
}

Lock lock_of(const ObjectAttributes& attributes) {
  Lock lock;
  lock.mode = attribute(attributes, kMode);
  lock.legal_hold = attribute(attributes, kHold);
  if (auto until = parse_iso8601(attribute(attributes, kUntil))) lock.until = *until;
  return lock;
}

void set_lock(ObjectAttributes& attributes, const Lock& lock) {
  std::erase_if(attributes.headers, [](const auto& header) {
    return header.first == kMode || header.first == kUntil || header.first == kHold;
  });
  if (!lock.mode.empty()) {
    attributes.headers.emplace_back(kMode, lock.mode);
    attributes.headers.emplace_back(kUntil, format_iso8601(lock.until));
  }
  if (!lock.legal_hold.empty()) attributes.headers.emplace_back(kHold, lock.legal_hold);
}

S3Result<> lock_new_version(const BucketRecord& bucket, const http::Headers& headers, Timestamp now,
                            ObjectAttributes& attributes) {
  const auto mode = headers.get(kMode), until = headers.get(kUntil), hold = headers.get(kHold);
  if (!is_lock_enabled(bucket)) {
    if (mode || until || hold)
      return s3_fail("InvalidRequest", "Bucket is missing Object Lock Configuration");
    return {};
  }
  if (mode.has_value() != until.has_value())
    return s3_fail("InvalidArgument",
                   "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied");
  Lock lock;
  if (mode) {
    if (*mode != "GOVERNANCE" && *mode != "COMPLIANCE")
      return s3_fail("InvalidArgument", "Unknown wormMode directive.");
    const auto time = parse_iso8601(*until);
    if (!time || *time <= now)
      return s3_fail("InvalidArgument", "The retain until date must be in the future!");
    lock.mode = *mode;
    lock.until = *time;
  } else {
    LF_TRY(lock, default_lock(bucket, now));
  }
  if (hold) {
    if (*hold != "ON" && *hold != "OFF")
      return s3_fail("InvalidArgument", "Legal Hold must be either of 'ON' or 'OFF'");
    lock.legal_hold = *hold;
  }
  set_lock(attributes, lock);
  return {};
}

bool is_locked(const Lock& lock, Timestamp now, Bypass bypass) {
  if (lock.legal_hold == "ON") return true;
  if (lock.mode.empty() || lock.until <= now) return false;
  return lock.mode == "COMPLIANCE" || bypass == Bypass::no;
}

Bypass bypass_of(const S3Request& request, const std::string& object_arn) {
  const auto header = request.header("x-amz-bypass-governance-retention");
  if (!header || !http::equals_ignoring_case(*header, "true")) return Bypass::no;
  return request.authorize_on(request.bucket.get(), "s3:BypassGovernanceRetention", object_arn) ? Bypass::yes
                                                                                                : Bypass::no;
}

Precondition refuse_if_locked(Timestamp now, Bypass bypass) {
  return [now, bypass](const ObjectRecord* version) -> StoreResult<> {
    if (version != nullptr && is_locked(lock_of(version->attributes), now, bypass))
      return store_fail(StoreErrc::object_locked, kProtected);
    return {};
  };
}

S3Result<Lock> find_lock(S3Request& request, const std::optional<std::string>& version_id) {
  if (!is_lock_enabled(*request.bucket))
    return s3_fail("InvalidRequest", "Bucket is missing Object Lock Configuration");
  auto record = request.store().find(request.object(), version_id);
  if (!record) return std::unexpected(from_store(record.error()));
  if ((*record)->delete_marker) return s3_fail("MethodNotAllowed");
  return lock_of((*record)->attributes);
}

S3Result<> change_lock(S3Request& request, const std::optional<std::string>& version_id,
                       const std::function<S3Result<>(Lock&)>& change) {
  LF_TRY(Lock lock, find_lock(request, version_id));
  LF_CHECK(change(lock));
  auto changed = wait_for<ObjectRecord>([&](Done<ObjectRecord> done) {
    request.store().change_attributes(
        request.object(), version_id, [lock](ObjectAttributes& attributes) { set_lock(attributes, lock); },
        std::move(done));
  });
  if (!changed) return std::unexpected(from_store(changed.error()));
  return {};
}

S3Result<> may_shorten(const S3Request& request, const Lock& now, const Lock& wanted) {
  const bool weaker = wanted.until < now.until || (now.mode == "COMPLIANCE" && wanted.mode != "COMPLIANCE") ||
                      wanted.mode.empty();
  Lock retention = now;
  retention.legal_hold.clear();
  if (!weaker ||
      !is_locked(retention, request.store().clock().now(), bypass_of(request, request.object_arn())))
    return {};
  return s3_fail("AccessDenied", kProtected);
}

}  // namespace landfall::s3
