#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/ascii.h"
#include "base/log.h"
#include "base/text_writer.h"
#include "proxy/transaction.h"
#include "services/elbv2/dataplane/access_log.h"
#include "services/elbv2/dataplane/answers.h"
#include "services/elbv2/dataplane/balancer.h"
#include "services/elbv2/dataplane/connection_log.h"
#include "services/elbv2/dataplane/route.h"

namespace landfall::elbv2::dataplane {
namespace {

constexpr int64_t kRefusedTellNs = 60'000'000'000;  // between lines in the log
constexpr int kForwardedForLimit = 30;              // addresses in X-Forwarded-For; more is answered 463
constexpr size_t kTraceIdBytes = 40;                // of our own
constexpr std::string_view kTargetCookie = "AWSALB";
constexpr std::string_view kCorsCookie = "AWSALBCORS";
constexpr std::string_view kAppCookie = "AWSALBAPP-0";
constexpr std::string_view kGroupCookie = "AWSALBTG";

// The value of the request's cookie of that name (RFC 6265 section 4.2.1).
std::string_view cookie(const http1::RequestHead& head, std::string_view name) {
  for (const http1::Field& field : head) {
    if (field.id != http1::FieldId::cookie) continue;
    std::string_view rest = head.value(field);
    while (!rest.empty()) {
      const size_t end = rest.find(';');
      const std::string_view pair = http1::trim_ows(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
        return pair.substr(name.size() + 1);
    }
  }
  return {};
}

int forwarded_addresses(const http1::RequestHead& head) {
  int count = 0;
  for (const http1::Field& field : head) {
    if (field.id != http1::FieldId::x_forwarded_for) continue;
    std::string_view list = head.value(field);
    while (!http1::next_list_element(list).empty()) ++count;
  }
  return count;
}

// "Root=1-5759e988-bd862e3fe1be46a994272793"; a Root that came is kept, with our own as Self.
void append_trace_id(std::string& out, const http1::RequestHead& head, Balancer& balancer) {
  const std::string_view given = head.get(http1::FieldId::x_amzn_trace_id);
  const bool first = given.find("Root=") == std::string_view::npos;
  TextWriter text(out, kTraceIdBytes);
  text.put(std::string_view(first ? "Root=1-" : "Self=1-"));
  text.put_hex(static_cast<uint64_t>(balancer.worker().loop().clock().now().unix_seconds()), 8).put('-');
  text.put_hex(balancer.random(), 16).put_hex(balancer.random(), 8);
  if (!first) text.put(';', given);
}

bool is_plain_name(std::string_view name) {
  return std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) || c == '-'; });
}

std::string http_date_in(const Clock& clock, int64_t seconds) {
  return format_http_date(clock.now().plus_seconds(seconds));
}

const TargetGroup* group_of(const proxy::Decision& decision) {
  return static_cast<const TargetGroup*>(decision.group);
}
const Rule* rule_of(const proxy::Decision& decision) { return static_cast<const Rule*>(decision.rule); }
const Target* target_of(const proxy::Decision& decision) {
  return static_cast<const Target*>(decision.target);
}

// What the listener does to the fields of this answer; null: nothing, or its configuration is not known.
const HeaderChanges* changes_of(const proxy::Decision& decision, uint16_t port) {
  const auto* config = static_cast<const LoadBalancerConfig*>(decision.keep_alive.get());
  const ListenerConfig* listener = config == nullptr ? nullptr : config->listener(port);
  return listener == nullptr ? nullptr : &listener->headers;
}

Metric elb_class(int status) {
  return status >= 500 ? Metric::elb_5xx : status >= 400 ? Metric::elb_4xx : Metric::elb_3xx;
}

Metric target_class(int status) {
  switch (status / 100) {
    case 3:
      return Metric::target_3xx;
    case 4:
      return Metric::target_4xx;
    case 5:
      return Metric::target_5xx;
    default:
      return Metric::target_2xx;
  }
}

}  // namespace

AlbSite::AlbSite(Balancer& balancer, std::string zone, uint16_t port, bool https)
    : balancer_(&balancer), zone_(std::move(zone)), port_(port), https_(https) {
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html: request
  // line 16 K, single header 16 K, all together 64 K.
  limits_ = {.target_bytes = 16 * 1024, .head_bytes = 64 * 1024, .field_count = http1::kMaximumFields};
}

