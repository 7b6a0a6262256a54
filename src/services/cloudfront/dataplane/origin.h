// OriginClient: requests to S3 buckets (in process, judged by the bucket's policy) and to custom origins
// (HTTP).
//
// Threads: one loop. A callback never runs inside start().
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "http/client.h"
#include "http/message.h"
#include "services/cloudfront/snapshot.h"

namespace landfall {
class EventLoop;
namespace s3 {
class S3Service;
}
}  // namespace landfall

namespace landfall::cloudfront {

// Names that AWS owns (load balancers', environments'), lower case, and their addresses: from NameSnapshots.
// Each is changed by itself: there can be a hundred thousand (each hosted zone has four name servers).
// Threads: any.
class OriginNames {
 public:
  void set(const std::string& name, std::vector<std::string> addresses);
  void erase(const std::string& name);
  std::vector<std::string> find(const std::string& name) const;  // empty: there is none

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::vector<std::string>> names_;
};

struct OriginRequest {
  OriginSnapshot origin;
  std::string distribution_arn;
  std::string method;
  std::string target;  // path, with the origin's, and query
  http::Headers headers;
  std::shared_ptr<const std::string> body;  // null: none
  bool viewer_tls = false;                  // for "match-viewer"
  bool viewer_authorization = false;        // for "no-override"
};

struct OriginFailure {
  int status = 502;  // what the viewer gets: 502 or 504
  std::string message;
};
using OriginResult = std::expected<http::Fetched, OriginFailure>;

struct OriginReader {
  std::move_only_function<void(http::Response)> on_head;  // once; interim answers are not shown
  std::move_only_function<void(std::string_view)> on_data;
  std::move_only_function<void()> on_end;                 // exactly one of on_end and on_error, last
  std::move_only_function<void(OriginFailure)> on_error;  // after on_head: the answer is cut
};

// Held by whoever wants to say something to it; dropping it does not cancel.
class OriginCall {
 public:
  virtual ~OriginCall() = default;
  virtual void pause() = 0;  // some that is on its way may still come
  virtual void resume() = 0;
  virtual void cancel() = 0;  // no callback after this
};

// Not "Origins": that is a shape of the model, in this namespace.
class OriginClient {
 public:
  struct Options {
    EventLoop& loop;
    s3::S3Service* s3 = nullptr;
    const OriginNames* names = nullptr;
    std::string ca_file;  // beside the system's roots
    // Where requests to public addresses of this Landfall come from, as a load balancer's security group may
    // want it (com.amazonaws.global.cloudfront.origin-facing); empty: from anywhere.
    std::string source_address;
  };
  explicit OriginClient(Options options);

  std::shared_ptr<OriginCall> start(OriginRequest request, OriginReader reader);

 private:
  std::shared_ptr<OriginCall> start_s3(OriginRequest request, OriginReader reader);
  std::shared_ptr<OriginCall> start_http(OriginRequest request, OriginReader reader);
  void attempt(std::shared_ptr<struct HttpAttempt> attempt);
  net::TlsContext client_tls();

  Options options_;
  std::unique_ptr<http::Client> client_;
  net::TlsContext tls_;
};

}  // namespace landfall::cloudfront
