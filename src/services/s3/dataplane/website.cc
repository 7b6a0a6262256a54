#include "services/s3/dataplane/website.h"

#include <cstdlib>

#include "codec/uri.h"
#include "codec/xml.h"
#include "services/s3/dataplane/object_read.h"

namespace landfall::s3 {
namespace {

constexpr int kMovedPermanently = 301, kFound = 302;

WebsiteRedirect redirect_of(codec::XmlNode node) {
  return {.host = node.child("HostName").text(),
          .protocol = node.child("Protocol").text(),
          .replace_key = node.child("ReplaceKeyWith").text(),
          .replace_prefix = node.child("ReplaceKeyPrefixWith").text(),
          .code = node.child("HttpRedirectCode").text(),
          .replaces_key = static_cast<bool>(node.child("ReplaceKeyWith")),
          .replaces_prefix = static_cast<bool>(node.child("ReplaceKeyPrefixWith"))};
}

std::string escaped(std::string_view text) {
  std::string out;
  codec::XmlWriter(out).text(text);
  return out;
}

std::string error_page(const S3Request& request, const S3Error& error, std::string_view reason) {
  const std::string title = std::to_string(error.status) + " " + std::string(reason);
  std::string page =
      "<html>\n<head><title>" + title + "</title></head>\n<body>\n<h1>" + title + "</h1>\n<ul>\n";
  page += "<li>Code: " + escaped(error.code) + "</li>\n<li>Message: " + escaped(error.message) + "</li>\n";
  for (const auto& [name, value] : error.details)
    page += "<li>" + escaped(name) + ": " + escaped(value) + "</li>\n";
  page += "<li>RequestId: " + request.request_id + "</li>\n<li>HostId: " + request.host_id +
          "</li>\n</ul>\n<hr/>\n</body>\n</html>\n";
  return page;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 503:
      return "Service Unavailable";
    default:
      return status < 500 ? "Bad Request" : "Internal Server Error";
  }
}

// One request of a website: decides on the pool, where it may look up keys.
class WebsiteRead : public std::enable_shared_from_this<WebsiteRead> {
 public:
  WebsiteRead(std::shared_ptr<S3Request> request, Website website)
      : request_(std::move(request)), website_(std::move(website)), asked_(request_->address.key) {}

  void start() {
    request_->on_pool([self = shared_from_this()] {
      auto answer = self->decide();
      self->request_->post([self, answer = std::move(answer)]() mutable { self->send(std::move(answer)); });
    });
  }

 private:
  struct Answer {
    int status = 200;
    std::string location;  // of a redirect
    SharedRecord object;   // request_->address.key names it
    std::optional<S3Error> error;
  };

  Answer redirected(const WebsiteRedirect& redirect, std::string_view prefix) const {
    const bool tls = request_->http().peer.tls;
    const int code = redirect.code.empty() ? kMovedPermanently : std::atoi(redirect.code.c_str());
    return {.status = code,
            .location = location_of(redirect, prefix, asked_, request_->http().authority, tls),
            .object = {},
            .error = {}};
  }

  Answer decide() {
    if (website_.redirect_all) return redirected(*website_.redirect_all, "");
    if (const WebsiteRule* rule = find_rule(website_, asked_, ""))
      return redirected(rule->redirect, rule->prefix);
    std::string& key = request_->address.key;
    const bool folder = key.empty() || key.ends_with('/');
    if (folder) key += website_.index_suffix;
    auto found = look_up();
    if (found) {
      if (const std::string& elsewhere = (*found)->attributes.redirect_location; !elsewhere.empty())
        return {.status = kMovedPermanently, .location = elsewhere, .object = {}, .error = {}};
      return {.status = 200, .location = {}, .object = std::move(*found), .error = {}};
    }
    // Also where a missing key is 403, because the reader may not list.
    if (!folder && !request_->store().find(request_->object()) && is_folder(key))
      return {.status = kFound,
              .location = "/" + codec::percent_encode(key, codec::Slash::kept) + "/",
              .object = {},
              .error = {}};
    return failed(found.error());
  }

  // The key, if the reader may read it and it is there.
  S3Result<SharedRecord> look_up() {
    LF_CHECK(request_->authorize_on(request_->bucket.get(), "s3:GetObject", request_->object_arn()));
    auto found = request_->store().find(request_->object());
    if (!found) return std::unexpected(missing_key(*request_, found.error()));
    if ((*found)->delete_marker)
      return std::unexpected(with_detail(s3_error("NoSuchKey"), "Key", request_->address.key));
    return std::move(*found);
  }

  bool is_folder(const std::string& key) {
    return request_->store()
        .find({request_->address.bucket, request_->bucket->id, key + "/" + website_.index_suffix})
        .has_value();
  }

  Answer failed(S3Error error) {
    const std::string status = std::to_string(error.status);
    if (const WebsiteRule* rule = find_rule(website_, asked_, status))
      return redirected(rule->redirect, rule->prefix);
    if (!website_.error_key.empty()) {
      request_->address.key = website_.error_key;
      if (auto document = look_up())
        return {.status = error.status, .location = {}, .object = std::move(*document), .error = {}};
    }
    return {.status = error.status, .location = {}, .object = {}, .error = std::move(error)};
  }