void AlbSite::refresh() {
  if (balancer_ == nullptr || !balancer_->config()) return;
  const LoadBalancerConfig& config = *balancer_->config();
  timeouts_.idle_ms = config.idle_timeout_ms;
  timeouts_.head_ms = config.idle_timeout_ms;
  timeouts_.keep_alive_ms = std::min(config.keep_alive_ms, std::max<int64_t>(config.idle_timeout_ms, 1000));
}

bool AlbSite::admits(const proxy::ClientInfo& client) {
  const BalancerNode* node = balancer_ == nullptr ? nullptr : balancer_->node(zone_);
  if (node == nullptr) return false;
  if (!node->admission || node->admission->admits(client.address, client.port, port_)) return true;
  ++refused_;
  const int64_t now = balancer_->worker().now_ns();
  if (refused_told_ns_ == 0 || now - refused_told_ns_ > kRefusedTellNs) {
    log::info("{} {}:{}: its security groups or network ACL do not admit {} ({} connections refused)",
              balancer_->config()->snapshot.name, node->snapshot.public_address, port_, client.address,
              refused_);
    refused_told_ns_ = now;
  }
  return false;
}

net::TlsContext AlbSite::choose_tls(std::string_view server_name) {
  const ListenerConfig* listener = balancer_ == nullptr ? nullptr : balancer_->config()->listener(port_);
  const Certificate* certificate = listener == nullptr ? nullptr : listener->choose(server_name);
  return certificate == nullptr ? nullptr : certificate->context;
}

void AlbSite::respond(proxy::Transaction& transaction, int status) {
  proxy::Decision& decision = transaction.decision();
  decision.kind = proxy::DecisionKind::respond;
  decision.status = status;
  decision.content_type = "text/html";
  decision.body = alb_page(status);
}

void AlbSite::decide(proxy::Transaction& transaction) {
  proxy::Decision& decision = transaction.decision();
  if (balancer_ == nullptr) return respond(transaction, 503);
  const auto& config = balancer_->config();
  const ListenerConfig* listener = config->listener(port_);
  if (listener == nullptr) return respond(transaction, 503);
  decision.keep_alive = config;
  decision.response_fields = listener->headers.lines;
  const http1::RequestHead& head = transaction.head();
  append_trace_id(decision.trace_id, head, *balancer_);
  if (head.method() == "TRACE" || head.method() == "CONNECT") return respond(transaction, 405);
  if (forwarded_addresses(head) > kForwardedForLimit) return respond(transaction, 463);

  int evaluated = 0;
  const Rule& rule = route({head, transaction.client().address}, *listener, evaluated);
  decision.rule = &rule;
  if (evaluated > 0) balancer_->counters().add(Metric::rule_evaluations, evaluated);
  switch (rule.action.kind) {
    case Action::Kind::forward:
      return forward(transaction, rule);
    case Action::Kind::redirect: {
      const std::string_view target = head.origin_form();
      const size_t mark = target.find('?');
      respond(transaction, rule.action.status);
      decision.location = redirect_location(
          rule.action.snapshot,
          {.protocol = https_ ? "https" : "http",
           .host = host_without_port(head.authority()),
           .port = port_,
           .path = target.substr(0, mark),
           .query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1)});
      return;
    }
    case Action::Kind::fixed_response:
      decision.kind = proxy::DecisionKind::respond;
      decision.status = rule.action.status;
      decision.content_type =
          rule.action.snapshot.content_type.empty() ? "text/plain" : rule.action.snapshot.content_type;
      if (rule.action.snapshot.type.empty()) return respond(transaction, 503);  // a listener without actions
      decision.body = rule.action.snapshot.message_body;
      if (decision.body.empty()) decision.content_type.clear();
      return;
  }
}

