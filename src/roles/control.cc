#include "roles/control.h"

#include <signal.h>
#include <unistd.h>

#include "base/log.h"
#include "base/random.h"
#include "frontdoor/front_door.h"
#include "gateway/call.h"
#include "gateway/observations.h"
#include "http/server.h"
#include "net/socket.h"
#include "reconcile/queue.h"
#include "roles/control_accounts.h"
#include "roles/control_edge_link.h"
#include "roles/control_endpoints.h"
#include "roles/control_host_link.h"
#include "roles/control_reset.h"
#include "roles/control_s3_client.h"
#include "roles/control_services.h"
#include "roles/layout.h"
#include "runtime/event_loop.h"
#include "runtime/signals.h"
#include "store/store.h"

namespace landfall::roles {
namespace {

// Everything that control is, made in order and destroyed in reverse.
class Control {
 public:
  Control(const ControlOptions& options, EventLoop& loop, std::unique_ptr<store::Store> store)
      : options_(options),
        layout_{options.role.data_dir},
        loop_(loop),
        store_(std::move(store)),
        queue_(loop),
        config_{.account = options.role.account_id,
                .region = options.role.region,
                .data_dir = layout_.control(),
                .public_cidr = options.role.public_cidr,
                .auth = options.auth,
                .postgres_uid = options.role.users.postgres,
                .redis_uid = options.role.users.redis},
        host_(loop, *store_, observations_, layout_.host_socket()),
        s3_(loop, layout_.edge_s3_socket(), config_.region),
        plane_{*store_, loop, Clock::system(), Random::system(), queue_, observations_, host_, s3_, config_},
        edge_(loop, *store_, observations_, [this](store::Revision revision) { edge_serves(revision); }),
        servers_(http::HttpServer::create(loop)) {}

  Result<> start() {
    services_ = make_services(plane_);
    front_door_ = std::make_unique<FrontDoor>(plane_);
    reset_ = std::make_unique<Reset>(plane_, [this] { return front_door_->identities(); });
    accounts_ = std::make_unique<Accounts>(plane_, [this] { return front_door_->identities(); });
    LF_CHECK(publish_endpoints(plane_, layout_));
    for (NamedService& named : services_) named.service->start();
    LF_CHECK(edge_.listen(layout_.control_edge_socket(), options_.role.users.edge));
    host_.start();
    LF_TRY(UniqueFd api, net::listen_unix(layout_.api_socket(), 0660));
    LF_CHECK(servers_->serve(std::move(api), {}, [this](std::shared_ptr<http::Exchange> exchange) {
      const std::string& target = exchange->request().target;
      if (target == Reset::kTarget) return reset_->handle(std::move(exchange));
      if (target == Accounts::kTarget || target.starts_with(std::string(Accounts::kTarget) + "/"))
        return accounts_->handle(std::move(exchange));
      front_door_->handle(std::move(exchange));
    }));
    LF_TRY(UniqueFd admin, net::listen_unix(layout_.control_admin_socket(), 0660));
    LF_CHECK(servers_->serve(std::move(admin), {},
                             [this](std::shared_ptr<http::Exchange> exchange) { admin_page(*exchange); }));
    return {};
  }

 private:
  struct Health {
    struct Item {
      std::string what, why;
      template <class V>
      void fields(V& v) {
        v("what", what);
        v("why", why);
      }
    };
    std::string role = "control";
    bool healthy = true;
    std::vector<Item> problems;
    int64_t revision = 0, edge_revision = 0, queue_depth = 0;
    template <class V>
    void fields(V& v) {
      v("role", role);
      v("healthy", healthy);
      v("problems", problems);
      v("revision", revision);
      v("edge_revision", edge_revision);
      v("queue_depth", queue_depth);
    }
  };

  void admin_page(http::Exchange& exchange) {
    Health health;
    health.revision = static_cast<int64_t>(store_->revision());
    health.edge_revision = static_cast<int64_t>(plane_.edge_revision);
    health.queue_depth = static_cast<int64_t>(queue_.depth());
    if (!edge_.connected())
      health.problems.push_back({"edge is not connected", "it is starting, or was killed: see log/edge.log"});
    if (!host_.connected())
      health.problems.push_back({"host is not connected", "it is starting, or was killed: see log/host.log"});
    for (const reconcile::Trouble& trouble : queue_.troubles())
      if (trouble.failures >= reconcile::kStuckFailures)
        health.problems.push_back({trouble.reconciler + " " + trouble.id + " is stuck", trouble.error});
    for (const NamedService& named : services_)
      for (Problem& problem : named.service->problems())
        health.problems.push_back({std::move(problem.what), std::move(problem.why)});
    health.healthy = health.problems.empty();
    http::Response head;
    head.headers.add("content-type", "application/json");
    exchange.respond(std::move(head), to_json(health) + "\n");
  }

  void edge_serves(store::Revision revision) {
    if (revision <= plane_.edge_revision) return;
    plane_.edge_revision = revision;
  }

  const ControlOptions& options_;
  const Layout layout_;
  EventLoop& loop_;
  std::unique_ptr<store::Store> store_;
  reconcile::Queue queue_;
  Observations observations_;
  const ControlConfig config_;
  HostLink host_;
  ControlS3Client s3_;
  ControlPlane plane_;
  EdgeLink edge_;
  std::vector<NamedService> services_;
  std::unique_ptr<FrontDoor> front_door_;
  std::unique_ptr<Reset> reset_;
  std::unique_ptr<Accounts> accounts_;
  std::unique_ptr<http::HttpServer> servers_;
};

Result<> run(const ControlOptions& options) {
  LF_TRY(auto loop, EventLoop::create());
  LF_TRY(auto signals, Signals::create(*loop, {SIGTERM, SIGINT}, [&loop](int signal) {
           if (signal == SIGTERM) loop->stop();
         }));
  const Layout layout{options.role.data_dir};
  LF_TRY(auto backend, store::rocksdb_backend(layout.control_store()));
  LF_TRY(auto store, store::Store::open(std::move(backend)));
  Control control(options, *loop, std::move(store));
  LF_CHECK(control.start());
  notify_ready(options.role.ready_fd);
  log::info("serving");
  loop->run();
  log::info("stopping");
  return {};
}

}  // namespace

int run_control(const ControlOptions& options) {
  log::init("control", options.role.log_level);
  if (Result<> result = run(options); !result) {
    log::error("{}", result.error().message);
    return 1;
  }
  return 0;
}

}  // namespace landfall::roles
