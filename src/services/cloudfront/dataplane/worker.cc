// From a request to an answer: which distribution and behaviour, a hit at once, or an ask.
#include "services/cloudfront/dataplane/worker.h"

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "http/message.h"
#include "services/cloudfront/dataplane/fill.h"
#include "services/cloudfront/dataplane/response_policy.h"
#include "services/cloudfront/dataplane/signed_content.h"

namespace landfall::cloudfront {
namespace {

constexpr size_t kMaxRequestBody = 64 * 1024 * 1024;  // bytes of a viewer's body; AWS takes 20 GB

// What the engine asks of the CDN; one for each listener.
class CdnSite final : public proxy::Site {
 public:
  explicit CdnSite(CdnWorker& worker) : worker_(worker) {}
  const proxy::SiteTimeouts& timeouts() const override { return timeouts_; }
  const http1::HeadLimits& head_limits() const override { return limits_; }
  void decide(proxy::Transaction& transaction) override { worker_.decide(transaction); }
  std::shared_ptr<proxy::Upstream> another_upstream(proxy::Transaction&) override { return nullptr; }
  bool forwards_field(const proxy::Transaction&, const http1::Field&) const override { return true; }
  void add_request_fields(const proxy::Transaction&, std::string&) const override {}
  void add_response_fields(const proxy::Transaction&, std::string&) const override {}
  std::string_view server_field() const override { return "CloudFront"; }
  std::string error_body(int status) const override {
    return error_page(
        status, "Bad request. We can't connect to the server for this app or website at this time.", "");
  }
  std::string_view reason_of(int status) const override { return http::reason_phrase(status); }
  void connection_opened() override {}
  void connection_closed() override {}
  void tls_failed(proxy::ClientInfo&) override {}
  void finished(const proxy::Transaction& transaction) override { worker_.finished(transaction); }