const TargetGroup* AlbSite::pick_group(const proxy::Transaction& transaction, const Action& action) const {
  if (action.groups.size() == 1) return action.groups.front().group;
  if (action.snapshot.group_stickiness_seconds > 0)
    if (const std::string_view wanted = cookie(transaction.head(), kGroupCookie); !wanted.empty())
      for (const Forward& forward : action.groups)
        if (forward.weight > 0 && forward.group->cookie == wanted) return forward.group;
  if (action.total_weight <= 0) return nullptr;
  auto at = static_cast<int64_t>(balancer_->random() % static_cast<uint64_t>(action.total_weight));
  for (const Forward& forward : action.groups)
    if ((at -= forward.weight) < 0) return forward.group;
  return nullptr;
}

void AlbSite::forward(proxy::Transaction& transaction, const Rule& rule) {
  proxy::Decision& decision = transaction.decision();
  BalancerNode* node = balancer_->node(zone_);
  const TargetGroup* group = pick_group(transaction, rule.action);
  if (node == nullptr || group == nullptr) return respond(transaction, 503);
  decision.group = group;
  const Target* target = nullptr;
  if (group->stickiness != Stickiness::off) {
    const std::string_view name = group->stickiness == Stickiness::lb_cookie ? kTargetCookie : kAppCookie;
    std::string_view wanted = cookie(transaction.head(), name);
    if (wanted.empty() && group->stickiness == Stickiness::lb_cookie)
      wanted = cookie(transaction.head(), kCorsCookie);
    if (!wanted.empty())
      for (const Target& candidate : group->targets)
        if (candidate.cookie == wanted && !candidate.draining() &&
            candidate.health->state.load(std::memory_order_relaxed) == HealthState::healthy)
          target = &candidate;
  }
  if (target == nullptr) target = balancer_->pick(*group, *node, nullptr);
  if (target == nullptr) return respond(transaction, 503);  // no registered target
  decision.upstream = balancer_->upstream(*node, *target);
  if (!decision.upstream) return respond(transaction, 503);
  decision.kind = proxy::DecisionKind::forward;
  decision.target = target;
  if (rule.action.snapshot.group_stickiness_seconds > 0)
    fmt::format_to(
        std::back_inserter(decision.response_fields), "Set-Cookie: {}={}; Expires={}; Path=/\r\n",
        kGroupCookie, group->cookie,
        http_date_in(balancer_->worker().loop().clock(), rule.action.snapshot.group_stickiness_seconds));
  if (group->stickiness == Stickiness::lb_cookie) set_sticky(decision, *group, *target);
}

void AlbSite::set_sticky(proxy::Decision& decision, const TargetGroup& group, const Target& target) const {
  const std::string expires = http_date_in(balancer_->worker().loop().clock(), group.stickiness_seconds);
  auto out = std::back_inserter(decision.response_fields);
  fmt::format_to(out, "Set-Cookie: {}={}; Expires={}; Path=/\r\n", kTargetCookie, target.cookie, expires);
  fmt::format_to(out, "Set-Cookie: {}={}; Expires={}; Path=/; SameSite=None\r\n", kCorsCookie, target.cookie,
                 expires);
}

std::shared_ptr<proxy::Upstream> AlbSite::another_upstream(proxy::Transaction& transaction) {
  proxy::Decision& decision = transaction.decision();
  if (balancer_ == nullptr || decision.group == nullptr) return nullptr;
  balancer_->counters().add(Metric::target_connection_error_count);
  balancer_->group_state(*group_of(decision)).counters.add(Metric::target_connection_error_count);
  // Targets are found by place in the configuration of the moment: after a change of it, no second try.
  if (decision.keep_alive != balancer_->config()) return nullptr;
  BalancerNode* node = balancer_->node(zone_);
  const Target* other =
      node == nullptr ? nullptr : balancer_->pick(*group_of(decision), *node, target_of(decision));
  if (other == nullptr) return nullptr;
  decision.target = other;
  return balancer_->upstream(*node, *other);
}

