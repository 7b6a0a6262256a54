// The reconciler of certificates: sees that validation records are there, issues, renews, times out.
#include "services/acm/acm.h"

#include <filesystem>

#include "base/ascii.h"
#include "base/log.h"
#include "gateway/call.h"
#include "gateway/vault.h"
#include "reconcile/queue.h"
#include "services/acm/certificates.h"
#include "services/acm/issuer_thread.h"
#include "services/route53/route53.h"

namespace landfall::acm {
namespace {

constexpr char kReconciler[] = "acm.certificate";
constexpr int64_t kValidationHours = 72;  // AWS: then the request times out
constexpr int64_t kRenewBeforeDays = 60;  // AWS: renewal starts 60 days before the end
constexpr int64_t kDaySeconds = 86400;

std::string ca_folder(const ControlConfig& config) { return config.data_dir + "/ca"; }

Result<std::shared_ptr<const CertificateAuthority>> open_ca(ControlPlane& plane) {
  std::error_code code;
  std::filesystem::create_directories(ca_folder(plane.config), code);
  if (code) return fail("create " + ca_folder(plane.config) + ": " + code.message(), code.value());
  return CertificateAuthority::open(ca_folder(plane.config), plane.clock, plane.random);
}

// Midnight, as ACM's certificates begin.
Timestamp day_of(Timestamp time) { return {time.unix_ms - time.unix_ms % (kDaySeconds * 1000)}; }

class Acm final : public Service {
 public:
  explicit Acm(ControlPlane& plane) : plane_(plane) {
    auto ca = open_ca(plane);
    if (ca) {
      ca_ = *ca;
    } else {
      ca_problem_ = ca.error().message;
      log::error("the certificate authority: {}", ca_problem_);
    }
    plane.queue.add(kReconciler, [this](std::string_view id) { return step(id); });
    watch_ = plane.store.watch(kCertificates, [this](const store::Change& change) {
      if (change.document) plane_.queue.enqueue(kReconciler, change.id);
    });
    dns_ = route53::PublicDns::create(plane, [this] { enqueue_all(); });
  }

  ~Acm() override { plane_.store.unwatch(watch_); }

  void start() override { enqueue_all(); }

  std::vector<Problem> problems() const override {
    if (ca_problem_.empty()) return {};
    return {{"acm: certificate authority", ca_problem_}};
  }

 private:
  void enqueue_all() {
    store::Txn txn(plane_.store);
    txn.each<CertificateRecord>(kCertificates, "",
                                [this](std::string_view id, const CertificateRecord& record) {
                                  if (record.type == kAmazonIssued) plane_.queue.enqueue(kReconciler, id);
                                });
  }

  reconcile::Outcome step(std::string_view id) {
    store::Txn txn(plane_.store);
    const auto record = txn.get(kCertificates, id);
    if (!record || record->type != kAmazonIssued) return reconcile::Outcome::done();
    if (record->status == kPending) return pending(id, *record);
    if (record->status == kIssued) return issued(id, *record);
    return reconcile::Outcome::done();
  }

  reconcile::Outcome pending(std::string_view id, const CertificateRecord& record) {
    const int64_t left_ms =
        record.created.unix_ms + kValidationHours * 3'600'000 - plane_.clock.now().unix_ms;
    if (left_ms <= 0) {
      change(id, [](CertificateRecord& now) {
        now.status = kTimedOut;
        for (auto& validation : now.validations) {
          if (validation.status != kSuccess) validation.status = "FAILED";
        }
      });
      return reconcile::Outcome::done();
    }
    if (record.validation_method != "DNS")
      return reconcile::Outcome::after(left_ms);  // nobody reads the mail
    note_found(id, record);
    if (!all_found(record)) return reconcile::Outcome::after(left_ms);  // or when a zone changes
    return issue(id, record);
  }

  reconcile::Outcome issued(std::string_view id, const CertificateRecord& record) {
    const int64_t renew_at = record.not_after.unix_ms - kRenewBeforeDays * kDaySeconds * 1000;
    const int64_t left_ms = renew_at - plane_.clock.now().unix_ms;
    if (left_ms > 0 && !record.renew_now) return reconcile::Outcome::after(left_ms);
    // AWS: renewed as long as the validation records are there.
    if (record.validation_method == "DNS" && !all_found(record))
      return reconcile::Outcome::after(kDaySeconds * 1000);
    return issue(id, record);
  }

