#include "roles/edge.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/log.h"
#include "base/random.h"
#include "codec/fields.h"
#include "http/server.h"
#include "mirror/receiver.h"
#include "net/public_range.h"
#include "net/socket.h"
#include "roles/edge_host_link.h"
#include "roles/edge_log_delivery.h"
#include "roles/edge_observations.h"
#include "roles/edge_vpcs.h"
#include "roles/edge_worker.h"
#include "roles/endpoint_snapshot.h"
#include "roles/layout.h"
#include "roles/public_range.h"
#include "roles/vpc_endpoints.h"
#include "runtime/channel.h"
#include "runtime/countdown.h"
#include "runtime/event_loop.h"
#include "runtime/signals.h"
#include "services/cloudfront/dataplane/edge_cdn.h"
#include "services/elbv2/dataplane/edge_elb.h"
#include "services/elbv2/snapshot.h"
#include "services/iam/dataplane/directory.h"
#include "services/route53/dataplane/edge_dns.h"
#include "services/s3/s3.h"

namespace landfall::roles {
namespace {

constexpr int64_t kDrainMs = 3'000;  // what has begun when edge is told to stop may take so long
constexpr char kVpcEndpointAddress[] = "169.254.169.252";
using net::kCdnOffset;
using net::kDnsOffset;
using net::kEndpointOffset;

unsigned usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<unsigned>(std::max(1, CPU_COUNT(&set)))
                                                     : 1;
}

// Everything that edge is. The main loop has the channels to control and host and hands documents to the
// parts; the workers carry traffic.
class Edge {
 public:
  Edge(const EdgeOptions& options, EventLoop& main)
      : options_(options),
        layout_{options.role.data_dir},
        main_(main),
        host_(main, layout_.host_socket()),
        control_(main, {.path = layout_.control_edge_socket()}),
        observations_(main, [this](std::string json) { control_.send(json); }),
        receiver_(
            layout_.edge_snapshots(),
            [this](std::string_view kind, std::string_view id, const std::string* document) {
              apply(kind, id, document);
            },
            [this](std::string json) { control_.send(json); }),
        admin_(http::HttpServer::create(main)) {}

  ~Edge() { stop(); }

  Result<> start() {
    LF_TRY(s3_, s3::S3Service::create({.data_dir = layout_.edge_s3(),
                                       .region = options_.role.region,
                                       .account = options_.role.account_id,
                                       .credentials = options_.auth == AuthMode::any
                                                          ? s3::CredentialCheck::any_is_root
                                                          : s3::CredentialCheck::enforce}));
    LF_TRY(logs_, EdgeLogDelivery::create(
                      {.directory = layout_.edge() + "/log-spool",
                       .period_ms = options_.log_delivery_seconds * 1000,
                       .put = [this](EventLoop& loop, delivery::PutObject object,
                                     auto done) { s3_->deliver(loop, std::move(object), std::move(done)); },
                       .gather = [this] { s3_->flush_access_logs(); }}));
    s3_->set_log_spool(logs_->spool());
    const unsigned count = options_.workers != 0 ? options_.workers : usable_cpus();
    std::vector<EventLoop*> loops;
    for (unsigned i = 0; i < count; ++i) {
      EdgeWorker& worker = workers_.emplace_back();
      LF_TRY(worker.loop, EventLoop::create());
      worker.vpc_sockets = std::make_unique<EdgeVpcSockets>(*worker.loop, host_);
      worker.api = std::make_unique<EdgeApi>(
          *worker.loop, EdgeApi::Options{.control_socket = layout_.api_socket(), .s3 = s3_.get()});
      worker.metadata =
          std::make_unique<ec2::MetadataService>(ec2::MetadataService::Options{.loop = *worker.loop});
      loops.push_back(worker.loop.get());
    }
    LF_CHECK(listen());
    LF_TRY(dns_, route53::EdgeDns::create(
                     loops,
                     {.region = options_.role.region,
                      .authoritative_address = public_address(options_.role.public_cidr, kDnsOffset),
                      .endpoint_address = public_address(options_.role.public_cidr, kEndpointOffset),
                      .report =
                          [this](std::string kind, std::string id, std::string document) {
                            observations_.say(std::move(kind), std::move(id), std::move(document), Keep::yes);
                          }},
                     [this](EventLoop& loop, const std::string& vpc_id,
                            std::vector<route53::VpcSocket> sockets, auto done) {
                       std::vector<host::SocketRequest> requests;
                       for (const auto& socket : sockets)
                         requests.push_back({.purpose = socket.kind == route53::VpcSocket::Kind::udp
                                                            ? "udp_bound"
                                                            : "tcp_listener",
                                             .address = socket.address,
                                             .port = socket.port});
                       host_.open(loop, vpc_id, std::move(requests), std::move(done));
                     }));
    make_vpcs(loops);
    make_elb();
    LF_TRY(cdn_, cloudfront::EdgeCdn::create(
                     loops, {.address = public_address(options_.role.public_cidr, kCdnOffset),
                             .cache_directory = layout_.edge_cache(),
                             .s3 = s3_.get(),
                             .log_spool = logs_->spool(),
                             .origin_ca_file = layout_.ca_certificate(),
                             .report = [this](std::string kind, std::string id, std::string document) {
                               observations_.say(std::move(kind), std::move(id), std::move(document),
                                                 Keep::no);
                             }}));
    LF_CHECK(receiver_.open());  // serves what it knew, before control says more
    for (EdgeWorker& worker : workers_)
      worker.thread = std::thread([loop = worker.loop.get()] { loop->run(); });
    logs_->start();
    control_.on_message([this](std::string_view json, std::vector<UniqueFd>) { receiver_.received(json); });
    control_.on_connected([this] { observations_.say_all(); });
    control_.start();
    host_.start();
    return {};
  }

