// The load balancer as clients, targets and control see it, on loopback addresses of its own.
#include "services/elbv2/dataplane/edge_elb.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>

#include "base/unique_fd.h"
#include "codec/fields.h"
#include "delivery/spool.h"
#include "http/server.h"
#include "http/testing.h"
#include "net/vpc_sockets.h"
#include "services/elbv2/snapshot.h"

namespace landfall::elbv2::dataplane {
namespace {

// Of what is in the spool, bound for `bucket`. Waits for it, some seconds at most; empty if it did not come.
std::string first_line_in(const std::string& folder, const std::string& bucket = "logs") {
  constexpr int kPatienceMs = 5'000;
  const UniqueFd changes(inotify_init1(IN_CLOEXEC));
  EXPECT_GE(inotify_add_watch(changes.get(), folder.c_str(), IN_CREATE | IN_MODIFY | IN_MOVED_TO), 0);
  for (;;) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      std::ifstream file(entry.path());
      std::string line;  // first its destination
      if (std::getline(file, line) && line.find("\"bucket\":\"" + bucket + "\"") != line.npos &&
          std::getline(file, line))
        return line;
    }
    pollfd waited{.fd = changes.get(), .events = POLLIN, .revents = 0};
    char events[4096];
    if (poll(&waited, 1, kPatienceMs) != 1 || read(changes.get(), events, sizeof events) <= 0) return "";
  }
}

using http::testing::RawClient;
using http::testing::run_command;

constexpr char kArn[] =
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188";
constexpr char kGroupArn[] =
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067";

// A target: answers with its name and what it was sent; its health can be changed.
class StubTarget {
 public:
  explicit StubTarget(std::string name) : name_(std::move(name)) {
    auto socket = http::testing::listen_anywhere();
    port = socket.port;
    thread_.run([&] {
      server_ = http::HttpServer::create(thread_.loop());
      EXPECT_TRUE(server_->serve(std::move(socket.fd), {}, [this](std::shared_ptr<http::Exchange> exchange) {
        const auto& request = exchange->request();
        if (request.path() == "/health") return exchange->respond({.status = health}, "");
        http::Response head;
        head.headers.add("X-Target", name_);
        if (request.path() == "/framed") {
          head.headers.add("x-frame-options", "SAMEORIGIN");
          head.headers.add("Server", "stub");
        }
        if (request.path() == "/login") head.headers.add("Set-Cookie", "SESSION=1; Path=/");
        std::string body;
        for (const auto& header : request.headers)
          body.append(header.name).append(": ").append(header.value).append("\n");
        exchange->respond(head, body);
      }));
    });
  }
  ~StubTarget() {
    thread_.run([this] { server_.reset(); });
  }
  uint16_t port = 0;
  std::atomic<int> health = 200;

 private:
  std::string name_;
  http::testing::LoopThread thread_;
  std::unique_ptr<http::HttpServer> server_;
};

class EdgeElbTest : public ::testing::Test {
 protected:
  EdgeElbTest() {
    // An address of its own in the loopback range, by the process id, so that tests side by side do not meet.
    const int pid = getpid();
    address_ = "127." + std::to_string(100 + pid % 100) + "." + std::to_string(pid / 100 % 250) + ".7";
    log_directory_ = std::filesystem::temp_directory_path() / ("landfall-elb-test-" + std::to_string(pid));
    elb_ = EdgeElb::create(
        {{&first_.loop(), &sockets_}, {&second_.loop(), &other_sockets_}},
        {.log_spool = delivery::Spool::open({.directory = log_directory_}).value(),
         .report = [this](std::string kind, std::string, std::string document) { reported(kind, document); },
         .metrics_period_ms = 200});
    first_.start();
    second_.start();
    snapshot_ = {.arn = kArn, .name = "web", .dns_name = "web.elb", .vpc_id = "vpc-1"};
    snapshot_.nodes = {
        {.availability_zone = "us-east-1a", .public_address = address_, .private_address = "127.0.0.1"}};
    snapshot_.attributes = {{"access_logs.s3.enabled", "true"}, {"access_logs.s3.bucket", "logs"}};
    snapshot_.target_groups = {
        {.arn = kGroupArn,
         .name = "web",
         .health_check = {
             .path = "/health", .interval_seconds = 1, .timeout_seconds = 1, .healthy_threshold = 2}}};
    snapshot_.listeners = {
        {.arn = "listener", .port = 8080, .protocol = "HTTP", .default_actions = {forward_action()}}};
  }

