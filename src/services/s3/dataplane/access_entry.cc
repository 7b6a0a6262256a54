#include "services/s3/dataplane/access_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>

#include "codec/uri.h"
#include "services/s3/dataplane/operations.h"
#include "services/s3/dataplane/request.h"
#include "services/s3/dataplane/website.h"

namespace landfall::s3 {
namespace {

constexpr std::string_view kNone = "-";

struct LogName {
  std::string_view operation, resource;
};
// Those whose name is not the operation's without Get, Put, Delete and Bucket.
constexpr LogName kLogNames[] = {{"GetObject", "OBJECT"},
                                 {"HeadObject", "OBJECT"},
                                 {"PutObject", "OBJECT"},
                                 {"DeleteObject", "OBJECT"},
                                 {"CopyObject", "OBJECT"},
                                 {"DeleteObjects", "MULTI_OBJECT_DELETE"},
                                 {"UploadPart", "PART"},
                                 {"UploadPartCopy", "PART"},
                                 {"CreateMultipartUpload", "UPLOADS"},
                                 {"ListMultipartUploads", "UPLOADS"},
                                 {"CompleteMultipartUpload", "UPLOAD"},
                                 {"AbortMultipartUpload", "UPLOAD"},
                                 {"ListParts", "UPLOAD"},
                                 {"ListObjects", "BUCKET"},
                                 {"ListObjectsV2", "BUCKET"},
                                 {"ListObjectVersions", "BUCKETVERSIONS"},
                                 {"CreateBucket", "BUCKET"},
                                 {"HeadBucket", "BUCKET"},
                                 {"DeleteBucket", "BUCKET"},
                                 {"GetBucketLocation", "LOCATION"},
                                 {"GetBucketPolicyStatus", "POLICY_STATUS"},
                                 {"PutBucketPolicy", "BUCKETPOLICY"},
                                 {"GetBucketPolicy", "BUCKETPOLICY"},
                                 {"DeleteBucketPolicy", "BUCKETPOLICY"},
                                 {"PutPublicAccessBlock", "PUBLIC_ACCESS_BLOCK"},
                                 {"GetPublicAccessBlock", "PUBLIC_ACCESS_BLOCK"},
                                 {"DeletePublicAccessBlock", "PUBLIC_ACCESS_BLOCK"},
                                 {"PutBucketOwnershipControls", "OWNERSHIP_CONTROLS"},
                                 {"GetBucketOwnershipControls", "OWNERSHIP_CONTROLS"},
                                 {"DeleteBucketOwnershipControls", "OWNERSHIP_CONTROLS"},
                                 {"PutBucketVersioning", "VERSIONING"},
                                 {"GetBucketVersioning", "VERSIONING"},
                                 {"PutBucketTagging", "TAGGING"},
                                 {"GetBucketTagging", "TAGGING"},
                                 {"DeleteBucketTagging", "TAGGING"},
                                 {"PutObjectTagging", "OBJECT_TAGGING"},
                                 {"GetObjectTagging", "OBJECT_TAGGING"},
                                 {"DeleteObjectTagging", "OBJECT_TAGGING"},
                                 {"PutBucketEncryption", "ENCRYPTION"},
                                 {"GetBucketEncryption", "ENCRYPTION"},
                                 {"DeleteBucketEncryption", "ENCRYPTION"},
                                 {"PutBucketAcl", "ACL"},
                                 {"GetBucketAcl", "ACL"},
                                 {"GetObjectAcl", "ACL"},
                                 {"PutBucketCors", "CORS"},
                                 {"GetBucketCors", "CORS"},
                                 {"DeleteBucketCors", "CORS"},
                                 {"PutBucketNotificationConfiguration", "NOTIFICATION"},
                                 {"GetBucketNotificationConfiguration", "NOTIFICATION"},
                                 {"PutBucketLogging", "LOGGING_STATUS"},
                                 {"GetBucketLogging", "LOGGING_STATUS"},
                                 {"PutBucketWebsite", "WEBSITE"},
                                 {"GetBucketWebsite", "WEBSITE"},
                                 {"DeleteBucketWebsite", "WEBSITE"},
                                 {"PutBucketLifecycleConfiguration", "LIFECYCLE"},
                                 {"GetBucketLifecycleConfiguration", "LIFECYCLE"},
                                 {"DeleteBucketLifecycle", "LIFECYCLE"},
                                 {"GetBucketReplication", "REPLICATION"},
                                 {"PutBucketAccelerateConfiguration", "ACCELERATE"},
                                 {"GetBucketAccelerateConfiguration", "ACCELERATE"},
                                 {"PutBucketRequestPayment", "REQUEST_PAYMENT"},
                                 {"GetBucketRequestPayment", "REQUEST_PAYMENT"},
                                 {"PutObjectLockConfiguration", "OBJECT_LOCK_CONFIGURATION"},
                                 {"GetObjectLockConfiguration", "OBJECT_LOCK_CONFIGURATION"},
                                 {"PutObjectRetention", "OBJECT_LOCK_RETENTION"},
                                 {"GetObjectRetention", "OBJECT_LOCK_RETENTION"},
                                 {"PutObjectLegalHold", "OBJECT_LOCK_LEGALHOLD"},
                                 {"GetObjectLegalHold", "OBJECT_LOCK_LEGALHOLD"}};

std::string_view or_none(std::string_view text) { return text.empty() ? kNone : text; }

std::string number_or_none(std::optional<uint64_t> number) {
  return number && *number > 0 ? std::to_string(*number) : std::string(kNone);
}

// Between quotes; what would end them, or the line, is encoded.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text.empty() ? kNone : text) {
    if (c == '"')
      out += "%22";
    else
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out += '"';
}

// "[06/Feb/2019:00:00:38 +0000]"
std::string log_time(Timestamp time) {
  const std::time_t seconds = time.unix_seconds();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  return {text, std::strftime(text, sizeof text, "[%d/%b/%Y:%H:%M:%S +0000]", &parts)};
}

std::string requester(const S3Request& request) {
  const aws::policy::Principal& who = request.principal.who;
  switch (who.kind) {
    case aws::policy::PrincipalKind::anonymous:
      return std::string(kNone);
    case aws::policy::PrincipalKind::root:
      return S3Request::canonical_id(who.account);
    case aws::policy::PrincipalKind::service:
      return "svc:" + who.service;
    default:
      return who.arn;
  }
}

std::optional<uint64_t> number_of(std::optional<std::string_view> text) {
  uint64_t number = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc())
    return std::nullopt;
  return number;
}