 private:
  CdnWorker& worker_;
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
  const proxy::SiteTimeouts timeouts_{.idle_ms = 30'000, .keep_alive_ms = 75'000, .head_ms = 15'000};
  const http1::HeadLimits limits_{
      .target_bytes = 8 * 1024, .head_bytes = 32 * 1024, .field_count = http1::kMaximumFields};
};

bool is_condition(const http1::RequestHead& head, const http1::Field& field) {
  if (field.id == http1::FieldId::range) return true;
  const std::string_view name = head.name(field);
  return name.size() > 5 && (name[0] | 0x20) == 'i' && (name[1] | 0x20) == 'f' && name[2] == '-';
}

bool is_conditional(const http1::RequestHead& head) {
  return std::ranges::any_of(head, [&](const http1::Field& field) { return is_condition(head, field); });
}

// Shared with the object: nothing is copied.
proxy::Content content_of(const ObjectPtr& object, const Answer& place) {
  if (!object->file)
    return proxy::Content::of(std::string_view(object->body).substr(place.offset, place.length));
  return {.file = std::shared_ptr<const UniqueFd>(object->file, &object->file->fd),
          .offset = object->file->offset + place.offset,
          .length = place.length};
}

http::Request viewer_of(const proxy::Transaction& transaction) {
  const http1::RequestHead& head = transaction.head();
  const proxy::ClientInfo& client = transaction.client();
  http::Request viewer{.method = std::string(head.method()),
                       .target = std::string(head.origin_form()),
                       .authority = std::string(head.authority()),
                       .version = client.http2                                   ? http::Version::http_2
                                  : head.version == http1::HttpVersion::http_1_0 ? http::Version::http_1_0
                                                                                 : http::Version::http_1_1};
  for (const http1::Field& field : head)
    if (!head.is_connection_field(field))
      viewer.headers.add(std::string(head.name(field)), std::string(head.value(field)));
  viewer.peer = {.address = client.address,
                 .port = client.port,
                 .local_address = client.local_address,
                 .local_port = client.local_port,
                 .tls = client.tls,
                 .server_name = client.server_name};
  return viewer;
}

}  // namespace

CdnWorker::CdnWorker(EventLoop& loop, CdnShared& shared, OriginClient::Options origins)
    : loop_(loop),
      shared_(shared),
      sites_(shared.sites),
      tls_sites_(shared.sites),
      origins_(std::move(origins)),
      engine_(loop),
      function_logs_(loop, shared.report) {}

CdnWorker::~CdnWorker() { loop_.cancel(flush_); }

Result<> CdnWorker::serve(UniqueFd listener, Scheme scheme) {
  proxy::ListenerOptions options{.site = std::make_shared<CdnSite>(*this)};
  if (scheme == Scheme::https) options.tls = [this](std::string_view name) { return tls_for(name); };
  LF_TRY(auto listening, engine_.listen(std::move(listener), std::move(options)));
  listeners_.push_back(std::move(listening));
  return {};
}

const SitePtr& CdnWorker::site_of(const proxy::Transaction& transaction) {
  const auto& sites = sites_.get();
  const std::string_view authority = transaction.head().authority();
  if (found_in_ != sites || found_authority_ != authority) {
    if (found_in_ != sites) found_server_name_.clear();
    found_in_ = sites;
    found_authority_ = authority;
    site_found_ = sites->find(host_name(authority));
  }
  return site_found_;
}

// A connection made for one distribution's name must not carry requests for another's (RFC 9110
// section 15.5.20).
bool CdnWorker::is_misdirected(const proxy::Transaction& transaction) {
  const proxy::ClientInfo& client = transaction.client();
  if (!client.tls || client.server_name.empty()) return false;
  if (found_server_name_ != client.server_name) {
    found_server_name_ = client.server_name;
    site_of_server_name_ = found_in_->find(client.server_name);
  }
  return site_of_server_name_ != site_found_;
}

void CdnWorker::decide(proxy::Transaction& transaction) {
  const SitePtr& site = site_of(transaction);
  if (!site || !site->snapshot.enabled)
    return refuse(
        transaction, 403,
        "The Amazon CloudFront distribution is not configured for this host name, or it is disabled.");
  transaction.decision().trace_id = site->snapshot.id;  // for finished()
  if (is_misdirected(transaction))
    return refuse(transaction, 421,
                  "The distribution does not match the certificate for which the HTTPS connection was "
                  "established with.");
  const std::string_view target = transaction.head().origin_form();
  if (!target.starts_with('/')) return refuse(transaction, 400, "Bad request.");
  path_ = target.substr(0, target.find('?'));
  if (path_ == "/") path_ += site->snapshot.default_root_object;
  route(transaction, behavior_of(*site));
}

const BehaviorSnapshot& CdnWorker::behavior_of(const Site& site) const {
  const BehaviorSnapshot& as_it_came = site.behavior_for(path_);
  if (is_normalized(path_)) return as_it_came;
  const BehaviorSnapshot& behavior = site.behavior_for(normalized_path(path_));
  // Whom one of the two readings asks for a signature must have it: which of them the origin has is not
  // known.
  return as_it_came.restricted && !behavior.restricted ? as_it_came : behavior;
}

void CdnWorker::finished(const proxy::Transaction& transaction) {
  const std::string& distribution = transaction.decision().trace_id;
  if (distribution.empty()) return;  // nobody's
  write_log(transaction, distribution);
  if (transaction.status() == 0) return;  // the viewer went before it was answered
  ViewerCounts& counts = counts_[distribution];
  ++counts.requests;
  counts.bytes_downloaded += static_cast<int64_t>(transaction.bytes_sent());
  counts.bytes_uploaded += static_cast<int64_t>(transaction.bytes_received());
  if (transaction.status() >= 500)
    ++counts.errors_5xx;
  else if (transaction.status() >= 400)
    ++counts.errors_4xx;
}

void CdnWorker::route(proxy::Transaction& transaction, const BehaviorSnapshot& behavior) {
  const bool tls = transaction.client().tls;
  if (!tls && behavior.viewer_protocol_policy == "redirect-to-https") return redirect_to_https(transaction);
  if (!tls && behavior.viewer_protocol_policy == "https-only")
    return refuse(transaction, 403, "Bad request. HTTPS is required.");
  const http1::RequestHead& head = transaction.head();
  if (behavior.restricted && !is_admitted(transaction, behavior)) return;
  if (std::ranges::find(behavior.allowed_methods, head.method()) == behavior.allowed_methods.end())
    return refuse(transaction, 403,
                  "This distribution is not configured to allow the HTTP request method that was used for "
                  "this request. The distribution supports only cachable requests.");
  if (!behavior.request_function.empty()) return ask_for(transaction, behavior);  // the key follows
  const std::string_view target = head.origin_form();
  const size_t mark = target.find('?');
  make_cache_key(key_, site_found_->snapshot.id, behavior,
                 {.method = head.method(),
                  .authority = head.authority(),
                  .path = path_,
                  .query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1),
                  .fields = head});
  if (!serve_hit(transaction, behavior)) ask_for(transaction, behavior);
}

// Otherwise answers.
bool CdnWorker::is_admitted(proxy::Transaction& transaction, const BehaviorSnapshot& behavior) {
  const http1::RequestHead& head = transaction.head();
  const std::string_view target = head.origin_form();
  const size_t mark = target.find('?');
  const std::string host = host_name(head.authority());
  const Admission verdict =
      admission({.tls = transaction.client().tls,
                 .host = host,
                 .path = target.substr(0, mark),
                 .query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1),
                 .fields = head,
                 .address = transaction.client().address},
                behavior, site_found_->signer_keys, loop_.clock().now());
  if (verdict == Admission::admitted) return true;
  refuse(transaction, 403, "");
  transaction.decision().content_type = "text/xml";
  transaction.decision().body = admission_error(verdict);
  return false;
}

