// S3Service: the whole of Amazon S3, inside the `edge` role: object store, API, authentication and
// authorisation. Needs no other role: without `control` it goes on with the last IAM snapshot.
//
// Threads: every function from any thread. An answer is given on the EventLoop that came with the request;
// that loop must outlive the request. Stop the servers before destroying the service: the destructor waits
// for work that has begun.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aws/policy/evaluate.h"
#include "aws/policy/principal.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "delivery/log_delivery.h"
#include "http/server.h"

namespace landfall {
class EventLoop;
namespace iam {
class IamSnapshot;
}
}  // namespace landfall

namespace landfall::s3 {

// yes: the connection came over edge's Unix socket from a role of this Landfall. The header
// x-landfall-principal then says in whose name it asks: {"service": "elasticbeanstalk.amazonaws.com"} acts
// for the account; {"kind": N, "arn": ..., "user_id": ..., "role_arn": ..., "session_name": ..., "via":
// "cloudformation.amazonaws.com"} is the very caller (N as in gateway's CallerKind), whose policies decide.
// {"kind": 6, "service" or "account", "region", "source_arn", "source_account"} is the writer of a log, whom
// the bucket's policy judges.
enum class TrustedPeer { no, yes };

// A request that came through a VPC endpoint: its policy must allow it, beside all others, and policies may
// ask which endpoint and VPC it was (aws:SourceVpce, aws:SourceVpc, aws:VpcSourceIp).
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
struct VpcEndpointOrigin {
  std::string vpc_id, vpc_endpoint_id;
  std::optional<aws::policy::NamedPolicy> policy;  // without: it allows everything
};

enum class CredentialCheck { enforce, any_is_root };  // `landfall up --auth any`

struct S3Options {
  std::string data_dir;  // of S3 alone; made if missing
  std::string region = "us-east-1";
  std::string account;
  CredentialCheck credentials = CredentialCheck::enforce;
  const Clock* clock = &Clock::system();
  Random* random = &Random::system();
};

// For CloudWatch. Never reset; the reader takes differences.
struct S3Counters {
  std::atomic<uint64_t> requests{0}, errors_4xx{0}, errors_5xx{0}, bytes_downloaded{0}, bytes_uploaded{0};
};

// A read from within edge: CloudFront's origin access control, for instance. No TCP, no signature: the caller
// vouches for the principal, and the bucket's policy judges it.
struct FetchRequest {
  std::string method = "GET";  // or HEAD
  std::string bucket;
  std::string path;                  // percent-encoded, begins with '/', and may have a query: "/index.html"
  http::Headers headers;             // Range, If-None-Match, ...
  aws::policy::Principal principal;  // kind service, "cloudfront.amazonaws.com"
  std::vector<std::pair<std::string, std::string>> context;  // {"aws:SourceArn", the distribution's ARN}, ...
  std::string body;                                          // of a delivered log; see deliver()
};

// Where the answer of fetch() goes. Called on the loop given to fetch(); start, any number of write, then
// finish or abort.
class FetchSink {
 public:
  virtual ~FetchSink() = default;
  virtual void start(http::Response head) = 0;  // errors too: status and an XML body
  // False: enough for now. S3 then calls on_writable() and goes on when that is called back.
  virtual bool write(std::string bytes) = 0;
  virtual void on_writable(std::move_only_function<void()> resume) = 0;
  virtual void finish() = 0;
  virtual void abort() = 0;  // the body is cut: stored bytes turned out unreadable
};

struct S3Core;

class S3Service {
 public:
  // Blocks: recovers the store.
  static Result<std::unique_ptr<S3Service>> create(S3Options options);
  ~S3Service();

  void handle(EventLoop& loop, std::shared_ptr<http::Exchange> exchange,
              TrustedPeer trusted = TrustedPeer::no,
              std::shared_ptr<const VpcEndpointOrigin> origin = nullptr);
  void fetch(EventLoop& loop, FetchRequest request, std::shared_ptr<FetchSink> sink);
  // Writes a log's object in the name of its writer, judged by the bucket's policy as any request: a
  // delivery::Put.
  void deliver(EventLoop& loop, delivery::PutObject object,
               std::move_only_function<void(delivery::PutAnswer)> done);

  // Who may do what. Before the first call, only trusted peers and bucket policies grant anything.
  void set_iam(std::shared_ptr<const iam::IamSnapshot> snapshot);

  // Server access logs go there; before that, nowhere. flush: what the buckets' buffers hold, too.
  void set_log_spool(std::shared_ptr<delivery::Spool> spool);
  void flush_access_logs();

  const S3Counters& counters() const;
  uint64_t buffer_bytes() const;  // memory of the object index: its write buffers and its cache of blocks
  // True if this Host header names S3: "s3.us-east-1.amazonaws.com", "bucket.s3.us-east-1.amazonaws.com",
  // "s3.localhost:4566", "bucket.s3.localhost", ... For the router of the API's front door.
  static bool is_s3_host(std::string_view host);

 private:
  explicit S3Service(std::unique_ptr<S3Core> core);
  std::unique_ptr<S3Core> core_;
};

}  // namespace landfall::s3