bool AlbSite::forwards_field(const proxy::Transaction& transaction, const http1::Field& field) const {
  switch (field.id) {
    case http1::FieldId::x_forwarded_proto:
    case http1::FieldId::x_forwarded_port:
    case http1::FieldId::x_amzn_trace_id:
      return false;
    case http1::FieldId::x_forwarded_for:
      return balancer_ != nullptr && balancer_->config()->xff_mode == XffMode::preserve;
    case http1::FieldId::other: {
      if (balancer_ == nullptr) return true;
      const std::string_view name = transaction.head().name(field);
      const LoadBalancerConfig& config = *balancer_->config();
      // What we tell the target of TLS is ours to say, not the client's.
      if (const HeaderChanges* changes =
              config.tls_fields ? changes_of(transaction.decision(), port_) : nullptr;
          changes != nullptr && (equals_ignoring_case(name, changes->tls_version_name) ||
                                 equals_ignoring_case(name, changes->tls_cipher_name)))
        return false;
      return !config.drop_invalid_fields || is_plain_name(name);
    }
    default:
      return true;
  }
}

void AlbSite::add_request_fields(const proxy::Transaction& transaction, std::string& out) const {
  if (balancer_ == nullptr) return;
  const LoadBalancerConfig& config = *balancer_->config();
  const proxy::ClientInfo& client = transaction.client();
  const http1::RequestHead& head = transaction.head();
  TextWriter text(out);
  if (config.xff_mode == XffMode::append) {
    text.put("X-Forwarded-For: ");
    for (const http1::Field& field : head)
      if (field.id == http1::FieldId::x_forwarded_for && field.value_length > 0)
        text.put(head.value(field), ", ");
    text.put(client.address);
    if (config.xff_client_port) text.put(':', client.port);
    text.put("\r\n");
  }
  text.put("X-Forwarded-Proto: ", std::string_view(https_ ? "https" : "http"),
           "\r\nX-Forwarded-Port: ", port_, "\r\nX-Amzn-Trace-Id: ", transaction.decision().trace_id, "\r\n");
  const HeaderChanges* changes =
      config.tls_fields && client.tls ? changes_of(transaction.decision(), port_) : nullptr;
  if (changes != nullptr)
    text.put(changes->tls_version_name, ": ", client.tls_version, "\r\n", changes->tls_cipher_name, ": ",
             client.tls_cipher, "\r\n");
}

void AlbSite::add_response_fields(const proxy::Transaction& transaction, std::string& out) const {
  const proxy::Decision& decision = transaction.decision();
  const TargetGroup* group = group_of(decision);
  if (group == nullptr || group->stickiness != Stickiness::app_cookie || balancer_ == nullptr) return;
  // The application starts a session by setting its cookie; ours then says which target holds it.
  if (!transaction.answer_sets_cookie(group->app_cookie_name)) return;
  fmt::format_to(std::back_inserter(out), "Set-Cookie: {}={}; Expires={}; Path=/\r\n", kAppCookie,
                 target_of(decision)->cookie,
                 http_date_in(balancer_->worker().loop().clock(), group->stickiness_seconds));
}

bool AlbSite::filters_answers(const proxy::Transaction& transaction) const {
  const HeaderChanges* changes = changes_of(transaction.decision(), port_);
  return changes != nullptr && changes->filters();
}

bool AlbSite::passes_answer_field(const proxy::Transaction& transaction, std::string_view name) const {
  const HeaderChanges* changes = changes_of(transaction.decision(), port_);
  return changes == nullptr || changes->passes(name);
}

std::string_view AlbSite::server_field() const {
  const ListenerConfig* listener =
      balancer_ == nullptr || !balancer_->config() ? nullptr : balancer_->config()->listener(port_);
  return listener == nullptr || listener->headers.server ? kServerField : std::string_view();
}
std::string AlbSite::error_body(int status) const { return alb_page(status); }
std::string_view AlbSite::reason_of(int status) const { return alb_reason(status); }

// ALB has no 431: a head beyond its limits is a 400.
int AlbSite::status_for(http1::HeadError error) const {
  const int status = http1::status_of(error);
  return status == 431 ? 400 : status;
}

void AlbSite::connection_opened() {
  ++open_;
  if (balancer_ != nullptr) balancer_->counters().add(Metric::new_connection_count);
}

void AlbSite::connection_ready(proxy::ClientInfo& client, int64_t handshake_ns) {
  if (balancer_ == nullptr) return;
  name_connection(client);
  write_connection_log(client, handshake_ns);
}