// The way of almost all requests: a fresh object in memory, asked for as a whole. No allocation that is not
// kept.
bool CdnWorker::serve_hit(proxy::Transaction& transaction, const BehaviorSnapshot& behavior) {
  const http1::RequestHead& head = transaction.head();
  if (!is_cached_method(head.method(), behavior) || !behavior.answers_as_cached() || is_conditional(head))
    return false;
  ObjectPtr object = shared_.cache.find(key_.text);
  const Timestamp now = loop_.clock().now();
  if (!object || !object->is_fresh(now) || object->is_error || object->lines.empty()) return false;
  proxy::Decision& decision = transaction.decision();
  decision.kind = proxy::DecisionKind::serve;
  decision.status = object->head.status;
  decision.head_lines = object->lines;
  decision.content = content_of(object, {.length = object->body_bytes()});
  char age[24];
  std::string& own = decision.response_fields;
  own.append("Age: ").append(age, std::to_chars(age, age + sizeof age, object->age(now)).ptr).append("\r\n");
  own.append(site_found_->hit_lines);
  ids_.append(own);
  own.append("\r\n");
  decision.keep_alive = std::move(object);
  return true;
}

std::shared_ptr<Ask> CdnWorker::ask_of(const proxy::Transaction& transaction,
                                       const BehaviorSnapshot& behavior) {
  auto ask = std::make_shared<Ask>();
  ask->site = site_found_;
  ask->behavior = &behavior;
  ask->path = path_;
  ask->viewer = viewer_of(transaction);
  ask->request_id = ids_.next();
  ask->asked_ns = loop_.clock().monotonic_ns();
  return ask;
}

void set_path(Ask& ask) {
  ask.path = ask.viewer.path();
  if (ask.path == "/") ask.path += ask.site->snapshot.default_root_object;
}

void CdnWorker::ask_for(proxy::Transaction& transaction, const BehaviorSnapshot& behavior) {
  transaction.decision().kind = proxy::DecisionKind::later;
  const auto ask = ask_of(transaction, behavior);
  ask->key = key_;
  auto go_on = [this, later = transaction.later()](const std::shared_ptr<Ask>& ask) {
    if (ask->behavior->request_function.empty()) return obtain_and_respond(later, ask);
    ask_function(later, ask);
  };
  if (ask->viewer.method == "GET" || ask->viewer.method == "HEAD") return go_on(ask);
  transaction.collect_body(kMaxRequestBody, [this, ask, later = transaction.later(),
                                             go_on = std::move(go_on)](Result<std::string> body) {
    const bool crowded = body ? !ask->body_share.grow(body->size()) : body.error().error_number == ENOMEM;
    if (crowded || !body) {
      refuse(*later->transaction(), crowded ? 503 : 413,
             crowded ? "Too many long requests are on their way." : "The request's body is too large.");
      return later->decided();
    }
    ask->body = std::move(*body);
    go_on(ask);
  });
}

void CdnWorker::obtain_and_respond(const LaterPtr& later, AskPtr ask) {
  obtain(ask, [this, later, ask](Obtained obtained) { respond(later, ask, std::move(obtained)); });
}

std::string CdnWorker::own_lines(std::string_view result, std::string_view domain,
                                 std::string_view request_id) {
  std::string lines;
  http::append_field(lines, "X-Cache", result);
  lines.append("Via: 1.1 ").append(domain).append(" (CloudFront)\r\nX-Amz-Cf-Pop: ").append(kPop);
  return lines.append("\r\nX-Amz-Cf-Id: ").append(request_id).append("\r\n");
}