// Of the object, whatever part of it was sent.
std::optional<uint64_t> object_bytes(const S3Request& request, const http::Response& head) {
  const http::Request& http = request.http();
  if (http.method == "PUT") {
    if (const auto decoded = number_of(http.headers.get("x-amz-decoded-content-length"))) return decoded;
    return number_of(http.headers.get("content-length"));
  }
  const auto range = head.headers.get("content-range");  // "bytes 0-9/100"
  if (range && range->find('/') != std::string_view::npos)
    return number_of(range->substr(range->find('/') + 1));
  return head.status == 200 && (http.method == "GET" || http.method == "HEAD")
             ? number_of(head.headers.get("content-length"))
             : std::nullopt;
}

struct Signed {
  std::string_view version = kNone, type = kNone;
};
Signed signature_of(const S3Request& request) {
  if (!request.payload_signature.signature) return {};
  switch (request.payload_signature.signature->form) {
    case aws::sigv4::ClaimForm::header:
      return {"SigV4", "AuthHeader"};
    case aws::sigv4::ClaimForm::presigned:
      return {"SigV4", "QueryString"};
    case aws::sigv4::ClaimForm::presigned_v2:
      return {"SigV2", "QueryString"};
    case aws::sigv4::ClaimForm::none:
      return {};
  }
  return {};
}

std::string_view version_text(http::Version version) {
  switch (version) {
    case http::Version::http_1_0:
      return "HTTP/1.0";
    case http::Version::http_1_1:
      return "HTTP/1.1";
    case http::Version::http_2:
      return "HTTP/2.0";
  }
  return kNone;
}

}  // namespace

std::string log_operation(std::string_view method, std::string_view operation, bool website) {
  if (website) return "WEBSITE." + std::string(method) + ".OBJECT";
  if (method == "OPTIONS") return "REST.OPTIONS.PREFLIGHT";
  const auto* found = std::ranges::find(kLogNames, operation, &LogName::operation);
  const bool copy = operation == "CopyObject" || operation == "UploadPartCopy";
  return "REST." + std::string(copy ? "COPY" : method) + "." +
         std::string(found == std::end(kLogNames) ? "OBJECT" : found->resource);
}

AccessEntry::AccessEntry(const Clock& clock)
    : clock_(clock), received_(clock.now()), begun_ns_(clock.monotonic_ns()) {}

void AccessEntry::answered(const S3Request& request, const http::Response& head,
                           std::optional<uint64_t> bytes) {
  const auto bucket = request.bucket || request.address.bucket.empty()
                          ? request.bucket
                          : request.store().find_bucket(request.address.bucket);
  if (!bucket) return;
  log_ = request.core.access_logs.log_of(*bucket, received_);
  if (!log_) return;
  answered_ns_ = clock_.monotonic_ns();
  status_ = head.status;
  object_bytes_ = object_bytes(request, head);
  if (request.http().method != "HEAD") bytes_ = bytes ? bytes : number_of(head.headers.get("content-length"));
}

void AccessEntry::finish(const S3Request& request) {
  if (log_) log_->append(line(request, log_->owner_id()));
}

std::string AccessEntry::line(const S3Request& request, const std::string& owner_id) const {
  const http::Request& http = request.http();
  const auto ms = [](int64_t ns) { return std::max<int64_t>(ns, 0) / 1'000'000; };
  const auto header = [&](std::string_view name) { return http.headers.get(name).value_or(""); };
  const Signed signature = signature_of(request);
  const bool website = website_bucket(http.authority).has_value();
  const std::string operation =
      log_operation(http.method, request.operation ? request.operation->name : "", website);
  const std::string key = codec::percent_encode(request.address.key, codec::Slash::kept);
  std::string line =
      fmt::format("{} {} {} {} {} {} {} {} {} ", owner_id, request.address.bucket, log_time(received_),
                  or_none(http.peer.address), requester(request), request.request_id, operation, or_none(key),
                  quoted(fmt::format("{} {} {}", http.method, http.target, version_text(http.version))));
  line += fmt::format("{} {} {} {} {} {} ", status_, or_none(error_code_), number_or_none(bytes_),
                      number_or_none(object_bytes_), ms(clock_.monotonic_ns() - begun_ns_),
                      ms(answered_ns_ - begun_ns_));
  line += fmt::format("{} {} {} {} {} {} {} {} {} - -", quoted(header("referer")),
                      quoted(header("user-agent")), or_none(request.version_id().value_or("")),
                      request.host_id, signature.version, or_none(http.peer.tls_cipher), signature.type,
                      or_none(http.authority), or_none(http.peer.tls_version));
  return line;
}

}  // namespace landfall::s3
