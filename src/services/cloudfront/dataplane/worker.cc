#include "services/cloudfront/dataplane/worker.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/log.h"
#include "base/random.h"
#include "services/cloudfront/dataplane/cacheability.h"
#include "services/cloudfront/dataplane/compress.h"
#include "services/cloudfront/dataplane/origin_request.h"

namespace landfall::cloudfront {
namespace {

constexpr char kPop[] = "IAD50-C1";                   // this one edge location's name
constexpr size_t kMaxRequestBody = 64 * 1024 * 1024;  // bytes of a viewer's body; AWS takes 20 GB
constexpr size_t kRequestIdBytes = 40;
// A file whose object the origin has just confirmed for less is not written again for it: after a restart the
// origin is asked once more, which costs less than a write for each revalidation.
constexpr int64_t kRewriteSeconds = 60;

std::string new_request_id() { return to_base64url(Random::system().bytes(kRequestIdBytes)) + "=="; }

void add_own(http::Headers& headers, std::string_view result, std::string_view domain,
             const std::string& request_id) {
  headers.set("X-Cache", std::string(result));
  headers.set("Via", "1.1 " + std::string(domain) + " (CloudFront)");
  headers.set("X-Amz-Cf-Pop", kPop);
  headers.set("X-Amz-Cf-Id", request_id);
}

void send(http::Exchange& exchange, Answer answer) {
  if (exchange.request().method == "HEAD" && answer.body.empty()) {
    exchange.start(std::move(answer.head));  // the origin's Content-Length, if it said one
    return exchange.finish();
  }
  exchange.respond(std::move(answer.head), std::move(answer.body));
}

void refuse(http::Exchange& exchange, int status, std::string_view why) {
  const std::string id = new_request_id();
  Answer answer = error_page(status, why, id);
  add_own(answer.head.headers, x_cache(CacheResult::error), "cloudfront.net", id);
  exchange.respond(std::move(answer.head), std::move(answer.body));
}

void redirect_to_https(http::Exchange& exchange, const Ask& ask) {
  http::Response head{.status = 301};
  head.headers.add("Server", "CloudFront");
  head.headers.add("Content-Type", "text/html");
  head.headers.add("Location", "https://" + host_name(ask.viewer.authority) + ask.viewer.target);
  add_own(head.headers, "Redirect from cloudfront", ask.site->snapshot.domain, ask.request_id);
  exchange.respond(std::move(head),
                   "<html>\n<head><title>301 Moved Permanently</title></head>\n<body>\n<center><h1>301 Moved "
                   "Permanently</h1></center>\n<hr><center>CloudFront</center>\n</body>\n</html>\n");
}

int64_t age_of(const CachedObject& object, Timestamp now) {
  int64_t before = 0;  // the age it came with
  if (const auto text = object.head.headers.get("age"))
    std::from_chars(text->data(), text->data() + text->size(), before);
  return std::max<int64_t>(0, before) + std::max<int64_t>(0, (now.unix_ms - object.stored.unix_ms) / 1000);
}

std::shared_ptr<CachedObject> object_of(const Ask& ask, http::Fetched answer, Timestamp now) {
  auto object = std::make_shared<CachedObject>();
  object->key = ask.key.text;
  object->distribution_id = ask.site->snapshot.id;
  object->target = ask.key.target;
  object->stored = now;
  object->is_error = is_error_status(answer.head.status);
  const auto length = answer.head.headers.get("content-length");
  const std::string kept_length =
      ask.viewer.method == "HEAD" && answer.body.empty() && length ? std::string(*length) : "";
  object->head = std::move(answer.head);
  object->body = std::move(answer.body);
  remove_hop_by_hop(object->head.headers);
  if (!kept_length.empty()) object->head.headers.add("Content-Length", kept_length);
  if (!ask.behavior->compress) return object;
  const std::string_view encoding = chosen_encoding(object->head, object->body.size(),
                                                    normalized_encodings(ask.viewer.headers, *ask.behavior));
  if (encoding.empty()) return object;
  if (auto small = compress(object->body, encoding)) {
    object->body = std::move(*small);
    object->compressed_here = true;
    mark_compressed(object->head.headers, encoding);
  } else {
    log::warn("{}", small.error().message);
  }
  return object;
}

http::Fetched failure_answer(const OriginFailure& failure, const std::string& request_id) {
  std::string why = failure.message;
  if (failure.status == 502)
    why = "CloudFront wasn't able to connect to the origin.";  // what happened is in the log
  if (failure.status == 504)
    why =
        "CloudFront attempted to establish a connection with the origin, but the origin did not answer in "
        "time.";
  Answer page = error_page(failure.status, why, request_id);
  return {std::move(page.head), std::move(page.body)};
}

// RFC 9111 section 4.3.4: the stored answer with the 304's newer fields.
std::shared_ptr<CachedObject> refreshed(const CachedObject& stale, const http::Response& not_modified,
                                        Timestamp now) {
  auto object = std::make_shared<CachedObject>(stale);
  object->stored = now;
  object->head.headers.remove("age");
  http::Headers newer = not_modified.headers;
  remove_hop_by_hop(newer);
  for (const http::Header& header : newer) {
    if (http::equals_ignoring_case(header.name, "etag") ||
        http::equals_ignoring_case(header.name, "content-encoding") ||
        http::equals_ignoring_case(header.name, "vary") ||
        http::equals_ignoring_case(header.name, "content-type"))
      continue;
    object->head.headers.set(header.name, header.value);
  }
  return object;
}

}  // namespace

CdnWorker::CdnWorker(EventLoop& loop, CdnShared& shared, OriginClient::Options origins)
    : loop_(loop),
      shared_(shared),
      sites_(shared.sites),
      tls_sites_(shared.sites),
      origins_(std::move(origins)),
      server_(http::HttpServer::create(loop)) {}

Result<> CdnWorker::serve(UniqueFd listener, http::Transport transport) {
  http::ListenOptions options{.transport = transport};
  if (transport == http::Transport::tls)
    options.tls = [this](std::string_view name) { return tls_sites_.get()->tls_for(name); };
  return server_->serve(std::move(listener), std::move(options),
                        [this](std::shared_ptr<http::Exchange> exchange) { handle(std::move(exchange)); });
}

void CdnWorker::handle(std::shared_ptr<http::Exchange> exchange) {
  const http::Request& request = exchange->request();
  const auto& sites = sites_.get();
  SitePtr site = sites->find(host_name(request.authority));
  if (!site || !site->snapshot.enabled)
    return refuse(
        *exchange, 403,
        "The Amazon CloudFront distribution is not configured for this host name, or it is disabled.");
  // A connection made for one distribution's name must not carry requests for another's (RFC 9110
  // section 15.5.20).
  if (request.peer.tls && !request.peer.server_name.empty() && sites->find(request.peer.server_name) != site)
    return refuse(*exchange, 421,
                  "The distribution does not match the certificate for which the HTTPS connection was "
                  "established with.");
  if (!request.target.starts_with('/')) return refuse(*exchange, 400, "Bad request.");
  auto ask = std::make_shared<Ask>();
  ask->viewer = request;
  ask->request_id = new_request_id();
  ask->path = std::string(request.path());
  if (ask->path == "/" && !site->snapshot.default_root_object.empty())
    ask->path += site->snapshot.default_root_object;
  ask->behavior = &site->behavior_for(ask->path);
  ask->site = std::move(site);
  route(std::move(exchange), std::move(ask));
}

void CdnWorker::route(std::shared_ptr<http::Exchange> exchange, std::shared_ptr<Ask> ask) {
  const BehaviorSnapshot& behavior = *ask->behavior;
  if (!ask->viewer.peer.tls && behavior.viewer_protocol_policy == "redirect-to-https")
    return redirect_to_https(*exchange, *ask);
  if (!ask->viewer.peer.tls && behavior.viewer_protocol_policy == "https-only")
    return refuse(*exchange, 403, "Bad request. HTTPS is required.");
  if (std::ranges::find(behavior.allowed_methods, ask->viewer.method) == behavior.allowed_methods.end())
    return refuse(*exchange, 403,
                  "This distribution is not configured to allow the HTTP request method that was used for "
                  "this request. The distribution supports only cachable requests.");
  ask->key = cache_key(ask->site->snapshot.id, behavior, ask->path, ask->viewer);
  if (ask->viewer.method != "GET" && ask->viewer.method != "HEAD")
    return ask_with_body(std::move(exchange), std::move(ask));
  obtain(ask, [this, exchange, ask](Obtained obtained) { respond(*exchange, *ask, obtained); });
}

void CdnWorker::ask_with_body(std::shared_ptr<http::Exchange> exchange, std::shared_ptr<Ask> ask) {
  exchange->read_whole_body(kMaxRequestBody, [this, exchange, ask](Result<std::string> body) {
    if (!body) return refuse(*exchange, 413, "The request's body is too large.");
    ask->body = std::move(*body);
    obtain(ask, [this, exchange, ask](Obtained obtained) { respond(*exchange, *ask, obtained); });
  });
}

void CdnWorker::respond(http::Exchange& exchange, const Ask& ask, const Obtained& obtained) {
  Answer answer = answer_with(*obtained.object, ask.viewer);
  http::Headers& headers = answer.head.headers;
  if (obtained.result == CacheResult::hit || obtained.result == CacheResult::refresh_hit)
    headers.set("Age", std::to_string(age_of(*obtained.object, loop_.clock().now())));
  for (const HeaderSnapshot& header : ask.behavior->response_headers)
    if (header.override_origin || !headers.has(header.name)) headers.set(header.name, header.value);
  add_own(headers, x_cache(obtained.object->is_error ? CacheResult::error : obtained.result),
          ask.site->snapshot.domain, ask.request_id);
  send(exchange, std::move(answer));
}

bool CdnWorker::is_cached_method(const Ask& ask) const {
  const std::string& method = ask.viewer.method;
  return ask.behavior->max_ttl > 0 &&
         (method == "GET" || method == "HEAD" || (method == "OPTIONS" && ask.behavior->options_cached));
}

void CdnWorker::direct(AskPtr ask, Got got) {
  fetch(std::move(ask), nullptr,
        [got = std::move(got)](Obtained obtained, bool) mutable { got(std::move(obtained)); });
}

void CdnWorker::obtain(AskPtr ask, Got got) {
  if (!is_cached_method(*ask)) return direct(std::move(ask), std::move(got));
  const std::string& key = ask->key.text;
  ObjectPtr object = shared_.cache.find(key);
  if (object && object->is_fresh(loop_.clock().now())) return got({object, CacheResult::hit});
  const bool on_disk = !object && shared_.disk && shared_.disk->may_have(key);
  if (ask->viewer.method == "HEAD" && !object && !on_disk)
    return direct(std::move(ask), std::move(got));  // nothing to keep of it
  // Boxed: who leads keeps it, who waits leaves it with the flight.
  auto shared_got = std::make_shared<Got>(std::move(got));
  FlightWaiter waiter = [this, ask, shared_got](ObjectPtr landed) {
    if (landed) return (*shared_got)({landed, CacheResult::hit});
    direct(ask, std::move(*shared_got));
  };
  if (!shared_.flights.lead(key, loop_, waiter)) return;
  if (on_disk) return lead_from_disk(std::move(ask), std::move(shared_got));
  lead_from_origin(std::move(ask), std::move(object), std::move(shared_got));
}

void CdnWorker::lead_from_disk(AskPtr ask, std::shared_ptr<Got> got) {
  shared_.disk->find(ask->key.text, loop_, [this, ask, got](ObjectPtr object) {
    if (object) keep_from_disk(object);
    if (object && object->is_fresh(loop_.clock().now())) {
      shared_.flights.land(ask->key.text, object);
      return (*got)({object, CacheResult::hit});
    }
    if (!object && ask->viewer.method == "HEAD") {
      shared_.flights.land(ask->key.text, nullptr);
      return direct(ask, std::move(*got));
    }
    lead_from_origin(ask, std::move(object), got);
  });
}

void CdnWorker::lead_from_origin(AskPtr ask, ObjectPtr stale, std::shared_ptr<Got> got) {
  if (stale && !stale->head.headers.has("etag") && !stale->head.headers.has("last-modified")) stale = nullptr;
  fetch(ask, std::move(stale), [this, ask, got](Obtained obtained, bool stored) {
    shared_.flights.land(ask->key.text, stored ? obtained.object : nullptr);
    (*got)(std::move(obtained));
  });
}

void CdnWorker::fetch(AskPtr ask, ObjectPtr stale, Fetched done) {
  const OriginSnapshot* origin = ask->site->origin(ask->behavior->origin_id);
  const uint64_t epoch = shared_.invalidations->sequence();
  if (origin == nullptr) {
    loop_.post([this, ask, epoch, done = std::move(done)]() mutable {
      fetched(ask, nullptr, epoch, std::unexpected(OriginFailure{502, "no such origin"}), std::move(done));
    });
    return;
  }
  const bool fills = is_cached_method(*ask) && (ask->viewer.method != "HEAD" || stale);
  OriginRequest request = origin_request(*ask, *origin, fills ? Purpose::fill : Purpose::pass, stale.get());
  origins_.fetch(std::move(request),
                 [this, ask, stale, epoch, done = std::move(done)](OriginResult result) mutable {
                   fetched(ask, stale, epoch, std::move(result), std::move(done));
                 });
}

void CdnWorker::fetched(AskPtr ask, ObjectPtr stale, uint64_t epoch, OriginResult result, Fetched done) {
  const Timestamp now = loop_.clock().now();
  if (!result) log::warn("origin of {}: {}", ask->site->snapshot.id, result.error().message);
  const int status = result ? result->head.status : result.error().status;
  if (stale && status == 304) {
    auto object = refreshed(*stale, result->head, now);
    const Cacheability verdict = cacheability(object->head, *ask->behavior, 0, now);
    object->ttl_seconds = verdict.ttl_seconds;
    object->epoch = epoch;
    if (verdict.store) keep(object, verdict.ttl_seconds >= kRewriteSeconds ? Tiers::both : Tiers::memory);
    return done({object, CacheResult::refresh_hit}, verdict.store);
  }
  if (stale && status >= 500 && !stale->is_error) {  // better old than none
    auto object = std::make_shared<CachedObject>(*stale);
    object->ttl_seconds = (now.unix_ms - stale->stored.unix_ms) / 1000 + ask->site->error_seconds(status);
    object->epoch = epoch;
    keep(object, Tiers::memory);
    return done({object, CacheResult::hit}, true);
  }
  http::Fetched answer = result ? std::move(*result) : failure_answer(result.error(), ask->request_id);
  const Cacheability verdict =
      cacheability(answer.head, *ask->behavior, ask->site->error_seconds(status), now);
  const bool fills = is_cached_method(*ask) && (ask->viewer.method != "HEAD" || stale);
  auto object = object_of(*ask, std::move(answer), now);
  object->ttl_seconds = verdict.ttl_seconds;
  const bool stores = fills && verdict.store;
  with_error_page(
      ask, std::move(object),
      [this, ask, epoch, stores, done = std::move(done)](std::shared_ptr<CachedObject> object) mutable {
        object->epoch = epoch;
        if (stores) keep(object, Tiers::both);
        done({object, CacheResult::miss}, stores);
      });
}

// A custom error response's page instead of the origin's answer. The page comes through the cache as a
// request of its own, by the behaviour that its path has.
void CdnWorker::with_error_page(AskPtr ask, std::shared_ptr<CachedObject> object,
                                std::move_only_function<void(std::shared_ptr<CachedObject>)> done) {
  const ErrorResponseSnapshot* response = ask->site->error_response(object->head.status);
  if (response == nullptr || response->page_path.empty() || ask->is_error_page)
    return done(std::move(object));
  auto page = std::make_shared<Ask>();
  page->site = ask->site;
  page->path = response->page_path;
  page->viewer = ask->viewer;
  page->viewer.method = "GET";
  page->viewer.target = response->page_path;
  for (const char* name :
       {"range", "if-range", "if-none-match", "if-modified-since", "if-match", "if-unmodified-since"})
    page->viewer.headers.remove(name);
  page->request_id = ask->request_id;
  page->is_error_page = true;
  page->behavior = &page->site->behavior_for(page->path);
  page->key = cache_key(page->site->snapshot.id, *page->behavior, page->path, page->viewer);
  if (page->key.text == ask->key.text) return done(std::move(object));  // the page itself is what failed
  const int status =
      response->response_code == 0 ? object->head.status : static_cast<int>(response->response_code);
  obtain(page, [object, status, done = std::move(done)](Obtained obtained) mutable {
    if (obtained.object->head.status != 200) return done(std::move(object));
    object->head = obtained.object->head;
    object->head.status = status;
    object->head.headers.remove("age");
    object->body = obtained.object->body;
    object->compressed_here = obtained.object->compressed_here;
    done(std::move(object));
  });
}

void CdnWorker::keep(ObjectPtr object, Tiers tiers) {
  const auto covered = [&] {
    return shared_.invalidations->covers_fetch(object->distribution_id, object->target, object->epoch);
  };
  if (covered()) return;
  shared_.cache.put(object);
  if (covered()) return shared_.cache.erase(object->key);  // an invalidation came between, and did not see it
  if (tiers == Tiers::both && shared_.disk) shared_.disk->put(std::move(object));
}

void CdnWorker::keep_from_disk(const ObjectPtr& object) {
  shared_.cache.put(object);
  if (shared_.invalidations->covers(object->distribution_id, object->target, object->epoch))
    shared_.cache.erase(object->key);
}

}  // namespace landfall::cloudfront
