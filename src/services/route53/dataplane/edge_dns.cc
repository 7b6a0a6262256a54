#include "services/route53/dataplane/edge_dns.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>
#include <map>
#include <optional>

#include "base/log.h"
#include "codec/dns_rdata.h"
#include "codec/fields.h"
#include "services/route53/dataplane/apply.h"
#include "services/route53/dataplane/health_prober.h"
#include "services/route53/dataplane/server.h"

namespace landfall::route53 {
namespace {

constexpr int64_t kAskAgainMs = 250;  // host may not have made the VPC yet

// What is read of EC2's document.
struct VpcDocument {
  struct Endpoint {
    std::vector<std::string> addresses, names;
    template <class V>
    void fields(V& v) {
      v("addresses", addresses);
      v("names", names);
    }
  };
  std::string vpc_id;
  std::vector<std::string> vpc_cidrs;
  bool dns_support = true;
  std::vector<Endpoint> endpoints;
  template <class V>
  void fields(V& v) {
    v("vpc_id", vpc_id);
    v("vpc_cidrs", vpc_cidrs);
    v("dns_support", dns_support);
    v("endpoints", endpoints);
  }
};

Result<uint32_t> parse_address(const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.c_str(), &address) != 1) return fail("not an IPv4 address: " + text);
  return ntohl(address.s_addr);
}

std::string address_text(uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255);
}

Result<Ipv4Network> parse_network(const std::string& text) {
  const size_t slash = text.find('/');
  if (slash == std::string::npos) return fail("not a CIDR block: " + text);
  Ipv4Network out;
  LF_TRY(out.address, parse_address(text.substr(0, slash)));
  const auto [end, code] = std::from_chars(text.data() + slash + 1, text.data() + text.size(), out.prefix);
  if (code != std::errc{} || end != text.data() + text.size() || out.prefix < 0 || out.prefix > 32) {
    return fail("not a CIDR block: " + text);
  }
  return out;
}

// One VPC's resolver. Its sockets are asked for until they are there.
class VpcResolver {
 public:
  VpcResolver(EventLoop& loop, ResolverView view, OpenVpcSockets& open)
      : loop_(loop), view_(std::make_shared<ResolverView>(std::move(view))), open_(open) {
    ask();
  }
  ~VpcResolver() {
    *alive_ = false;
    loop_.cancel(retry_);
  }

  void set_view(ResolverView view) { *view_ = std::move(view); }

 private:
  void ask() {
    retry_ = 0;
    std::vector<VpcSocket> wanted;
    for (const std::string& address :
         {address_text(view_->networks[0].address + 2), std::string(kVpcResolverAddress)}) {
      wanted.push_back({VpcSocket::Kind::udp, address});
      wanted.push_back({VpcSocket::Kind::tcp_listener, address});
    }
    open_(loop_, view_->vpc_id, std::move(wanted),
          [this, alive = alive_](Result<std::vector<UniqueFd>> sockets) {
            if (*alive) opened(std::move(sockets));
          });
  }

  void opened(Result<std::vector<UniqueFd>> sockets) {
    Result<> served = serve(std::move(sockets));
    if (served) return;
    log::debug("resolver of {}: {}", view_->vpc_id, served.error().message);
    servers_.clear();
    retry_ = loop_.after_ms(kAskAgainMs, [this] { ask(); });
  }

  Result<> serve(Result<std::vector<UniqueFd>> sockets) {
    if (!sockets) return std::unexpected(sockets.error());
    if (sockets->size() % 2 != 0) return fail("host opened an odd number of sockets");
    for (size_t i = 0; i < sockets->size(); i += 2) {
      LF_TRY(auto server, DnsServer::create(loop_, resolver_responder(view_), std::move((*sockets)[i]),
                                            std::move((*sockets)[i + 1])));
      servers_.push_back(std::move(server));
    }
    return {};
  }

  EventLoop& loop_;
  std::shared_ptr<ResolverView> view_;
  OpenVpcSockets& open_;
  std::vector<std::unique_ptr<DnsServer>> servers_;
  TimerId retry_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// What one worker has; touched on its loop only (and before and after the loop runs).
struct Worker {
  EventLoop* loop = nullptr;
  Tables tables;
  std::vector<std::unique_ptr<DnsServer>> servers;
  std::map<std::string, std::unique_ptr<VpcResolver>> resolvers;  // by VPC
};

class Edge final : public EdgeDns {
 public:
  Edge(EdgeDnsOptions options, OpenVpcSockets open) : options_(std::move(options)), open_(std::move(open)) {}

  Result<> start(const std::vector<EventLoop*>& loops) {
    LF_TRY(const uint32_t endpoint, parse_address(options_.endpoint_address));
    LF_CHECK(check_dns_address_free(options_.authoritative_address, options_.port));
    LF_CHECK(check_dns_address_free(options_.endpoint_address, options_.port));
    for (EventLoop* loop : loops) {
      auto worker = std::make_unique<Worker>();
      worker->loop = loop;
      ResolverView operators{
          .tables = &worker->tables, .region = options_.region, .endpoint_address = endpoint};
      LF_CHECK(listen(*worker, options_.authoritative_address,
                      authoritative_responder(worker->tables, options_.region)));
      LF_CHECK(listen(*worker, options_.endpoint_address, resolver_responder(std::move(operators))));
      workers_.push_back(std::move(worker));
    }
    return {};
  }