  void send(Answer answer) {
    const BodyWanted wanted = request_->http().method == "HEAD" ? BodyWanted::no : BodyWanted::yes;
    if (answer.object)
      return send_found(request_, std::move(answer.object),
                        {.wanted = wanted, .error_status = answer.status == 200 ? 0 : answer.status});
    aws::WireResponse response{.status = answer.status, .headers = {}, .body = {}};
    if (answer.error) {
      response.headers.add("Content-Type", "text/html; charset=utf-8");
      response.headers.add("x-amz-error-code", answer.error->code);
      response.headers.add("x-amz-error-message", answer.error->message);
      if (wanted == BodyWanted::yes)
        response.body = error_page(*request_, *answer.error, reason_of(answer.status));
    } else {
      response.headers.add("Location", answer.location);
    }
    request_->respond(std::move(response));
  }

  std::shared_ptr<S3Request> request_;
  Website website_;
  std::string asked_;  // the key of the path
};

void refuse(S3Request& request, const S3Error& error) {
  aws::WireResponse response{.status = error.status, .headers = {}, .body = {}};
  response.headers.add("Content-Type", "text/html; charset=utf-8");
  if (request.http().method != "HEAD") response.body = error_page(request, error, reason_of(error.status));
  request.respond(std::move(response));
}

}  // namespace

std::optional<std::string> website_bucket(std::string_view authority) {
  std::string host(authority.substr(0, authority.rfind(':')));
  for (char& c : host)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  if (!host.ends_with(".amazonaws.com") && !host.ends_with(".localhost")) return std::nullopt;
  for (const std::string_view mark : {".s3-website-", ".s3-website."}) {
    const size_t at = host.rfind(mark);
    if (at != std::string::npos && at > 0) return host.substr(0, at);
  }
  return std::nullopt;
}

std::optional<Website> website_of(const BucketRecord& bucket) {
  const auto found = bucket.configuration.find(kWebsiteConfiguration);
  if (found == bucket.configuration.end()) return std::nullopt;
  const auto document = codec::XmlDocument::parse(found->second);
  if (!document) return std::nullopt;
  const codec::XmlNode root = document->root();
  Website out;
  out.index_suffix = root.child("IndexDocument").child("Suffix").text();
  out.error_key = root.child("ErrorDocument").child("Key").text();
  if (const codec::XmlNode all = root.child("RedirectAllRequestsTo")) out.redirect_all = redirect_of(all);
  const codec::XmlNode rules = root.child("RoutingRules");
  for (codec::XmlNode rule = rules.first_child(); rule; rule = rule.next_sibling())
    out.rules.push_back({.prefix = rule.child("Condition").child("KeyPrefixEquals").text(),
                         .error_code = rule.child("Condition").child("HttpErrorCodeReturnedEquals").text(),
                         .redirect = redirect_of(rule.child("Redirect"))});
  return out;
}

const WebsiteRule* find_rule(const Website& website, std::string_view key, std::string_view error) {
  for (const WebsiteRule& rule : website.rules)
    if (key.starts_with(rule.prefix) && rule.error_code == error) return &rule;
  return nullptr;
}

std::string location_of(const WebsiteRedirect& redirect, std::string_view matched_prefix,
                        std::string_view key, std::string_view host, bool tls) {
  std::string target(key);
  if (redirect.replaces_key) target = redirect.replace_key;
  if (redirect.replaces_prefix)
    target = redirect.replace_prefix + std::string(key.substr(matched_prefix.size()));
  const std::string protocol = !redirect.protocol.empty() ? redirect.protocol : tls ? "https" : "http";
  return protocol + "://" + (redirect.host.empty() ? std::string(host) : redirect.host) + "/" +
         codec::percent_encode(target, codec::Slash::kept);
}

void serve_website(std::shared_ptr<S3Request> request, std::string bucket) {
  request->core.counters.requests.fetch_add(1, std::memory_order_relaxed);
  const http::Request& head = request->http();
  if (head.method != "GET" && head.method != "HEAD")
    return refuse(*request, with_detail(s3_error("MethodNotAllowed"), "Method", head.method));
  auto key = codec::percent_decode(head.path().substr(head.path().starts_with('/') ? 1 : 0));
  if (!key || key->find('\0') != std::string::npos || key->size() > kMaxKeyBytes)
    return refuse(*request, s3_error("InvalidURI"));
  request->address.bucket = std::move(bucket);
  request->address.key = std::move(*key);
  request->bucket = request->store().find_bucket(request->address.bucket);
  if (!request->bucket)
    return refuse(*request, with_detail(s3_error("NoSuchBucket"), "BucketName", request->address.bucket));
  auto website = website_of(*request->bucket);
  if (!website)
    return refuse(*request,
                  with_detail(s3_error("NoSuchWebsiteConfiguration"), "BucketName", request->address.bucket));
  std::make_shared<WebsiteRead>(std::move(request), std::move(*website))->start();
}

}  // namespace landfall::s3
