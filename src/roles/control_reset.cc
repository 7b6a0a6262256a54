#include "roles/control_reset.h"

#include "base/log.h"
#include "gateway/call.h"
#include "gateway/observations.h"
#include "host/protocol.h"
#include "http/server.h"
#include "roles/control_s3_emptier.h"
#include "roles/endpoint_snapshot.h"
#include "runtime/event_loop.h"
#include "services/ec2/ec2.h"
#include "services/iam/accounts.h"
#include "services/iam/iam.h"

namespace landfall::roles {

namespace {

constexpr const char* kWorldKinds[] = {"Workload", "Interface", "Network"};

struct HostState {  // what host's three kinds of status have in common
  std::string state;
  template <class V>
  void fields(V& v) {
    v("state", state);
  }
};

bool is_gone(std::string_view document) {
  if (document.empty()) return true;
  const auto status = from_json<HostState>(document);
  return status && status->state == "removed";
}

// The endpoints' certificate is Landfall's own, not the account's.
bool stays(std::string_view key) {
  return key.starts_with(std::string(kEdgePrefix) + kEndpointKind + "/") ||
         key.starts_with("landfall.endpoint/");
}

}  // namespace

Reset::Reset(ControlPlane& plane, Identities identities) : plane_(plane), identities_(std::move(identities)) {
  for (const char* kind : kWorldKinds)
    plane_.observations.watch(
        kind, [this, kind](std::string_view id, std::string_view document) { observed(kind, id, document); });
}

Reset::~Reset() { plane_.loop.cancel(patience_); }

void Reset::handle(std::shared_ptr<http::Exchange> exchange) {
  exchange->read_whole_body(kMaxOwnBodyBytes, [this, exchange](Result<std::string> body) {
    if (!body) return refuse(*exchange, 413, "RequestEntityTooLarge", "The body must be empty");
    if (exchange->request().method != "POST") return refuse(*exchange, 405, "MethodNotAllowed", "Use POST");
    if (!is_managed(plane_, *identities_(), *exchange, *body)) return;
    waiting_.push_back([this, exchange](Result<> result) {
      if (!result) return refuse(*exchange, 500, "ResetIncomplete", result.error().message);
      answer_json(*exchange, 200, "{\"reset\":true,\"remains\":\"" + plane_.config.account + "\"}");
    });
    if (waiting_.size() == 1) start_next();
  });
}

void Reset::start_next() {
  if (Result<> emptied = empty_store(); !emptied) return finish(emptied);
  s3_empty_ = false;
  S3Emptier::run(plane_.s3, accounts_, [this](Result<> result) {
    if (!result) return finish(result);
    s3_empty_ = true;
    wait_for_world();
  });
}

Result<> Reset::empty_store() {
  world_.clear();
  store::Txn txn(plane_.store);
  accounts_.clear();
  for (const iam::AccountInfo& account : iam::accounts(txn)) accounts_.push_back(account.id);
  plane_.store.each("", [&](std::string_view key, const store::Document&) {
    if (stays(key)) return;
    txn.erase_key(std::string(key));
    if (!key.starts_with(kHostPrefix)) return;
    const std::string_view item = key.substr(kHostPrefix.size());  // "Workload/i-1"
    const size_t slash = item.find('/');
    const auto status = plane_.observations.get<HostState>(item.substr(0, slash), item.substr(slash + 1));
    if (status && status->state != "removed") world_.emplace(item);
  });
  Caller caller{.kind = CallerKind::service, .service = "landfall.amazonaws.com"};
  Call call{
      .plane = plane_,
      .txn = txn,
      .caller = std::move(caller),
      .account = plane_.config.account,
      .region = plane_.config.region,
      .request_id = "reset",
      .now = plane_.clock.now(),
      .authorize = [](std::string_view, std::string_view, const std::map<std::string, std::string>&) {}};
  iam::ensure_account(call);
  ec2::ensure_default_vpc(call);
  if (auto committed = txn.commit(); !committed) return std::unexpected(committed.error());
  log::info("reset: {} accounts are one fresh one, {} things of the world are to go", accounts_.size(),
            world_.size());
  return {};
}

void Reset::wait_for_world() {
  if (world_.empty()) return finish({});
  patience_ = plane_.loop.after_ms(kWorldPatienceMs, [this] {
    patience_ = 0;
    finish(fail(std::to_string(world_.size()) + " are still being removed, as " + *world_.begin()));
  });
}

void Reset::observed(std::string_view kind, std::string_view id, std::string_view document) {
  if (world_.empty() || !is_gone(document)) return;
  world_.erase(std::string(kind) + "/" + std::string(id));
  if (world_.empty() && s3_empty_ && patience_ != 0) finish({});
}

void Reset::finish(Result<> result) {
  plane_.loop.cancel(patience_);
  patience_ = 0;
  world_.clear();
  const Done done = std::move(waiting_.front());
  waiting_.pop_front();
  done(std::move(result));
  if (!waiting_.empty()) start_next();
}

}  // namespace landfall::roles
