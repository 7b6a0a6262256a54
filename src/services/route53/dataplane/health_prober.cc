#include "services/route53/dataplane/health_prober.h"

#include <sys/epoll.h>

#include <algorithm>

#include "base/log.h"
#include "net/socket.h"

namespace landfall::route53 {
namespace {

constexpr size_t kBodyBytes = 256 * 1024;  // a longer answer is no health page

// Waits until a connecting socket is connected, or is not.
class TcpProbe final : public IoHandler {
 public:
  TcpProbe(EventLoop& loop, UniqueFd socket, std::function<void(Result<>)> done)
      : loop_(loop), socket_(std::move(socket)), done_(std::move(done)) {
    if (Result<> added = loop_.add(socket_.get(), EPOLLOUT, this); !added) {
      added_ = false;
      log::error("health check: {}", added.error().message);
    }
  }
  ~TcpProbe() {
    if (added_) loop_.remove(socket_.get());
  }
  void on_io(uint32_t) override {
    loop_.remove(socket_.get());
    added_ = false;
    auto done = std::move(done_);
    done(net::connect_result(socket_.get()));  // may destroy this
  }

 private:
  EventLoop& loop_;
  UniqueFd socket_;
  std::function<void(Result<>)> done_;
  bool added_ = true;
};

}  // namespace

bool is_success(const HealthCheckSnapshot& check, int status, std::string_view body) {
  if (status < 200 || status > 399) return false;
  if (!check.type.ends_with("_STR_MATCH")) return true;
  return body.substr(0, kSearchedBytes).find(check.search_string) != std::string_view::npos;
}

bool is_calculated_healthy(const HealthCheckSnapshot& check,
                           const std::function<bool(const std::string&)>& child) {
  const auto count = std::ranges::count_if(check.children, child);
  return (count >= check.health_threshold) != check.inverted;
}

class HealthProber::Check {
 public:
  Check(HealthProber& owner, const HealthCheckSnapshot& settings) : owner_(owner), settings_(settings) {
    begin();
  }
  ~Check() { stop(); }

  void update(const HealthCheckSnapshot& settings) {
    stop();
    settings_ = settings;
    begin();
  }
  bool healthy() const { return status_.healthy; }
  // Of CALCULATED: what its children say now.
  void recalculate() {
    if (settings_.type != "CALCULATED" || settings_.disabled) return;
    const bool before = status_.healthy;
    status_.healthy =
        is_calculated_healthy(settings_, [this](const std::string& id) { return owner_.healthy(id); });
    if (before != status_.healthy) report(status_.healthy ? "Success" : "Failure: too few healthy children");
  }

 private:
  void begin() {
    up_ = true;
    run_ = 0;
    status_.healthy = !settings_.inverted;
    if (settings_.disabled) return report("Success: the health check is disabled");
    if (settings_.type == "CALCULATED") {
      status_.healthy =
          is_calculated_healthy(settings_, [this](const std::string& id) { return owner_.healthy(id); });
      return report(status_.healthy ? "Success" : "Failure: too few healthy children");
    }
    schedule(0);
  }
  void stop() {
    owner_.loop_.cancel(next_);
    next_ = 0;
    end_probe();
  }
  void end_probe() {
    owner_.loop_.cancel(limit_);
    limit_ = 0;
    if (call_) call_->cancel();
    call_.reset();
    tcp_.reset();
  }
  void schedule(int64_t delay_ms) {
    next_ = owner_.loop_.after_ms(delay_ms, [this] {
      next_ = 0;
      probe();
    });
  }

  void probe() {
    const std::string ip =
        settings_.ip_address.empty() ? owner_.resolve_(settings_.host) : settings_.ip_address;
    if (ip.empty()) return finish(false, "Failure: DNS resolution failed: no address of " + settings_.host);
    const int64_t limit = kProbeTimeoutMs + (settings_.type == "TCP" ? 0 : kResponseTimeoutMs);
    limit_ = owner_.loop_.after_ms(limit, [this] {
      limit_ = 0;
      finish(false, "Failure: The connection timed out or the endpoint did not answer in time");
    });
    if (settings_.type == "TCP") return probe_tcp(ip);
    probe_http(ip);
  }

  void probe_tcp(const std::string& ip) {
    const auto address = net::SocketAddress::inet(ip, static_cast<uint16_t>(settings_.port));
    if (!address) return finish(false, "Failure: " + address.error().message);
    auto socket = net::start_connect(*address);
    if (!socket) return finish(false, "Failure: " + socket.error().message);
    tcp_ = std::make_unique<TcpProbe>(owner_.loop_, std::move(*socket), [this](Result<> connected) {
      if (!connected) return finish(false, "Failure: " + connected.error().message);
      finish(true, "Success: TCP connect succeeded");
    });
  }