  // `told`, once what is to be served is known: at once after a restart, whatever control does; of a new
  // Landfall when control has told it who there is. Before that nobody is known, and everybody would be
  // refused.
  void when_serving(std::move_only_function<void()> told) {
    receiver_.when_complete([this, told = std::move(told)]() mutable {
      main_.post(std::move(told));  // behind what identities_changed() has posted
    });
  }

  // Nothing is accepted any more, and `drained` is called on the main loop when each request that has begun
  // is answered.
  void drain(std::move_only_function<void()> drained) {
    // Then the logs of what was answered, as far as there is time: the spool has what stays.
    const auto left =
        std::make_shared<Countdown>(workers_.size() + 2, [this, drained = std::move(drained)]() mutable {
          logs_->deliver_now(
              [this, drained = std::move(drained)]() mutable { main_.post(std::move(drained)); });
        });
    elb_->drain(Countdown::part(left));
    cdn_->drain(Countdown::part(left));
    for (EdgeWorker& worker : workers_)
      worker.loop->post([api = worker.api.get(), left] { api->drain(Countdown::part(left)); });
  }

  void stop() {
    for (EdgeWorker& worker : workers_)
      if (worker.thread.joinable()) {
        worker.loop->stop();
        worker.thread.join();
      }
    if (logs_) logs_->stop();
  }

 private:
  Result<> listen() {
    const std::string endpoint = public_address(options_.role.public_cidr, kEndpointOffset);
    struct Place {
      std::string ip;
      uint16_t port;
      http::Transport transport;
    };
    const Place places[] = {{"127.0.0.1", options_.role.api_port, http::Transport::detect},
                            {endpoint, 80, http::Transport::plain},
                            {endpoint, 443, http::Transport::tls}};
    // The workers share each port by SO_REUSEPORT, which would share it with another Landfall of the same
    // user just as willingly: every second connection would reach the other one. A plain bind refuses.
    for (const Place& place : places) {
      LF_TRY(const net::SocketAddress address, net::SocketAddress::inet(place.ip, place.port));
      LF_TRY(const UniqueFd probe, net::listen_tcp(address, {.reuse_port = net::ReusePort::no}));
    }
    for (const Place& place : places)
      for (EdgeWorker& worker : workers_) {
        LF_TRY(const net::SocketAddress address, net::SocketAddress::inet(place.ip, place.port));
        LF_TRY(UniqueFd socket, net::listen_tcp(address, {.reuse_port = net::ReusePort::yes}));
        LF_CHECK(worker.api->serve(std::move(socket), place.transport));
      }
    LF_TRY(UniqueFd trusted, net::listen_unix(layout_.edge_s3_socket(), 0660));
    LF_CHECK(workers_.front().api->serve_trusted_s3(std::move(trusted)));
    LF_TRY(UniqueFd admin, net::listen_unix(layout_.edge_admin_socket(), 0660));
    return admin_->serve(std::move(admin), {},
                         [this](std::shared_ptr<http::Exchange> exchange) { admin_page(*exchange); });
  }