  Result<> apply(std::string_view kind, std::string_view id, const std::string* document) override {
    if (kind == kVpcDocumentKind) return apply_vpc(std::string(id), document);
    if (kind == kHealthCheckSnapshotKind) return apply_health_check(std::string(id), document);
    LF_TRY(TablesChange change, compile_change(kind, id, document));
    for (auto& worker : workers_) {
      worker->loop->post([w = worker.get(), change] { change(w->tables); });
    }
    return {};
  }

 private:
  // Bound here, served from the loop.
  Result<> listen(Worker& worker, const std::string& address, std::unique_ptr<Responder> responder) {
    LF_TRY(UniqueFd udp, bind_dns_udp(address, options_.port));
    LF_TRY(UniqueFd tcp, listen_dns_tcp(address, options_.port));
    worker.loop->post([w = &worker, responder = std::move(responder), udp = std::move(udp),
                       tcp = std::move(tcp)]() mutable {
      auto server = DnsServer::create(*w->loop, std::move(responder), std::move(udp), std::move(tcp));
      LF_INVARIANT(server.has_value(), "a new socket joins an event loop");
      w->servers.push_back(std::move(*server));
    });
    return {};
  }

  // The first worker asks; all answer by what it finds.
  Result<> apply_health_check(const std::string& id, const std::string* document) {
    std::optional<HealthCheckSnapshot> check;
    if (document) {
      LF_TRY(check, from_json<HealthCheckSnapshot>(*document));
    }
    workers_.front()->loop->post([this, id, check] {
      if (!prober_) make_prober();
      if (check) return prober_->set(*check);
      prober_->remove(id);
      tell_health(id, true);
      if (options_.report) options_.report(kHealthCheckStatusKind, id, "");
    });
    return {};
  }

  void make_prober() {
    Worker* first = workers_.front().get();
    prober_ = std::make_unique<HealthProber>(
        *first->loop, [this, first](const std::string& host) { return address_of(*first, host); },
        [this](const std::string& id, const HealthCheckStatus& status) {
          tell_health(id, status.healthy);
          if (options_.report) options_.report(kHealthCheckStatusKind, id, to_json(status));
        });
  }

  void tell_health(const std::string& id, bool healthy) {
    for (auto& worker : workers_)
      worker->loop->post([w = worker.get(), id, healthy] { w->tables.set_health(id, healthy); });
  }

  // As the operator's resolver would say.
  std::string address_of(const Worker& worker, const std::string& host) {
    auto name = dns::Name::from_text(host);
    if (!name) return "";
    dns::Query query{.has_question = true, .name = *name, .lower_name = name->lower(), .type = dns::Type::A};
    Answer out;
    resolve(query, {.tables = &worker.tables, .region = options_.region}, ++turn_, out);
    for (const AnswerRecord& record : out.records)
      if (record.section == dns::Section::answer && record.type == dns::Type::A)
        return dns::rdata_to_text(record.type, record.rdata);
    return "";
  }

  Result<> apply_vpc(const std::string& id, const std::string* document) {
    Worker* worker = workers_[std::hash<std::string>{}(id) % workers_.size()].get();
    const auto no_resolver = [&] {
      worker->loop->post([worker, id] { worker->resolvers.erase(id); });
      return Result<>();
    };
    if (!document) return no_resolver();
    LF_TRY(VpcDocument vpc, from_json<VpcDocument>(*document));
    if (!vpc.dns_support) return no_resolver();  // enableDnsSupport: nobody listens at base + 2 then
    ResolverView view{.tables = &worker->tables, .vpc_id = id, .region = options_.region};
    LF_TRY(view.endpoint_address, parse_address(kVpcEndpointAddress));
    LF_TRY(view.s3_address, parse_address(kVpcS3Address));
    for (const VpcDocument::Endpoint& endpoint : vpc.endpoints)
      for (const std::string& address : endpoint.addresses) {
        LF_TRY(const uint32_t value, parse_address(address));
        for (const std::string& name : endpoint.names) view.endpoint_names[name + "."].push_back(value);
      }
    for (const std::string& cidr : vpc.vpc_cidrs) {
      LF_TRY(Ipv4Network network, parse_network(cidr));
      view.networks.push_back(network);
    }
    if (view.networks.empty()) return fail("VPC " + id + " has no CIDR block");
    worker->loop->post([this, worker, view = std::move(view)]() mutable {
      auto& resolver = worker->resolvers[view.vpc_id];
      if (resolver) {
        resolver->set_view(std::move(view));
      } else {
        resolver = std::make_unique<VpcResolver>(*worker->loop, std::move(view), open_);
      }
    });
    return {};
  }

  EdgeDnsOptions options_;
  OpenVpcSockets open_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<HealthProber> prober_;  // of the first worker's loop
  uint64_t turn_ = 0;                     // of the addresses that a health check's name has
};

}  // namespace

bool EdgeDns::takes(std::string_view kind) {
  return is_dns_kind(kind) || kind == kVpcDocumentKind || kind == kHealthCheckSnapshotKind;
}

Result<std::unique_ptr<EdgeDns>> EdgeDns::create(std::vector<EventLoop*> workers, EdgeDnsOptions options,
                                                 OpenVpcSockets open_sockets) {
  auto edge = std::make_unique<Edge>(std::move(options), std::move(open_sockets));
  LF_CHECK(edge->start(workers));
  return edge;
}

}  // namespace landfall::route53