  void probe_http(const std::string& ip) {
    const std::string host = settings_.host.empty() ? ip : settings_.host;
    const bool tls = settings_.type.starts_with("HTTPS");
    http::Endpoint endpoint = http::Endpoint::tcp(ip, static_cast<uint16_t>(settings_.port));
    if (tls) endpoint = http::Endpoint::tls_over(std::move(endpoint), owner_.tls_, settings_.sni ? host : "");
    http::ClientRequest request;
    request.head.method = "GET";
    request.head.target = settings_.path.starts_with('/') ? settings_.path : "/" + settings_.path;
    request.head.authority =
        settings_.port == (tls ? 443 : 80) ? host : host + ":" + std::to_string(settings_.port);
    request.head.headers.add("User-Agent", "Amazon-Route53-Health-Check-Service (ref " + settings_.id +
                                               "; report http://amzn.to/1vsZADi)");
    request.timeouts = {.connect_ms = kProbeTimeoutMs,
                        .response_head_ms = kResponseTimeoutMs,
                        .body_idle_ms = kResponseTimeoutMs};
    call_ = owner_.client_->fetch(endpoint, std::move(request), kBodyBytes,
                                  [this](std::expected<http::Fetched, http::ClientError> answer) {
                                    call_.reset();  // it is over: nothing to cancel
                                    if (!answer) return finish(false, "Failure: " + answer.error().message);
                                    const int code = answer->head.status;
                                    const bool success = is_success(settings_, code, answer->body);
                                    finish(success,
                                           std::string(success ? "Success" : "Failure") +
                                               ": HTTP Status Code " + std::to_string(code) +
                                               (success || code > 399 ? "" : ", the text was not found"));
                                  });
  }

  void finish(bool success, std::string status) {
    end_probe();
    status_.answered = success;
    run_ = success == up_ ? 0 : run_ + 1;
    if (run_ >= settings_.failure_threshold) {
      up_ = success;
      run_ = 0;
    }
    const bool before = status_.healthy;
    status_.healthy = up_ != settings_.inverted;
    report(std::move(status));
    schedule(settings_.interval_seconds * 1000);
    if (before != status_.healthy) owner_.recalculate();
  }

  void report(std::string status) {
    status_.status = std::move(status);
    status_.checked_ms = owner_.loop_.clock().now().unix_ms;
    if (status_.status.starts_with("Failure")) {
      status_.last_failure = status_.status;
      status_.failed_ms = status_.checked_ms;
    }
    owner_.report_(settings_.id, status_);
  }

  HealthProber& owner_;
  HealthCheckSnapshot settings_;
  HealthCheckStatus status_;
  bool up_ = true;   // before inversion
  int64_t run_ = 0;  // probes in a row that said the contrary
  std::shared_ptr<http::ClientCall> call_;
  std::unique_ptr<TcpProbe> tcp_;
  TimerId next_ = 0, limit_ = 0;
};

HealthProber::HealthProber(EventLoop& loop, Resolve resolve, Report report)
    : loop_(loop),
      resolve_(std::move(resolve)),
      report_(std::move(report)),
      client_(http::Client::create(loop, {.idle_per_endpoint = 0})) {
  // Route 53 does not verify certificates: "HTTPS health checks don't validate SSL/TLS certificates".
  if (auto tls = net::make_client_tls({.verify = net::VerifyPeer::no})) tls_ = std::move(*tls);
}

HealthProber::~HealthProber() { checks_.clear(); }

void HealthProber::set(const HealthCheckSnapshot& check) {
  auto& entry = checks_[check.id];
  if (entry) {
    entry->update(check);
  } else {
    entry = std::make_unique<Check>(*this, check);
  }
  recalculate();
}

void HealthProber::remove(const std::string& id) {
  checks_.erase(id);
  recalculate();
}

bool HealthProber::healthy(const std::string& id) const {
  const auto it = checks_.find(id);
  return it == checks_.end() || it->second == nullptr || it->second->healthy();
}

// Of calculated ones that others are calculated of too: until nothing changes.
void HealthProber::recalculate() {
  for (size_t round = 0; round < checks_.size(); ++round) {
    bool changed = false;
    for (auto& [id, check] : checks_) {
      if (!check) continue;
      const bool before = check->healthy();
      check->recalculate();
      changed = changed || before != check->healthy();
    }
    if (!changed) return;
  }
}

}  // namespace landfall::route53
