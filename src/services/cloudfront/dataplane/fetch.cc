// From an ask to an object: cache, disk, others' flights, the origin.
#include <algorithm>

#include "base/log.h"
#include "http/message.h"
#include "services/cloudfront/dataplane/cacheability.h"
#include "services/cloudfront/dataplane/compress.h"
#include "services/cloudfront/dataplane/fill.h"
#include "services/cloudfront/dataplane/worker.h"

namespace landfall::cloudfront {
namespace {

// A file whose object the origin has just confirmed for less is not written again for it: after a restart the
// origin is asked once more, which costs less than a write for each revalidation.
constexpr int64_t kRewriteSeconds = 60;

std::shared_ptr<CachedObject> object_of(const Ask& ask, http::Fetched answer, Timestamp now) {
  const auto length = answer.head.headers.get("content-length");
  const std::string kept_length =
      ask.viewer.method == "HEAD" && answer.body.empty() && length ? std::string(*length) : "";
  auto object = object_without_body(ask, std::move(answer.head), now);
  object->body = std::move(answer.body);
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
  http::Response head{.status = failure.status};
  head.headers.add("Content-Type", "text/html");
  head.headers.add("Server", "CloudFront");
  return {std::move(head), error_page(failure.status, why, request_id)};
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

bool is_cached(const Ask& ask) { return is_cached_method(ask.viewer.method, *ask.behavior); }

}  // namespace

std::shared_ptr<CachedObject> object_without_body(const Ask& ask, http::Response head, Timestamp now) {
  auto object = std::make_shared<CachedObject>();
  object->key = ask.key.text;
  object->distribution_id = ask.site->snapshot.id;
  object->target = ask.key.target;
  object->stored = now;
  object->is_error = is_error_status(head.status);
  object->head = std::move(head);
  remove_hop_by_hop(object->head.headers);
  // Where viewers' cookies do not matter nobody is given one, or a session would go to whoever asks next.
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Cookies.html
  if (ask.behavior->key_cookies.mode == "none" && ask.behavior->forward_cookies.mode == "none")
    object->head.headers.remove("set-cookie");
  // RFC 9110 section 6.6.1.
  if (!object->head.headers.has("date")) object->head.headers.add("Date", format_http_date(now));
  return object;
}

bool is_cached_method(std::string_view method, const BehaviorSnapshot& behavior) {
  return behavior.max_ttl > 0 &&
         (method == "GET" || method == "HEAD" || (method == "OPTIONS" && behavior.options_cached));
}

void CdnWorker::direct(AskPtr ask, Got got) {
  std::make_shared<Fill>(*this, std::move(ask), nullptr, FillEvents{.answered = std::move(got)})->start();
}

bool CdnWorker::fills(const Ask& ask, const ObjectPtr& stale) {
  return is_cached(ask) && (ask.viewer.method != "HEAD" || stale);
}

void CdnWorker::obtain(AskPtr ask, Got got) {
  if (!is_cached(*ask)) return direct(std::move(ask), std::move(got));
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
    if (object && !keep_from_disk(object)) object = nullptr;
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
  std::make_shared<Fill>(
      *this, ask, std::move(stale),
      FillEvents{.answered = [got](Obtained obtained) { (*got)(std::move(obtained)); },
                 .landed = [this, ask](ObjectPtr object) { shared_.flights.land(ask->key.text, object); }})
      ->start();
}

// An answer that had to be whole.
void CdnWorker::gathered(AskPtr ask, ObjectPtr stale, uint64_t epoch, OriginResult result,
                         FillEvents events) {
  const auto done = [](FillEvents& events, Obtained obtained, bool stored) {
    if (events.landed) events.landed(stored ? obtained.object : nullptr);
    events.answered(std::move(obtained));
  };
  const Timestamp now = loop_.clock().now();
  if (!result) log::warn("origin of {}: {}", ask->site->snapshot.id, result.error().message);
  const int status = result ? result->head.status : result.error().status;
  if (stale && status == 304) {
    auto object = refreshed(*stale, result->head, now);
    const Cacheability verdict = cacheability(object->head, *ask->behavior, 0, now);
    object->ttl_seconds = verdict.ttl_seconds;
    object->epoch = epoch;
    object->seal();
    const Tiers tiers = verdict.ttl_seconds >= kRewriteSeconds ? Tiers::both : Tiers::memory;
    return done(events, {object, CacheResult::refresh_hit}, verdict.store && keep(object, tiers));
  }
  if (stale && status >= 500 && !stale->is_error) {  // better old than none
    auto object = std::make_shared<CachedObject>(*stale);
    object->ttl_seconds = (now.unix_ms - stale->stored.unix_ms) / 1000 + ask->site->error_seconds(status);
    object->epoch = epoch;
    return done(events, {object, CacheResult::hit}, keep(object, Tiers::memory));
  }
  http::Fetched answer = result ? std::move(*result) : failure_answer(result.error(), ask->request_id);
  const Cacheability verdict =
      cacheability(answer.head, *ask->behavior, ask->site->error_seconds(status), now);
  auto object = object_of(*ask, std::move(answer), now);
  object->ttl_seconds = verdict.ttl_seconds;
  const bool stores = fills(*ask, stale) && verdict.store;
  with_error_page(ask, std::move(object),
                  [this, ask, epoch, stores, done,
                   events = std::move(events)](std::shared_ptr<CachedObject> object) mutable {
                    object->epoch = epoch;
                    object->seal();
                    done(events, {object, CacheResult::miss}, stores && keep(object, Tiers::both));
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
    object->file = obtained.object->file;
    object->compressed_here = obtained.object->compressed_here;
    done(std::move(object));
  });
}

// False: an invalidation came after its origin was asked. It goes to who asked for it then, and to nobody
// else.
bool CdnWorker::keep(ObjectPtr object, Tiers tiers) {
  const auto covered = [&] {
    return shared_.invalidations->covers_fetch(object->distribution_id, object->target, object->epoch);
  };
  if (covered()) return false;
  shared_.cache.put(object);
  if (covered()) {  // it came between, and did not see it
    shared_.cache.erase(object->key);
    return false;
  }
  if (tiers == Tiers::both && shared_.disk) shared_.disk->put(std::move(object));
  return true;
}

bool CdnWorker::keep_from_disk(const ObjectPtr& object) {
  shared_.cache.put(object);
  if (!shared_.invalidations->covers(object->distribution_id, object->target, object->epoch)) return true;
  shared_.cache.erase(object->key);
  return false;
}

}  // namespace landfall::cloudfront
