#include "services/route53/route53.h"

#include <arpa/inet.h>

#include "base/log.h"
#include "codec/dns_rdata.h"
#include "codec/fields.h"
#include "gateway/call.h"
#include "gateway/observations.h"
#include "reconcile/queue.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/route53/dataplane/answer.h"
#include "services/route53/dataplane/apply.h"
#include "services/route53/health_checks.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {
namespace {

constexpr char kReconciler[] = "route53.zone";
constexpr char kAlarmRows[] = "cloudwatch.alarm/";    // of the store: <account>/<region>/<name>
constexpr char kAlarmReconciler[] = "route53.alarm";  // key: the alarm's

// Operations publish what they change. At start everything is published once more: an upgrade may have
// changed what a snapshot says.
class Route53 final : public Service {
 public:
  explicit Route53(ControlPlane& plane) : plane_(plane) {
    plane.queue.add(kReconciler, [this](std::string_view id) { return step(id); });
    plane.queue.add(kAlarmReconciler, [this](std::string_view id) { return tell_checks(id); });
    plane.store.watch(kAlarmRows, [this](const store::Change& change) {
      plane_.queue.enqueue(kAlarmReconciler, change.id);
    });
    plane.observations.watch(kHealthCheckStatusKind, [this](std::string_view id, std::string_view document) {
      if (!document.empty()) record_health(std::string(id), document);
    });
  }

  // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
  void record_health(const std::string& id, std::string_view document) {
    const auto status = from_json<HealthCheckStatus>(document);
    if (!status) return;
    // Not in the observation's callback: it may come in the middle of anything that reads the store.
    plane_.loop.post([this, id, status = *status] {
      const std::string account = account_of_check(id);
      if (account.empty()) return;  // it is gone
      plane_.transact("route53.amazonaws.com", account, plane_.config.region, [&](Call& call) {
        cloudwatch::record(
            call, {cloudwatch::single("AWS/Route53", "HealthCheckStatus", {{"HealthCheckId", id}},
                                      status.healthy ? 1 : 0, Timestamp{status.checked_ms}, "None")});
      });
    });
  }

  void start() override {
    store::Txn txn(plane_.store);
    txn.each<HostedZoneRecord>(kZones, "", [this](std::string_view id, const HostedZoneRecord&) {
      plane_.queue.enqueue(kReconciler, id);
    });
  }

 private:
  std::string account_of_check(const std::string& check_id) const {
    std::string account;
    store::Txn txn(plane_.store);
    txn.each<HealthCheckRecord>(kHealthChecks, "", [&](std::string_view id, const HealthCheckRecord&) {
      if (ResourceKey key = parse_resource_key(id); key.id == check_id) account = std::move(key.account);
    });
    return account;
  }

  reconcile::Outcome step(std::string_view id) {
    const ResourceKey key = parse_resource_key(id);
    plane_.transact("route53.amazonaws.com", key.account, plane_.config.region, [&](Call& call) {
      if (auto zone = call.global_rows(kZones).get(key.id)) publish_zone(call, *zone);
    });
    return reconcile::Outcome::done();
  }

  // The health checks of an alarm that has changed.
  reconcile::Outcome tell_checks(std::string_view alarm) {
    const ResourceKey key = parse_resource_key(alarm);
    plane_.transact("route53.amazonaws.com", key.account, plane_.config.region, [&](Call& call) {
      for (const auto& [id, check] : call.global_rows(kHealthChecks).all()) {
        const auto& identifier = check->shown.HealthCheckConfig->AlarmIdentifier;
        if (identifier && identifier->Region == key.region && identifier->Name == key.id)
          put_health_check(call, *check);
      }
    });
    return reconcile::Outcome::done();
  }

  ControlPlane& plane_;
};

class Watched final : public PublicDns {
 public:
  Watched(ControlPlane& plane, std::function<void()> changed)
      : store_(plane.store), changed_(std::move(changed)) {
    for (std::string_view kind : {kZoneSnapshotKind, kNameSnapshotKind}) {
      const std::string prefix = std::string(kEdgePrefix) + std::string(kind) + "/";
      store_.each(prefix, [&](std::string_view key, const store::Document& document) {
        apply(kind, key.substr(prefix.size()), &document.text);
      });
      watches_.push_back(store_.watch(prefix, [this, kind](const store::Change& change) {
        apply(kind, change.id, change.document ? &change.document->text : nullptr);
        if (changed_) changed_();
      }));
    }
  }
  ~Watched() override {
    for (auto watch : watches_) store_.unwatch(watch);
  }

  std::vector<std::string> lookup(std::string_view name, std::string_view type) const override {
    auto parsed = dns::Name::from_text(name);
    const auto wanted = dns::type_from_name(type);
    if (!parsed || !wanted) return {};
    dns::Query query{.has_question = true, .name = *parsed, .lower_name = parsed->lower(), .type = *wanted};
    Answer out;
    answer(query, tables_, {}, out);
    std::vector<std::string> values;
    for (const AnswerRecord& record : out.records) {
      if (record.section == dns::Section::answer && record.type == *wanted) {
        values.push_back(dns::rdata_to_text(record.type, record.rdata));
      }
    }
    return values;
  }

 private:
  void apply(std::string_view kind, std::string_view id, const std::string* document) {
    auto change = compile_change(kind, id, document);
    if (!change) return log::error("{} {}: {}", kind, id, change.error().message);
    (*change)(tables_);
  }

  store::Store& store_;
  std::function<void()> changed_;
  std::vector<store::WatchId> watches_;
  Tables tables_;
};

}  // namespace

std::unique_ptr<Service> make_service(ControlPlane& plane) { return std::make_unique<Route53>(plane); }

std::unique_ptr<PublicDns> PublicDns::create(ControlPlane& plane, std::function<void()> changed) {
  return std::make_unique<Watched>(plane, std::move(changed));
}

std::string public_address(const ControlPlane& plane, uint32_t offset) {
  const std::string network = plane.config.public_cidr.substr(0, plane.config.public_cidr.find('/'));
  in_addr address{};
  LF_INVARIANT(inet_pton(AF_INET, network.c_str(), &address) == 1, "the public range is IPv4");
  address.s_addr = htonl(ntohl(address.s_addr) + offset);
  char text[INET_ADDRSTRLEN];
  return inet_ntop(AF_INET, &address, text, sizeof text);
}

}  // namespace landfall::route53
