#include "services/s3/dataplane/log_writer.h"

#include "codec/uri.h"
#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/internal_exchange.h"
#include "services/s3/dataplane/request_flow.h"

namespace landfall::s3 {
namespace {

constexpr std::string_view kOwnerControls = "bucket-owner-full-control";

// The text of the document's first element of that name.
std::string element(const std::string& xml, const std::string& name) {
  const size_t begin = xml.find("<" + name + ">");
  const size_t end = xml.find("</" + name + ">");
  if (begin == std::string::npos || end == std::string::npos) return "";
  const size_t text = begin + name.size() + 2;
  return end < text ? "" : xml.substr(text, end - text);
}

bool has_acls(const BucketRecord& bucket) {
  const auto found = bucket.configuration.find(kOwnershipConfiguration);
  return found == bucket.configuration.end() ||
         found->second.find("BucketOwnerEnforced") == std::string::npos;
}

class Answered final : public FetchSink {
 public:
  explicit Answered(std::move_only_function<void(delivery::PutAnswer)> done) : done_(std::move(done)) {}
  void start(http::Response head) override { status_ = head.status; }
  bool write(std::string bytes) override {
    body_ += bytes;
    return true;
  }
  void on_writable(std::move_only_function<void()> resume) override { resume(); }
  void finish() override {
    if (status_ < 300) return say({delivery::PutOutcome::stored, ""});
    say({status_ == 403 ? delivery::PutOutcome::denied : delivery::PutOutcome::failed,
         element(body_, "Code") + ": " + element(body_, "Message")});
  }
  void abort() override { say({delivery::PutOutcome::failed, "the answer was cut"}); }

 private:
  void say(delivery::PutAnswer answer) {
    if (done_) std::exchange(done_, nullptr)(std::move(answer));
  }
  std::move_only_function<void(delivery::PutAnswer)> done_;
  int status_ = 0;
  std::string body_;
};

}  // namespace

S3Result<> become_log_writer(S3Request& request, const delivery::PutObject& object) {
  const auto bucket = request.store().find_bucket(object.bucket);
  if (bucket && !object.region.empty() && bucket->region != object.region)
    return s3_fail("PermanentRedirect", "The bucket is in " + bucket->region + ", not in " + object.region);
  if (bucket && object.writer.by_acl && !has_acls(*bucket)) return s3_fail("AccessControlListNotSupported");
  request.principal = object.writer.service.empty()
                          ? iam::root_principal(iam::root_identity(object.writer.account))
                          : iam::service_principal(object.writer.service);
  if (!object.source_arn.empty()) request.caller_context.emplace_back("aws:SourceArn", object.source_arn);
  if (!object.source_account.empty())
    request.caller_context.emplace_back("aws:SourceAccount", object.source_account);
  return {};
}

void S3Service::deliver(EventLoop& loop, delivery::PutObject object,
                        std::move_only_function<void(delivery::PutAnswer)> done) {
  FetchRequest put{.method = "PUT",
                   .bucket = object.bucket,
                   .path = "/" + codec::percent_encode(object.key, codec::Slash::kept),
                   .body = std::move(object.body)};
  put.headers.add("Content-Length", std::to_string(put.body.size()));
  put.headers.add("Content-Type", object.content_type);
  put.headers.add("x-amz-acl",
                  kOwnerControls);  // policies of the time before bucket-owner-enforced ask for it
  auto exchange =
      std::make_shared<InternalExchange>(std::move(put), std::make_shared<Answered>(std::move(done)));
  serve(std::make_shared<S3Request>(*core_, loop, std::move(exchange)),
        [object = std::move(object)](S3Request& request) { return become_log_writer(request, object); });
}

}  // namespace landfall::s3
