#include "roles/edge_log_delivery.h"

#include <sys/resource.h>
#include <unistd.h>

namespace landfall::roles {
namespace {

constexpr int kNice = 10;  // compressing logs must not take a worker's time
}

Result<std::unique_ptr<EdgeLogDelivery>> EdgeLogDelivery::create(Options options) {
  std::unique_ptr<EdgeLogDelivery> made(new EdgeLogDelivery);
  LF_TRY(made->loop_, EventLoop::create());
  LF_TRY(made->spool_, delivery::Spool::open({.directory = std::move(options.directory)}));
  made->delivery_ = std::make_unique<delivery::LogDelivery>(
      delivery::LogDelivery::Options{.loop = *made->loop_,
                                     .spool = made->spool_,
                                     .put = std::move(options.put),
                                     .period_ms = options.period_ms,
                                     .gather = std::move(options.gather)});
  return made;
}

EdgeLogDelivery::~EdgeLogDelivery() { stop(); }

void EdgeLogDelivery::stop() {
  if (!thread_.joinable()) return;
  loop_->stop();
  thread_.join();
}

void EdgeLogDelivery::start() {
  thread_ = std::thread([this] {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);  // of this thread alone, on Linux
    delivery_->start();
    loop_->run();
  });
}

void EdgeLogDelivery::deliver_now(std::move_only_function<void()> done) {
  loop_->post([this, done = std::move(done)]() mutable { delivery_->deliver_now(std::move(done)); });
}

}  // namespace landfall::roles