  ~EdgeElbTest() override {
    first_.loop().stop();
    second_.loop().stop();
    first_.join();
    second_.join();
    elb_.reset();
    std::filesystem::remove_all(log_directory_);
  }

  static ActionSnapshot forward_action() { return {.type = "forward", .target_groups = {{kGroupArn, 1}}}; }

  void add_target(const StubTarget& target, std::string state = "registered") {
    snapshot_.target_groups[0].targets.push_back({.id = "127.0.0.1",
                                                  .address = "127.0.0.1",
                                                  .port = target.port,
                                                  .availability_zone = "us-east-1a",
                                                  .state = std::move(state)});
  }

  void apply() {
    const std::string document = to_json(snapshot_);
    const auto applied = elb_->apply(kLoadBalancerSnapshotKind, kArn, &document);
    ASSERT_TRUE(applied) << applied.error().message;
    // Both workers have taken it, so both listen.
    first_.run([] {});
    second_.run([] {});
  }

  // Waits until the group's targets, in order, have these states.
  void await_states(const std::vector<std::string>& states) {
    std::unique_lock lock(mutex_);
    const bool came = changed_.wait_for(lock, std::chrono::seconds(10), [&] {
      std::vector<std::string> now;
      for (const auto& target : health_.targets) now.push_back(target.state);
      return now == states;
    });
    EXPECT_TRUE(came) << to_json(health_);
  }

  std::string ask(std::string_view bytes, uint16_t port = 8080) {
    RawClient client(address_, port);
    client.send(bytes);
    return client.read_all();
  }
  std::string get(const std::string& path, const std::string& fields = "") {
    return ask("GET " + path + " HTTP/1.1\r\nHost: web.example\r\nConnection: close\r\n" + fields + "\r\n");
  }

  void reported(const std::string& kind, const std::string& document) {
    std::lock_guard lock(mutex_);
    if (kind == kTargetGroupHealthKind && document.empty())
      health_ = {};
    else if (kind == kTargetGroupHealthKind)
      health_ = from_json<TargetGroupHealth>(document).value();
    else
      metrics_.push_back(from_json<LoadBalancerMetrics>(document).value());
    changed_.notify_all();
  }

  http::testing::LoopThread first_{http::testing::LoopThread::Start::later},
      second_{http::testing::LoopThread::Start::later};
  net::PlainSockets sockets_, other_sockets_;
  std::string address_, log_directory_;
  std::unique_ptr<EdgeElb> elb_;
  LoadBalancerSnapshot snapshot_;
  std::mutex mutex_;
  std::condition_variable changed_;
  TargetGroupHealth health_;
  std::vector<LoadBalancerMetrics> metrics_;
};

TEST_F(EdgeElbTest, SpreadsRequestsOverHealthyTargetsAndTellsThemWhoAsked) {
  StubTarget a("a"), b("b");
  add_target(a);
  add_target(b);
  apply();
  await_states({"healthy", "healthy"});
  std::set<std::string> seen;
  for (int i = 0; i < 12; ++i) {
    const std::string answer =
        get("/", "X-Forwarded-For: 203.0.113.7\r\nX-Amzn-Trace-Id: Root=1-abc\r\nX-Forwarded-Port: 1\r\n");
    seen.insert(answer.find("X-Target: a\r\n") != std::string::npos ? "a" : "b");
    EXPECT_NE(answer.find("X-Forwarded-For: 203.0.113.7, 127.0.0.1\n"), std::string::npos) << answer;
    EXPECT_NE(answer.find("X-Forwarded-Proto: http\nX-Forwarded-Port: 8080\n"), std::string::npos);
    EXPECT_NE(answer.find(";Root=1-abc\n"), std::string::npos);
  }
  EXPECT_EQ(seen.size(), 2u);
}

TEST_F(EdgeElbTest, LeavesUnhealthyTargetsAloneUntilTheyRecoverAndFailsOpenWhenAllAre) {
  StubTarget a("a"), b("b");
  b.health = 500;
  add_target(a);
  add_target(b);
  apply();
  await_states({"healthy", "unhealthy"});
  EXPECT_EQ(health_.targets[1].reason, "Target.ResponseCodeMismatch");
  EXPECT_EQ(health_.targets[1].description, "Health checks failed with these codes: [500]");
  for (int i = 0; i < 6; ++i) EXPECT_NE(get("/").find("X-Target: a\r\n"), std::string::npos);
  a.health = 503;
  await_states({"unhealthy", "unhealthy"});
  EXPECT_TRUE(get("/").starts_with("HTTP/1.1 200"));
  b.health = 200;
  await_states({"unhealthy", "healthy"});
  for (int i = 0; i < 4; ++i) EXPECT_NE(get("/").find("X-Target: b\r\n"), std::string::npos);
}