  void make_vpcs(const std::vector<EventLoop*>& loops) {
    const auto endpoint = [this](const char* address, uint16_t port, http::Transport transport) {
      return VpcListener{
          address, port, [this, transport](size_t worker, const std::string& place, UniqueFd socket) {
            if (Result<> served = workers_[worker].api->serve_vpc(place, std::move(socket), transport);
                !served)
              log::error("endpoints in {}: {}", place, served.error().message);
          }};
    };
    const auto endpoints = [&](const char* address) {
      return std::vector{endpoint(address, 80, http::Transport::plain),
                         endpoint(address, 443, http::Transport::tls)};
    };
    const VpcListener metadata{
        ec2::kMetadataAddress, ec2::kMetadataPort,
        [this](size_t worker, const std::string& vpc_id, UniqueFd socket) {
          if (Result<> served = workers_[worker].metadata->serve(vpc_id, std::move(socket)); !served)
            log::error("metadata service in {}: {}", vpc_id, served.error().message);
        }};
    std::vector<VpcListener> listeners = endpoints(kVpcEndpointAddress);
    std::ranges::move(endpoints(kVpcS3Address), std::back_inserter(listeners));
    listeners.push_back(metadata);
    vpcs_ = std::make_unique<EdgeVpcs>(main_, host_, loops, std::move(listeners),
                                       [this](size_t worker, const std::string& vpc_id) {
                                         workers_[worker].api->forget_vpc(vpc_id);
                                         workers_[worker].metadata->forget(vpc_id);
                                       });
    interface_endpoints_ = std::make_unique<EdgeVpcs>(
        main_, host_, loops, endpoints(""),
        [this](size_t worker, const std::string& place) { workers_[worker].api->forget_vpc(place); });
  }

  void make_elb() {
    std::vector<elbv2::EdgeElbWorker> workers;
    for (EdgeWorker& worker : workers_) workers.push_back({worker.loop.get(), worker.vpc_sockets.get()});
    elb_ = elbv2::EdgeElb::create(
        std::move(workers),
        {.log_spool = logs_->spool(),
         .open_vpc_listener =
             [this](EventLoop& loop, const std::string& vpc_id, const std::string& address, uint16_t port,
                    auto done) {
               host_.open(loop, vpc_id, {{.purpose = "tcp_listener", .address = address, .port = port}},
                          [done = std::move(done)](Result<std::vector<UniqueFd>> sockets) mutable {
                            if (!sockets) return done(std::unexpected(std::move(sockets).error()));
                            done(std::move(sockets->front()));
                          });
             },
         .report =
             [this](std::string kind, std::string id, std::string document) {
               const Keep keep = kind == elbv2::kLoadBalancerMetricsKind ? Keep::no : Keep::yes;
               observations_.say(std::move(kind), std::move(id), std::move(document), keep);
             }});
  }

  // A document of control, new, changed or gone (nullptr). Main thread.
  void apply(std::string_view kind, std::string_view id, const std::string* document) {
    Result<> result;
    if (route53::EdgeDns::takes(kind)) result = dns_->apply(kind, id, document);
    if (elbv2::EdgeElb::takes(kind)) result = elb_->apply(kind, id, document);
    if (cloudfront::EdgeCdn::takes(kind))
      if (Result<> applied = cdn_->apply(kind, id, document); !applied) result = std::move(applied);
    if (kind.starts_with("Iam")) {
      result = directory_.apply(kind, id, document);
      identities_changed();
    } else if (kind == kEndpointKind) {
      result = apply_endpoint(document);
    } else if (kind == route53::kVpcDocumentKind) {
      metadata_changed(id, document);
      if (Result<> known = endpoints_changed(std::string(id), document); !known) result = std::move(known);
      if (document != nullptr) {
        vpcs_->add(std::string(id));
      } else {
        vpcs_->remove(std::string(id));
      }
    }
    if (!result) log::error("snapshot {} {}: {}", kind, id, result.error().message);
  }

  // Many documents come at once: resolve them together, once the loop has taken all that are there.
  void identities_changed() {
    if (identities_due_) return;
    identities_due_ = true;
    main_.post([this] {
      identities_due_ = false;
      s3_->set_iam(directory_.snapshot());
      for (EdgeWorker& worker : workers_)
        worker.loop->post(
            [metadata = worker.metadata.get(), iam = directory_.snapshot()] { metadata->set_iam(iam); });
    });
  }

  // A VPC is served by one worker, but which one is EdgeVpcs' business: all have the snapshot.
  void metadata_changed(std::string_view vpc_id, const std::string* document) {
    for (EdgeWorker& worker : workers_)
      worker.loop->post([metadata = worker.metadata.get(), vpc_id = std::string(vpc_id),
                         gone = document == nullptr, text = document == nullptr ? std::string() : *document] {
        if (Result<> applied = metadata->apply(vpc_id, gone ? nullptr : &text); !applied)
          log::error("snapshot of the metadata service of {}: {}", vpc_id, applied.error().message);
      });
  }

