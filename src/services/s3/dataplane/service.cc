#include <filesystem>

#include "base/log.h"
#include "codec/fields.h"
#include "services/s3/dataplane/internal_exchange.h"
#include "services/s3/dataplane/operations.h"
#include "services/s3/dataplane/request_flow.h"
#include "services/s3/dataplane/website.h"
#include "services/s3/s3.h"

namespace landfall::s3 {

Result<std::unique_ptr<S3Service>> S3Service::create(S3Options options) {
  std::error_code error;
  std::filesystem::create_directories(options.data_dir, error);
  if (error) return fail("create " + options.data_dir + ": " + error.message(), error.value());
  auto core = std::make_unique<S3Core>();
  LF_TRY(core->store, ObjectStore::open(
                          {.directory = options.data_dir, .clock = options.clock, .random = options.random}));
  core->options = std::move(options);
  core->iam.store(iam::Directory().snapshot());
  core->lifecycle = std::make_unique<LifecycleThread>(*core->store);
  return std::unique_ptr<S3Service>(new S3Service(std::move(core)));
}

S3Service::S3Service(std::unique_ptr<S3Core> core) : core_(std::move(core)) {}
S3Service::~S3Service() = default;

void S3Service::set_iam(std::shared_ptr<const iam::IamSnapshot> snapshot) {
  core_->iam.store(std::move(snapshot), std::memory_order_release);
}

void S3Service::set_log_spool(std::shared_ptr<delivery::Spool> spool) {
  core_->access_logs.set_spool(std::move(spool), *core_->store);
}

void S3Service::flush_access_logs() { core_->access_logs.flush(); }

uint64_t S3Service::buffer_bytes() const { return core_->store->buffer_bytes(); }

const S3Counters& S3Service::counters() const { return core_->counters; }

bool S3Service::is_s3_host(std::string_view host) { return s3::is_s3_host(host); }

void S3Service::handle(EventLoop& loop, std::shared_ptr<http::Exchange> exchange, TrustedPeer trusted,
                       std::shared_ptr<const VpcEndpointOrigin> origin) {
  auto request = std::make_shared<S3Request>(*core_, loop, std::move(exchange));
  request->endpoint = std::move(origin);
  if (auto bucket = website_bucket(request->http().authority))
    return serve_website(std::move(request), std::move(*bucket));
  serve(std::move(request), [trusted](S3Request& r) { return authenticate(r, trusted); });
}

void S3Service::fetch(EventLoop& loop, FetchRequest wanted, std::shared_ptr<FetchSink> sink) {
  iam::Principal principal;
  principal.who = std::move(wanted.principal);
  ContextPairs context = std::move(wanted.context);
  auto exchange = std::make_shared<InternalExchange>(std::move(wanted), std::move(sink));
  auto request = std::make_shared<S3Request>(*core_, loop, std::move(exchange));
  serve(std::move(request), [principal, context](S3Request& r) -> S3Result<> {
    r.principal = principal;
    r.caller_context = context;
    return {};
  });
}

}  // namespace landfall::s3
