#include "roles/control_s3_emptier.h"

#include "codec/uri.h"
#include "codec/xml.h"

namespace landfall::roles {

namespace {

// As the header x-landfall-principal says it.
std::string service_of(const std::string& account) {
  return R"({"service":"s3.amazonaws.com","account":")" + account + R"("})";
}

void each_child(const codec::XmlNode& parent, const std::function<void(const codec::XmlNode&)>& visit) {
  for (codec::XmlNode child = parent.first_child(); child; child = child.next_sibling()) visit(child);
}

}  // namespace

void S3Emptier::run(S3Client& s3, std::vector<std::string> accounts, std::function<void(Result<>)> done) {
  std::make_shared<S3Emptier>(s3, std::move(accounts), std::move(done))->next_account();
}

void S3Emptier::next_account() {
  if (accounts_.empty()) return done_({});
  list_buckets();
}

void S3Emptier::send(std::string method, std::string path, std::string query,
                     std::function<void(const std::string& body)> then) {
  S3Client::Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  request.query = std::move(query);
  request.principal = service_of(accounts_.front());
  const std::string what = request.method + " " + request.path;
  s3_.send(std::move(request),
           [self = shared_from_this(), what, then = std::move(then)](Result<S3Reply> reply) {
             if (!reply) return self->done_(fail("S3: " + what + ": " + reply.error().message));
             if (reply->status >= 300 && reply->status != 404)
               return self->done_(fail("S3: " + what + ": " + reply->error_code));
             then(reply->body);
           });
}

void S3Emptier::list_buckets() {
  send("GET", "/", "", [this](const std::string& body) {
    const auto document = codec::XmlDocument::parse(body);
    if (!document) return done_(std::unexpected(document.error()));
    each_child(document->root().child("Buckets"),
               [&](const codec::XmlNode& bucket) { buckets_.push_back(bucket.child("Name").text()); });
    next_bucket();
  });
}

void S3Emptier::next_bucket() {
  if (buckets_.empty()) {
    accounts_.pop_front();
    return next_account();
  }
  bucket_ = buckets_.front();
  buckets_.pop_front();
  list_versions();
}

// A page of versions, their deletion, and again until there are none.
void S3Emptier::list_versions() {
  send("GET", "/" + bucket_, "versions", [this](const std::string& body) {
    const auto document = codec::XmlDocument::parse(body);
    if (!document) return done_(std::unexpected(document.error()));
    each_child(document->root(), [&](const codec::XmlNode& node) {
      if (node.name() != "Version" && node.name() != "DeleteMarker") return;
      items_.push_back(
          {"/" + bucket_ + "/" + codec::percent_encode(node.child("Key").text(), codec::Slash::kept),
           "versionId=" + codec::percent_encode(node.child("VersionId").text())});
    });
    if (items_.empty()) return list_uploads();
    delete_queued(&S3Emptier::list_versions);
  });
}

void S3Emptier::list_uploads() {
  send("GET", "/" + bucket_, "uploads", [this](const std::string& body) {
    const auto document = codec::XmlDocument::parse(body);
    if (!document) return done_(std::unexpected(document.error()));
    each_child(document->root(), [&](const codec::XmlNode& node) {
      if (node.name() != "Upload") return;
      items_.push_back(
          {"/" + bucket_ + "/" + codec::percent_encode(node.child("Key").text(), codec::Slash::kept),
           "uploadId=" + codec::percent_encode(node.child("UploadId").text())});
    });
    if (!items_.empty()) return delete_queued(&S3Emptier::list_uploads);
    send("DELETE", "/" + bucket_, "", [this](const std::string&) { next_bucket(); });
  });
}

void S3Emptier::delete_queued(void (S3Emptier::*then)()) {
  if (items_.empty()) return (this->*then)();
  const Item item = items_.front();
  items_.pop_front();
  send("DELETE", item.path, item.query, [this, then](const std::string&) { delete_queued(then); });
}

}  // namespace landfall::roles
