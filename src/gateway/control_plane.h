// ControlPlane: what the control role gives its services. One per process, made by roles/control; passed by
// reference.
//
// Desired state for the other roles lives in the store, written in the same transaction as the resource it
// follows from:
//   publish(txn, "ZoneSnapshot", zone_id, snapshot)   -> edge, which keeps it on disk (kinds: each service's
//   snapshot.h) desire(txn, "Workload", instance_id, workload)    -> host (kinds: host/protocol.h)
// Mirrors (src/mirror) carry the documents under those prefixes to edge and host, again after each
// reconnection, and the answers come back as Observations.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/secret.h"
#include "gateway/auth_mode.h"
#include "store/store.h"

namespace landfall {

class EventLoop;
class Observations;
struct Call;
struct Caller;
namespace aws {
struct OperationModel;
struct ServiceModel;
}  // namespace aws
namespace reconcile {
class Queue;
}

struct ControlConfig {
  std::string account;  // "123456789012"
  std::string region;   // "us-east-1"
  std::string partition = "aws";
  std::string data_dir;     // control's own folder, mode 0700
  std::string public_cidr;  // "127.77.0.0/16"
  AuthMode auth = AuthMode::enforce;
  uint32_t postgres_uid = 64702, redis_uid = 64703;
};

// Requests to host that are answered: see host/protocol.h. Implemented by roles/control.
class HostRequests {
 public:
  virtual ~HostRequests() = default;
  virtual void console_output(std::string workload_id, std::function<void(Result<std::string>)> done) = 0;
};

// S3 lives in edge; services of control reach it through edge's Unix socket, as themselves. Asynchronous.
struct S3Reply {
  int status = 0;          // HTTP status
  std::string error_code;  // "NoSuchKey", from the XML error body
  std::string body;
};
class S3Client {
 public:
  struct Request {
    std::string method = "GET";
    std::string path;   // "/bucket/key", percent-encoded
    std::string query;  // "policy", without '?'
    std::string content_type;
    std::string body;
    std::string
        principal;  // service principal, e.g. "cloudformation.amazonaws.com"; acts with the account's rights
  };
  virtual ~S3Client() = default;
  virtual void send(Request request, std::function<void(Result<S3Reply>)> done) = 0;
};

struct ControlPlane {
  store::Store& store;
  EventLoop& loop;
  const Clock& clock;
  Random& random;
  reconcile::Queue& queue;
  Observations& observations;
  HostRequests& host;
  S3Client& s3;
  const ControlConfig& config;
  // The newest revision that edge has said it serves; a snapshot published in a commit of a lower or the same
  // revision is live. Told by edge after each document; see on_edge_revision.
  store::Revision edge_revision = 0;

  // Set by the gateway. The services by name, and the check of a caller's rights, for services that call
  // operations on a caller's behalf (CloudFormation): authorize_operation throws AccessDenied unless
  // call.caller may run the operation with this input; authorize_call makes the function that Call::authorize
  // holds.
  using Authorize = std::function<void(std::string_view action, std::string_view resource_arn,
                                       const std::map<std::string, std::string>& context)>;
  std::span<const aws::ServiceModel* const> services{};
  std::function<void(const Call& call, const aws::OperationModel& operation, const void* input)>
      authorize_operation;
  std::function<Authorize(const Caller& caller, const Call& call)> authorize_call;

  // A call that Landfall itself makes, for reconcilers: runs `body` in one transaction as a service principal
  // and commits it. Throws what the handlers throw (nothing is written then).
  void transact(std::string_view service_principal, const std::function<void(Call&)>& body);
  void transact(std::string_view service_principal, std::string_view account, std::string_view region,
                const std::function<void(Call&)>& body);
};

inline constexpr std::string_view kEdgePrefix = "edge.";
inline constexpr std::string_view kHostPrefix = "host.";

template <class T>
void publish(store::Txn& txn, std::string_view kind, std::string_view id, const T& snapshot) {
  const std::string key = store::Txn::key_of(std::string(kEdgePrefix) + std::string(kind), id);
  std::string text = to_json(snapshot);
  if (const store::Document* now = txn.find(key); now != nullptr && now->text == text)
    return;  // nothing new to say
  txn.put_text(key, std::move(text));
}
inline void unpublish(store::Txn& txn, std::string_view kind, std::string_view id) {
  const std::string key = store::Txn::key_of(std::string(kEdgePrefix) + std::string(kind), id);
  if (txn.find(key) != nullptr) txn.erase_key(key);
}
template <class T>
void desire(store::Txn& txn, std::string_view kind, std::string_view id, const T& desired) {
  const std::string key = store::Txn::key_of(std::string(kHostPrefix) + std::string(kind), id);
  std::string text = to_json(desired);
  if (const store::Document* now = txn.find(key); now != nullptr && now->text == text) return;
  txn.put_text(key, std::move(text));
}
inline void undesire(store::Txn& txn, std::string_view kind, std::string_view id) {
  const std::string key = store::Txn::key_of(std::string(kHostPrefix) + std::string(kind), id);
  if (txn.find(key) != nullptr) txn.erase_key(key);
}

}  // namespace landfall
