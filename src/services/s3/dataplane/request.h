// S3Request: one request from its head to its answer.
//
//   routed -> authenticated -> (body read, for operations with a document) -> operation -> answered
//
// Threads: the loop's, except while a pooled operation (operations.h) runs on the worker pool: then that
// thread's alone. Ownership: shared by the callbacks of whatever the request waits for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/protocol/codec.h"
#include "codec/uri.h"
#include "runtime/event_loop.h"
#include "services/s3/dataplane/address.h"
#include "services/s3/dataplane/core.h"
#include "services/s3/dataplane/payload.h"

namespace landfall::s3 {

struct OperationEntry;
class AccessEntry;

// A condition key and its value, beside the global ones.
using ContextPairs = std::vector<std::pair<std::string, std::string>>;

class S3Request : public std::enable_shared_from_this<S3Request> {
 public:
  S3Request(S3Core& core, EventLoop& loop, std::shared_ptr<http::Exchange> exchange);
  ~S3Request();

  // --- what was asked ---
  S3Core& core;
  EventLoop& loop;
  std::shared_ptr<http::Exchange> exchange;
  const OperationEntry* operation = nullptr;
  Address address;
  codec::Pairs query;
  iam::Principal principal;
  ContextPairs caller_context;                        // that a trusted caller adds: aws:SourceArn, ...
  std::shared_ptr<const VpcEndpointOrigin> endpoint;  // that it came through; null: none
  PayloadSignature payload_signature;
  std::shared_ptr<const BucketRecord> bucket;  // null: no such bucket, or the operation has none
  std::string body;                            // the document, verified; pooled operations only
  std::string request_id, host_id;
  std::unique_ptr<AccessEntry> access;  // of the access log; null: no bucket has one

  const http::Request& http() const { return exchange->request(); }
  std::optional<std::string_view> header(std::string_view name) const { return http().headers.get(name); }
  std::optional<std::string> parameter(std::string_view name) const;  // of the query, decoded
  std::optional<std::string> version_id() const { return parameter("versionId"); }
  ObjectName object() const { return {address.bucket, bucket->id, address.key}; }
  ObjectStore& store() const { return *core.store; }
  // Whose buckets an operation without a bucket is about; of who has no account, the first.
  const std::string& caller_account() const {
    return principal.who.account.empty() ? core.options.account : principal.who.account;
  }
  // The bucket's owner, who also owns what is in it (BucketOwnerEnforced); without a bucket, the caller.
  std::string owner_id() const { return canonical_id(bucket ? bucket->owner : caller_account()); }
  static std::string canonical_id(std::string_view account);  // 64 digits, made from the account's id

  // --- may they ---
  S3Result<> authorize(std::string_view action,
                       const ContextPairs& context = {}) const;  // on the operation's resource
  S3Result<> authorize_on(const BucketRecord* on, std::string_view action, const std::string& resource,
                          const ContextPairs& context = {}) const;
  // Without looking at the action: the account's root, and no policy that could deny it.
  bool is_plainly_allowed(const BucketRecord* on) const;
  std::string bucket_arn() const { return "arn:aws:s3:::" + address.bucket; }
  std::string object_arn() const { return bucket_arn() + "/" + address.key; }

  // --- the answer, on the loop ---
  http::Headers common_headers() const;  // ids, CORS
  void respond(aws::WireResponse response);
  void fail(const S3Error& error);
  // With a head that has the common headers already; the body through `exchange`, or bytes that `owner`
  // holds.
  void start(http::Response head);
  void respond_shared(http::Response head, std::shared_ptr<const void> owner, std::string_view bytes);
  void count_status(int status) const;

  // Runs `job` on the worker pool, and tasks given to post() back on the loop, keeping the request alive.
  void on_pool(std::move_only_function<void()> job);
  void post(std::move_only_function<void()> task);
};

}  // namespace landfall::s3
