// For tests of the engine: a site that forwards everything, upstream stubs in threads.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/message.h"
#include "http/testing.h"
#include "proxy/site.h"
#include "proxy/transaction.h"
#include "proxy/worker.h"

namespace landfall::proxy::testing {

struct Finished {
  Outcome outcome;
  int status = 0, upstream_status = 0;
  uint64_t bytes_received = 0, bytes_sent = 0;
};

class TestSite final : public Site {
 public:
  std::function<void(Transaction&)> on_decide;
  std::function<std::shared_ptr<Upstream>(Transaction&)> on_another = [](Transaction&) { return nullptr; };
  SiteTimeouts times;
  http1::HeadLimits limits;
  std::vector<Finished> log;
  int open = 0, tls_failures = 0;

  const SiteTimeouts& timeouts() const override { return times; }
  const http1::HeadLimits& head_limits() const override { return limits; }
  void decide(Transaction& transaction) override { on_decide(transaction); }
  std::shared_ptr<Upstream> another_upstream(Transaction& transaction) override {
    return on_another(transaction);
  }
  bool forwards_field(const Transaction&, const http1::Field&) const override { return true; }
  void add_request_fields(const Transaction& t, std::string& out) const override {
    out += "X-Test-Client: " + t.client().address + "\r\n";
  }
  void add_response_fields(const Transaction&, std::string& out) const override {
    out += "X-Test-Answer: yes\r\n";
  }
  std::string_view server_field() const override { return "test"; }
  std::string error_body(int status) const override { return "error " + std::to_string(status) + "\n"; }
  std::string_view reason_of(int status) const override { return http::reason_phrase(status); }
  void connection_opened() override { ++open; }
  void connection_closed() override { --open; }
  void tls_failed(ClientInfo&) override { ++tls_failures; }
  void finished(const Transaction& t) override {
    log.push_back({t.outcome(), t.status(), t.upstream_status(), t.bytes_received(), t.bytes_sent()});
  }
};

}  // namespace landfall::proxy::testing