  bool found(const ValidationRecord& validation) const {
    for (const std::string& value : dns_->lookup(validation.record_name, "CNAME")) {
      if (ascii_lower(value) == validation.record_value) return true;
    }
    return false;
  }

  bool all_found(const CertificateRecord& record) const {
    for (const auto& validation : record.validations) {
      if (!found(validation)) return false;
    }
    return true;
  }

  // One domain's success is told though others are still missing.
  void note_found(std::string_view id, const CertificateRecord& record) {
    for (size_t i = 0; i < record.validations.size(); ++i) {
      if (record.validations[i].status == kSuccess || !found(record.validations[i])) continue;
      change(id, [i](CertificateRecord& now) { now.validations[i].status = kSuccess; });
    }
  }

  reconcile::Outcome issue(std::string_view id, const CertificateRecord& record) {
    if (!ca_) return reconcile::Outcome::failed("no certificate authority: " + ca_problem_);
    auto algorithm = key_algorithm_from(record.key_algorithm);
    if (!algorithm) return reconcile::Outcome::failed(algorithm.error().message);
    const IssueRequest request{record.names, *algorithm, day_of(plane_.clock.now())};
    thread_.issue(std::string(id), ca_, request,
                  [this, id = std::string(id)](Result<IssuedCertificate> result) {
                    if (!result) return log::error("certificate {}: {}", id, result.error().message);
                    accept(id, std::move(*result));
                  });
    return reconcile::Outcome::wait();
  }

  void accept(const std::string& id, IssuedCertificate issued) {
    auto facts = inspect_certificate(issued.certificate_pem);
    auto vault = Vault::open(plane_.config.data_dir + "/acm.key");
    if (!facts || !vault) {
      log::error("certificate {}: {}", id, (!facts ? facts.error() : vault.error()).message);
      plane_.queue.enqueue_after(kReconciler, id, kRetryMs);
      return;
    }
    change(id, [&](CertificateRecord& now) {
      if (now.status != kPending && now.status != kIssued) return;
      now.issued = plane_.clock.now();
      for (auto& validation : now.validations) validation.status = kSuccess;
      const std::string sealed = vault->seal(now.arn, issued.key_pem, plane_.random);
      install(now, *facts, issued.certificate_pem, issued.chain_pem, sealed);
    });
  }

  // Nothing, if it is gone.
  void change(std::string_view id, const std::function<void(CertificateRecord&)>& edit) {
    const ResourceKey key = parse_resource_key(id);
    plane_.transact("acm.amazonaws.com", key.account, key.region, [&](Call& call) {
      auto rows = call.rows(kCertificates);
      const auto now = rows.get(key.id);
      if (!now) return;
      CertificateRecord changed = *now;
      edit(changed);
      rows.put(key.id, std::move(changed));
    });
  }

  static constexpr int64_t kRetryMs = 10'000;

  ControlPlane& plane_;
  std::shared_ptr<const CertificateAuthority> ca_;
  std::string ca_problem_;
  std::unique_ptr<route53::PublicDns> dns_;
  store::WatchId watch_ = 0;
  IssuerThread thread_{plane_.loop};
};

}  // namespace

std::unique_ptr<Service> make_service(ControlPlane& plane) { return std::make_unique<Acm>(plane); }

Result<CertificateMaterial> issue_internal(ControlPlane& plane, const std::vector<std::string>& names) {
  LF_TRY(auto ca, open_ca(plane));
  LF_TRY(IssuedCertificate issued, ca->issue({.names = names,
                                              .key_algorithm = KeyAlgorithm::ec_prime256v1,
                                              .not_before = day_of(plane.clock.now())}));
  return CertificateMaterial{issued.certificate_pem + issued.chain_pem, std::move(issued.key_pem), names};
}

Result<std::string> ca_certificate_pem(ControlPlane& plane) {
  LF_TRY(auto ca, open_ca(plane));
  return ca->certificate_pem();
}

}  // namespace landfall::acm