void AlbSite::tls_failed(proxy::ClientInfo& client) {
  if (balancer_ == nullptr) return;
  balancer_->counters().add(Metric::client_tls_negotiation_error_count);
  name_connection(client);
  write_connection_log(client, std::nullopt);
}

// By which the entries of both logs are brought together.
void AlbSite::name_connection(proxy::ClientInfo& client) const {
  const LoadBalancerConfig& config = *balancer_->config();
  if (config.access_logs || config.connection_logs)
    client.trace_id = fmt::format("TID_{:016x}{:016x}", balancer_->random(), balancer_->random());
}

void AlbSite::write_connection_log(const proxy::ClientInfo& client, std::optional<int64_t> handshake_ns) {
  const BalancerNode* node = balancer_->node(zone_);
  if (node == nullptr || !node->connection_log) return;
  append_connection_log(node->connection_log->line(), client,
                        {.listener_port = port_,
                         .https = https_,
                         .now = balancer_->worker().loop().clock().now(),
                         .handshake_ns = handshake_ns});
  node->connection_log->end_line();
}

void AlbSite::finished(const proxy::Transaction& transaction) {
  if (balancer_ == nullptr) return;
  count(transaction);
  write_log(transaction);
}

void AlbSite::count(const proxy::Transaction& t) {
  Counters& all = balancer_->counters();
  all.add(Metric::processed_bytes, static_cast<double>(t.bytes_received() + t.bytes_sent()));
  const proxy::Decision& decision = t.decision();
  const int elb_status = t.outcome() == proxy::Outcome::client_gone ? 460 : t.status();
  if (t.upstream_status() == 0 && elb_status >= 300) {
    all.add(elb_class(elb_status));
    if (elb_status == 500) all.add(Metric::elb_500);
    if (elb_status == 502) all.add(Metric::elb_502);
    if (elb_status == 503) all.add(Metric::elb_503);
    if (elb_status == 504) all.add(Metric::elb_504);
  }
  if (t.outcome() == proxy::Outcome::answered_by_site && decision.rule != nullptr) {
    const Action::Kind kind = rule_of(decision)->action.kind;
    if (kind == Action::Kind::redirect) all.add(Metric::http_redirect_count);
    if (kind == Action::Kind::fixed_response) all.add(Metric::http_fixed_response_count);
  }
  // "Requests for which the load balancer was able to choose a target."
  if (decision.target == nullptr || !t.has_head()) return;
  Counters& group = balancer_->group_state(*group_of(decision)).counters;
  all.add(Metric::request_count);
  group.add(Metric::request_count);
  group.add(Metric::request_count_per_target,
            1.0 / static_cast<double>(std::max<size_t>(group_of(decision)->targets.size(), 1)));
  if (t.upstream_status() == 0) return;
  all.add(target_class(t.upstream_status()));
  group.add(target_class(t.upstream_status()));
  const double seconds = static_cast<double>(t.answered_ns() - t.forwarded_ns()) / 1e9;
  all.add(Metric::target_response_time, seconds);
  group.add(Metric::target_response_time, seconds);
}

void AlbSite::write_log(const proxy::Transaction& t) {
  if (!balancer_->config()->access_logs) return;
  const BalancerNode* node = balancer_->node(zone_);
  if (node == nullptr || !node->log) return;
  delivery::LineBuffer& log = *node->log;
  const proxy::Decision& decision = t.decision();
  const ListenerConfig* listener = balancer_->config()->listener(port_);
  const Certificate* certificate =
      https_ && listener != nullptr ? listener->choose(t.client().server_name) : nullptr;
  const Rule* rule = rule_of(decision);
  append_access_log(
      log.line(), t,
      {.balancer = balancer_->config()->dimension,
       .target_group_arn = decision.group == nullptr ? std::string_view() : group_of(decision)->snapshot.arn,
       .certificate_arn = certificate == nullptr ? std::string_view() : certificate->snapshot.arn,
       .actions = rule == nullptr ? std::string_view() : rule->action.snapshot.type,
       .priority = rule == nullptr ? -1 : rule->snapshot.priority,
       .listener_port = port_,
       .https = https_,
       .now = balancer_->worker().loop().clock().now(),
       .redirect_url = decision.location});
  log.end_line();
}

}  // namespace landfall::elbv2::dataplane