TEST_F(EdgeElbTest, AnswersForItselfAsAlbDoes) {
  apply();
  const std::string none = get("/");
  EXPECT_TRUE(none.starts_with("HTTP/1.1 503 Service Temporarily Unavailable\r\nServer: awselb/2.0\r\n"))
      << none;
  EXPECT_NE(none.find("<center><h1>503 Service Temporarily Unavailable</h1></center>"), std::string::npos);
  EXPECT_TRUE(ask("TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                  .starts_with("HTTP/1.1 405 Not Allowed"));
  EXPECT_TRUE(ask("GARBAGE\r\n\r\n").starts_with("HTTP/1.1 400 Bad Request"));
  EXPECT_TRUE(ask("GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 414"));
  EXPECT_TRUE(ask("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n")
                  .starts_with("HTTP/1.1 400"));
  std::string many = "X-Forwarded-For: 1.1.1.1";
  for (int i = 0; i < 31; ++i) many += ", 1.1.1.1";
  EXPECT_TRUE(get("/", many + "\r\n").starts_with("HTTP/1.1 463"));
  // A target that refuses connections.
  auto gone = http::testing::listen_anywhere();
  gone.fd.reset();
  snapshot_.target_groups[0].targets = {{.id = "127.0.0.1", .address = "127.0.0.1", .port = gone.port}};
  apply();
  EXPECT_TRUE(get("/").starts_with("HTTP/1.1 502 Bad Gateway"));
}

TEST_F(EdgeElbTest, RedirectsAndGivesFixedResponsesByRule) {
  snapshot_.listeners[0].rules = {
      {.arn = "r1",
       .priority = 1,
       .conditions = {{.field = "path-pattern", .values = {"/old/*"}}},
       .actions = {{.type = "redirect", .status_code = "HTTP_301", .protocol = "HTTPS", .port = "443"}}},
      {.arn = "r2",
       .priority = 2,
       .conditions = {{.field = "path-pattern", .values = {"/fixed"}}},
       .actions = {{.type = "fixed-response",
                    .status_code = "418",
                    .content_type = "application/json",
                    .message_body = "{\"a\":1}"}}}};
  apply();
  const std::string redirect = get("/old/x?y=z");
  EXPECT_TRUE(redirect.starts_with("HTTP/1.1 301 Moved Permanently")) << redirect;
  EXPECT_NE(redirect.find("Location: https://web.example:443/old/x?y=z\r\n"), std::string::npos) << redirect;
  const std::string fixed = get("/fixed");
  EXPECT_TRUE(fixed.starts_with("HTTP/1.1 418"));
  EXPECT_NE(fixed.find("Content-Type: application/json\r\n"), std::string::npos);
  EXPECT_TRUE(fixed.ends_with("{\"a\":1}"));
}

// The value of each field of that name in an answer.
std::vector<std::string> values_of(const std::string& answer, const std::string& name) {
  std::vector<std::string> out;
  const std::string head = answer.substr(0, answer.find("\r\n\r\n"));
  for (size_t at = head.find("\r\n" + name + ": "); at != std::string::npos;
       at = head.find("\r\n" + name + ": ", at + 1)) {
    const size_t from = at + name.size() + 4;
    out.push_back(head.substr(from, head.find("\r\n", from) - from));
  }
  return out;
}

TEST_F(EdgeElbTest, ChangesTheFieldsOfAnswersAsTheListenerSays) {
  using Texts = std::vector<std::string>;
  StubTarget a("a");
  add_target(a);
  ListenerSnapshot changed = snapshot_.listeners[0];
  changed.arn = "changed";
  changed.port = 8081;
  changed.attributes = {{"routing.http.response.x_frame_options.header_value", "DENY"},
                        {"routing.http.response.strict_transport_security.header_value", "max-age=60"},
                        {"routing.http.response.content_security_policy.header_value", ""},
                        {"routing.http.response.server.enabled", "false"}};
  changed.rules = {{.arn = "r",
                    .priority = 1,
                    .conditions = {{.field = "path-pattern", .values = {"/fixed"}}},
                    .actions = {{.type = "fixed-response", .status_code = "200", .message_body = "x"}}}};
  snapshot_.listeners.push_back(changed);
  apply();
  await_states({"healthy"});
  const std::string ask_for = " HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n";
  // The target's own field gives way; what no attribute names stays.
  const std::string answer = ask("GET /framed" + ask_for, 8081);
  EXPECT_EQ(values_of(answer, "X-Frame-Options"), Texts{"DENY"}) << answer;
  EXPECT_EQ(values_of(answer, "x-frame-options"), Texts{}) << answer;
  EXPECT_EQ(values_of(answer, "Strict-Transport-Security"), Texts{"max-age=60"});
  EXPECT_EQ(values_of(answer, "Content-Security-Policy"), Texts{});
  EXPECT_EQ(values_of(answer, "Server"), Texts{});
  EXPECT_EQ(values_of(answer, "X-Target"), Texts{"a"});
  // Also of what the load balancer answers itself.
  const std::string own = ask("GET /fixed" + ask_for, 8081);
  EXPECT_EQ(values_of(own, "X-Frame-Options"), Texts{"DENY"}) << own;
  EXPECT_EQ(values_of(own, "Server"), Texts{});
  // The other listener changes nothing.
  const std::string plain = get("/framed");
  EXPECT_EQ(values_of(plain, "x-frame-options"), Texts{"SAMEORIGIN"}) << plain;
  EXPECT_EQ(values_of(plain, "Server"), Texts{"stub"});
  EXPECT_EQ(values_of(plain, "Strict-Transport-Security"), Texts{});
}

TEST_F(EdgeElbTest, TriesUnhealthyTargetsTooWhenFewerAreHealthyThanTheGroupWants) {
  StubTarget a("a"), b("b");
  b.health = 500;
  add_target(a);
  add_target(b);
  snapshot_.target_groups[0].attributes = {
      {"target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "2"}};
  apply();
  await_states({"healthy", "unhealthy"});
  const auto seen = [&] {
    std::set<std::string> names;
    for (int i = 0; i < 12; ++i)
      for (const std::string& name : values_of(get("/"), "X-Target")) names.insert(name);
    return names;
  };
  EXPECT_EQ(seen(), (std::set<std::string>{"a", "b"}));
  // Half of them are healthy: as many as it wants.
  snapshot_.target_groups[0].attributes = {
      {"target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "50"}};
  apply();
  EXPECT_EQ(seen(), (std::set<std::string>{"a"}));
}

TEST_F(EdgeElbTest, ChoosesHealthyTargetsAtRandomWhereTheGroupSaysSo) {
  StubTarget a("a"), b("b"), c("c");
  c.health = 500;
  for (const auto* target : {&a, &b, &c}) add_target(*target);
  snapshot_.target_groups[0].attributes = {{"load_balancing.algorithm.type", "weighted_random"}};
  apply();
  await_states({"healthy", "healthy", "unhealthy"});
  std::set<std::string> seen;
  for (int i = 0; i < 40; ++i)  // the chance that all fall on one of two is 2^-39
    for (const std::string& name : values_of(get("/"), "X-Target")) seen.insert(name);
  EXPECT_EQ(seen, (std::set<std::string>{"a", "b"}));
}

TEST_F(EdgeElbTest, KeepsAClientOnItsTargetByCookie) {
  StubTarget a("a"), b("b");
  add_target(a);
  add_target(b);
  snapshot_.target_groups[0].attributes = {{"stickiness.enabled", "true"}, {"stickiness.type", "lb_cookie"}};
  apply();
  await_states({"healthy", "healthy"});
  const std::string first = get("/");
  const size_t at = first.find("Set-Cookie: AWSALB=") + 12;
  const std::string cookie = first.substr(at, first.find(';', at) - at);
  const std::string target = first.substr(first.find("X-Target"), 11);
  for (int i = 0; i < 6; ++i)
    EXPECT_NE(get("/", "Cookie: x=y; " + cookie + "\r\n").find(target), std::string::npos);
}

TEST_F(EdgeElbTest, TerminatesTlsWithHttp2AndRedirectsNothingElse) {
  StubTarget a("a");
  add_target(a);
  const auto certificate = http::testing::self_signed("web.example");
  snapshot_.attributes["routing.http.x_amzn_tls_version_and_cipher_suite.enabled"] = "true";
  snapshot_.listeners = {{.arn = "tls",
                          .port = 8443,
                          .protocol = "HTTPS",
                          .ssl_policy = "ELBSecurityPolicy-TLS13-1-3-2021-06",
                          .certificates = {{.arn = "c",
                                            .chain_pem = certificate.chain_pem,
                                            .key_pem = certificate.key_pem,
                                            .is_default = true}},
                          .default_actions = {forward_action()},
                          .attributes = {{"routing.http.request.x_amzn_tls_version.header_name", "X-Tls"}}}};
  apply();
  await_states({"healthy"});
  const std::string curl = "curl -sSk --resolve web.example:8443:" + address_ + " https://web.example:8443/ ";
  const auto answer = run_command(curl + "-w '%{http_version}'");
  EXPECT_NE(answer.output.find("X-Forwarded-Proto: https\nX-Forwarded-Port: 8443\n"), std::string::npos)
      << answer.output;
  EXPECT_TRUE(answer.output.ends_with("\n2")) << answer.output;
  // Under the name that the listener gives, and never what the client says of it.
  const auto told = run_command(curl + "-H 'X-Tls: none' -H 'X-Amzn-Tls-Cipher-Suite: none'");
  EXPECT_EQ(told.output.find("none"), std::string::npos) << told.output;
  EXPECT_NE(told.output.find("X-Tls: TLSv1.3\n"), std::string::npos) << told.output;
  EXPECT_NE(told.output.find("X-Amzn-Tls-Cipher-Suite: "), std::string::npos) << told.output;
  EXPECT_NE(run_command(curl + "--tls-max 1.2").status, 0);
}

TEST_F(EdgeElbTest, AListenerTurnsToHttpsAndServesTheCertificateOfTheMoment) {
  const auto with = [&](const std::string& name) {
    const auto made = http::testing::self_signed(name);
    snapshot_.listeners[0].protocol = "HTTPS";
    snapshot_.listeners[0].ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
    snapshot_.listeners[0].certificates = {
        {.arn = name, .chain_pem = made.chain_pem, .key_pem = made.key_pem, .is_default = true}};
    apply();
    return run_command("curl -skv https://" + address_ + ":8080/").output;
  };
  snapshot_.listeners[0].default_actions = {
      {.type = "fixed-response", .status_code = "418", .content_type = "text/plain", .message_body = "tea"}};
  apply();
  EXPECT_TRUE(get("/").starts_with("HTTP/1.1 418 "));
  const std::string first = with("first.example"), second = with("second.example");
  EXPECT_NE(first.find("first.example"), std::string::npos) << first;
  EXPECT_NE(second.find("second.example"), std::string::npos) << second;
  EXPECT_EQ(second.find("first.example"), std::string::npos) << second;
  EXPECT_NE(second.find("tea"), std::string::npos) << second;
  EXPECT_FALSE(get("/").starts_with("HTTP/1.1 418 "));  // nothing in the clear any more
}

TEST_F(EdgeElbTest, ANewTargetBeginsSlowlyWhereTheGroupSaysSo) {
  StubTarget a("a"), b("b");
  add_target(a);
  snapshot_.target_groups[0].attributes["slow_start.duration_seconds"] = "900";
  apply();
  await_states({"healthy"});
  const auto count_of_b = [&] {
    int count = 0;
    for (int i = 0; i < 20; ++i) count += get("/").find("X-Target: b\r\n") != std::string::npos ? 1 : 0;
    return count;
  };
  EXPECT_NE(get("/").find("X-Target: a\r\n"), std::string::npos);  // the first has nobody to wait for
  add_target(b);
  apply();
  await_states({"healthy", "healthy"});
  EXPECT_LT(count_of_b(), 5);
  snapshot_.target_groups[0].attributes["slow_start.duration_seconds"] = "0";
  apply();
  EXPECT_GE(count_of_b(), 5);
}

TEST_F(EdgeElbTest, DrainsATargetAndForgetsTheLoadBalancer) {
  StubTarget a("a"), b("b");
  add_target(a);
  add_target(b);
  apply();
  await_states({"healthy", "healthy"});
  snapshot_.target_groups[0].targets[0].state = "draining";
  apply();
  await_states({"draining", "healthy"});
  EXPECT_EQ(health_.targets[0].reason, "Target.DeregistrationInProgress");
  for (int i = 0; i < 4; ++i) EXPECT_NE(get("/").find("X-Target: b\r\n"), std::string::npos);
  ASSERT_TRUE(elb_->apply(kLoadBalancerSnapshotKind, kArn, nullptr));
  first_.run([] {});
  second_.run([] {});
  EXPECT_NE(run_command("curl -sS http://" + address_ + ":8080/").status, 0);
}

TEST_F(EdgeElbTest, CountsAndLogsWhatItDid) {
  StubTarget a("a");
  add_target(a);
  apply();
  await_states({"healthy"});
  get("/path?q=1", "User-Agent: \"agent\"\r\n");
  const auto sum = [this](const std::string& name) {
    double total = 0;
    for (const auto& minute : metrics_)
      for (const auto& datum : minute.data)
        if (datum.name == name && datum.target_group.empty()) total += datum.sum;
    return total;
  };
  {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(5), [&] { return sum("RequestCount") == 1; }));
    EXPECT_EQ(sum("HTTPCode_Target_2XX_Count"), 1);
    EXPECT_GT(sum("TargetResponseTime"), 0);
    EXPECT_EQ(metrics_.back().load_balancer, "app/web/50dc6c495c0c9188");
  }
  const std::string line = first_line_in(log_directory_);
  EXPECT_TRUE(line.starts_with("http 20")) << line;
  EXPECT_NE(line.find(" app/web/50dc6c495c0c9188 127.0.0.1:"), std::string::npos) << line;
  EXPECT_NE(line.find(" 200 200 "), std::string::npos) << line;
  EXPECT_NE(line.find("\"GET http://web.example:8080/path?q=1 HTTP/1.1\" \"\\\"agent\\\"\" - - " +
                      std::string(kGroupArn)),
            std::string::npos)
      << line;
}

TEST_F(EdgeElbTest, LogsConnectionsUnderTheNameThatTheirRequestsBear) {
  StubTarget a("a");
  add_target(a);
  snapshot_.attributes["connection_logs.s3.enabled"] = "true";
  snapshot_.attributes["connection_logs.s3.bucket"] = "connections";
  apply();
  await_states({"healthy"});
  get("/path");
  const std::string connection = first_line_in(log_directory_, "connections"),
                    request = first_line_in(log_directory_);
  EXPECT_NE(connection.find("Z 127.0.0.1 "), std::string::npos) << connection;
  EXPECT_NE(connection.find(" 8080 - - - \"-\" - - - TID_"), std::string::npos) << connection;
  const size_t name = connection.rfind("TID_");
  ASSERT_NE(name, std::string::npos);
  EXPECT_EQ(connection.size() - name, 36u) << connection;
  EXPECT_TRUE(request.ends_with(" " + connection.substr(name))) << request;
}

TEST_F(EdgeElbTest, LogsAHandshakeThatFailed) {
  const auto certificate = http::testing::self_signed("web.example");
  snapshot_.attributes = {{"connection_logs.s3.enabled", "true"},
                          {"connection_logs.s3.bucket", "connections"}};
  snapshot_.listeners = {{.arn = "tls",
                          .port = 8443,
                          .protocol = "HTTPS",
                          .ssl_policy = "ELBSecurityPolicy-TLS13-1-3-2021-06",
                          .certificates = {{.arn = "c",
                                            .chain_pem = certificate.chain_pem,
                                            .key_pem = certificate.key_pem,
                                            .is_default = true}},
                          .default_actions = {forward_action()}}};
  apply();
  EXPECT_NE(run_command("curl -sSk --tls-max 1.2 https://" + address_ + ":8443/").status, 0);
  const std::string failed = first_line_in(log_directory_, "connections");
  EXPECT_NE(failed.find(" 8443 - - - \"-\" - - Failed:UnmappedConnectionError TID_"), std::string::npos)
      << failed;
}

TEST_F(EdgeElbTest, RefusesABrokenDocumentAndServesTheLastGoodOne) {
  StubTarget a("a");
  add_target(a);
  apply();
  await_states({"healthy"});
  auto broken = snapshot_;
  broken.listeners[0].protocol = "HTTPS";
  broken.listeners[0].certificates = {{.arn = "c", .chain_pem = "nonsense"}};
  const std::string document = to_json(broken);
  EXPECT_FALSE(elb_->apply(kLoadBalancerSnapshotKind, kArn, &document));
  EXPECT_TRUE(get("/").starts_with("HTTP/1.1 200"));
}

}  // namespace
}  // namespace landfall::elbv2::dataplane
