// OriginClient: requests to S3 buckets (in process, judged by the bucket's policy) and to custom origins
// (HTTP).
//
// Threads: one loop. A callback never runs inside fetch().
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "http/client.h"
#include "http/message.h"
#include "runtime/snapshot_cell.h"
#include "services/cloudfront/snapshot.h"

namespace landfall {
class EventLoop;
namespace s3 {
class S3Service;
}
}  // namespace landfall

namespace landfall::cloudfront {

// Names that AWS owns (load balancers', environments'), lower case, and their addresses: from NameSnapshots.
using OriginNames = std::map<std::string, std::vector<std::string>, std::less<>>;

inline constexpr size_t kMaxOriginBody = 256 * 1024 * 1024;  // an answer beyond is refused with 502

struct OriginRequest {
  OriginSnapshot origin;
  std::string distribution_arn;
  std::string method;
  std::string target;  // path, with the origin's, and query
  http::Headers headers;
  std::string body;
  bool viewer_tls = false;            // for "match-viewer"
  bool viewer_authorization = false;  // for "no-override"
};

struct OriginFailure {
  int status = 502;  // what the viewer gets: 502 or 504
  std::string message;
};
using OriginResult = std::expected<http::Fetched, OriginFailure>;

// Not "Origins": that is a shape of the model, in this namespace.
class OriginClient {
 public:
  struct Options {
    EventLoop& loop;
    s3::S3Service* s3 = nullptr;
    const SnapshotCell<OriginNames>* names = nullptr;
    std::string ca_file;  // beside the system's roots
  };
  explicit OriginClient(Options options);

  void fetch(OriginRequest request, std::move_only_function<void(OriginResult)> done);

 private:
  void fetch_s3(OriginRequest request, std::move_only_function<void(OriginResult)> done);
  void fetch_http(OriginRequest request, std::move_only_function<void(OriginResult)> done);
  void attempt(std::shared_ptr<struct HttpAttempt> attempt);
  net::TlsContext client_tls();

  Options options_;
  SnapshotCell<OriginNames>::Reader names_;
  std::unique_ptr<http::Client> client_;
  net::TlsContext tls_;
};

}  // namespace landfall::cloudfront