  Result<> endpoints_changed(const std::string& vpc_id, const std::string* document) {
    std::shared_ptr<const VpcEndpoints> endpoints;
    if (document != nullptr) {
      LF_TRY(endpoints, VpcEndpoints::read(vpc_id, *document));
    }
    interface_endpoints_->set_addresses(vpc_id, endpoints ? endpoints->addresses() : std::set<std::string>());
    for (EdgeWorker& worker : workers_)
      worker.loop->post(
          [api = worker.api.get(), vpc_id, endpoints] { api->set_endpoints(vpc_id, endpoints); });
    return {};
  }

  Result<> apply_endpoint(const std::string* document) {
    if (document == nullptr) return {};
    LF_TRY(EndpointSnapshot endpoint, from_json<EndpointSnapshot>(*document));
    LF_TRY(net::TlsContext certificate,
           net::make_server_tls(
               {.chain_pem = endpoint.chain_pem, .key_pem = endpoint.key_pem, .alpn = net::Alpn::http_1_1}));
    for (EdgeWorker& worker : workers_)
      worker.loop->post([api = worker.api.get(), certificate] { api->set_certificate(certificate); });
    return {};
  }

  struct Health {
    struct Item {
      std::string what, why;
      template <class V>
      void fields(V& v) {
        v("what", what);
        v("why", why);
      }
    };
    std::string role = "edge";
    bool healthy = true;
    std::vector<Item> problems;
    std::map<std::string, int64_t> snapshots;  // "<kind>/<id>" -> version that is served
    int64_t buffer_bytes = 0;  // memory that fills up to a bound: S3's write buffers and cache of blocks
    template <class V>
    void fields(V& v) {
      v("role", role);
      v("healthy", healthy);
      v("problems", problems);
      v("snapshots", snapshots);
      v("buffer_bytes", buffer_bytes);
    }
  };

  void admin_page(http::Exchange& exchange) {
    Health health;
    if (!control_.connected())
      health.problems.push_back(
          {"control is not connected", "traffic goes on with the last snapshots; changes wait"});
    if (!host_.connected())
      health.problems.push_back(
          {"host is not connected", "connections into VPCs go on with the sockets at hand"});
    health.healthy = health.problems.empty();
    // Told, but nobody's request fails for it: mostly a bucket's policy has changed.
    for (const delivery::DeliveryProblem& problem : logs_->problems())
      health.problems.push_back({problem.what, problem.why});
    for (const auto& [key, version] : receiver_.versions())
      health.snapshots[key.first + "/" + key.second] = version;
    health.buffer_bytes = static_cast<int64_t>(s3_->buffer_bytes());
    http::Response head;
    head.headers.add("content-type", "application/json");
    exchange.respond(std::move(head), to_json(health) + "\n");
  }

  const EdgeOptions& options_;
  const Layout layout_;
  EventLoop& main_;
  EdgeHostLink host_;
  ChannelClient control_;
  EdgeObservations observations_;
  mirror::Receiver receiver_;
  iam::Directory directory_;
  bool identities_due_ = false;
  std::unique_ptr<EdgeLogDelivery> logs_;  // its loop outlives S3's answers
  std::unique_ptr<s3::S3Service> s3_;
  std::vector<EdgeWorker> workers_;
  std::unique_ptr<route53::EdgeDns> dns_;
  std::unique_ptr<EdgeVpcs> vpcs_;
  std::unique_ptr<EdgeVpcs> interface_endpoints_;  // their addresses
  std::unique_ptr<cloudfront::EdgeCdn> cdn_;       // before the workers' loops in destruction
  std::unique_ptr<elbv2::EdgeElb> elb_;            // before the workers' loops in destruction
  std::unique_ptr<http::HttpServer> admin_;
};

Result<> run(const EdgeOptions& options) {
  LF_TRY(auto main, EventLoop::create());
  // Before the workers' threads, which inherit the mask.
  std::optional<Edge> edge;
  bool stopping = false;
  LF_TRY(auto signals, Signals::create(*main, {SIGTERM, SIGINT, SIGPIPE}, [&](int signal) {
           if (signal != SIGTERM || std::exchange(stopping, true)) return;
           main->after_ms(kDrainMs, [&main] { main->stop(); });
           edge->drain([&main] { main->stop(); });
         }));
  edge.emplace(options, *main);
  LF_CHECK(edge->start());
  edge->when_serving([&options] {
    notify_ready(options.role.ready_fd);
    log::info("serving");
  });
  main->run();
  log::info("stopping");
  return {};
}

}  // namespace

int run_edge(const EdgeOptions& options) {
  log::init("edge", options.role.log_level);
  if (Result<> result = run(options); !result) {
    log::error("{}", result.error().message);
    return 1;
  }
  return 0;
}

}  // namespace landfall::roles