void CdnWorker::refuse(proxy::Transaction& transaction, int status, std::string_view why) {
  const std::string id = ids_.next();
  proxy::Decision& decision = transaction.decision();
  decision.kind = proxy::DecisionKind::respond;
  decision.status = status;
  decision.content_type = "text/html";
  decision.body = error_page(status, why, id);
  decision.response_fields = own_lines(x_cache(CacheResult::error), "cloudfront.net", id);
}

void CdnWorker::redirect_to_https(proxy::Transaction& transaction) {
  const http1::RequestHead& head = transaction.head();
  proxy::Decision& decision = transaction.decision();
  decision.kind = proxy::DecisionKind::respond;
  decision.status = 301;
  decision.content_type = "text/html";
  decision.location = "https://" + host_name(head.authority()) + std::string(head.origin_form());
  decision.body =
      "<html>\n<head><title>301 Moved Permanently</title></head>\n<body>\n<center><h1>301 Moved "
      "Permanently</h1></center>\n<hr><center>CloudFront</center>\n</body>\n</html>\n";
  decision.response_fields = own_lines("Redirect from cloudfront", site_found_->snapshot.domain, ids_.next());
}

void CdnWorker::respond(const LaterPtr& later, const AskPtr& ask, Obtained obtained) {
  if (later->transaction() == nullptr) {  // the viewer has gone
    if (obtained.body) obtained.body->viewer_gone();
    return;
  }
  Answer answer = answer_with(*obtained.object, ask->viewer);
  // Errors pass the function by, as on AWS.
  if (ask->behavior->response_function.empty() || answer.head.status >= 400)
    return send(later, *ask, obtained, std::move(answer));
  ask_response_function(later, ask, std::move(obtained), std::move(answer));
}

void CdnWorker::send(const LaterPtr& later, const Ask& ask, const Obtained& obtained, Answer answer) {
  const CachedObject& object = *obtained.object;
  http::Headers& headers = answer.head.headers;
  apply_response_policy(headers, *ask.behavior, ask.viewer);
  for (const char* name : {"x-cache", "via", "x-amz-cf-pop", "x-amz-cf-id"}) headers.remove(name);
  proxy::Decision& decision = later->transaction()->decision();
  decision.kind = proxy::DecisionKind::serve;
  decision.status = answer.head.status;
  if (obtained.body) {
    obtained.body->set_viewer(later);
    obtained.body->skip_to(answer.offset);
    decision.content = {.source = std::make_shared<FillSource>(obtained.body),
                        .length = answer.length,
                        .has_length = obtained.body->body_bytes().has_value()};
  } else {
    decision.content = content_of(obtained.object, answer);
    if (answer.length == 0 && ask.viewer.method == "HEAD")  // the origin's own, if it said one
      if (const auto length = headers.get("content-length"))
        std::from_chars(length->data(), length->data() + length->size(), decision.content.length);
  }
  decision.response_fields = lines_of(headers);
  if (obtained.result == CacheResult::hit || obtained.result == CacheResult::refresh_hit)
    http::append_field(decision.response_fields, "Age", std::to_string(object.age(loop_.clock().now())));
  else if (const auto age = headers.get("age"))
    http::append_field(decision.response_fields, "Age", *age);
  decision.response_fields += own_lines(x_cache(object.is_error ? CacheResult::error : obtained.result),
                                        ask.site->snapshot.domain, ask.request_id);
  if (ask.behavior->timing_percent) add_timing(*later->transaction(), ask, obtained.result);
  decision.keep_alive = obtained.object;
  later->decided();
}

// To as many answers as the policy says, and to whoever asks for it.
void CdnWorker::add_timing(proxy::Transaction& transaction, const Ask& ask, CacheResult result) {
  timing_credit_ += *ask.behavior->timing_percent;
  const bool sampled = timing_credit_ >= 100;
  if (sampled) timing_credit_ -= 100;
  if (!sampled && !asks_for_timing(ask.viewer.headers)) return;
  const int64_t now_ns = loop_.clock().monotonic_ns();
  http::append_field(transaction.decision().response_fields, "Server-Timing",
                     server_timing({.result = result,
                                    .upstream_ms = (now_ns - ask.asked_ns) / 1'000'000,
                                    .downstream_ms = (now_ns - transaction.begun_ns()) / 1'000'000,
                                    .pop = kPop,
                                    .request_id = ask.request_id}));
}

}  // namespace landfall::cloudfront
