// EdgeLogDelivery: the delivery of logs to S3 on a thread of its own, beside the workers and below them in
// priority.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "delivery/log_delivery.h"
#include "runtime/event_loop.h"

namespace landfall::roles {

class EdgeLogDelivery {
 public:
  struct Options {
    std::string directory;  // of the spool
    int64_t period_ms = delivery::kPeriodMs;
    delivery::Put put;
    std::function<void()> gather;
  };
  static Result<std::unique_ptr<EdgeLogDelivery>> create(Options options);
  ~EdgeLogDelivery();  // what is not delivered stays in the spool

  const std::shared_ptr<delivery::Spool>& spool() const { return spool_; }
  void start();
  void stop();
  // `done`, on the delivery's thread: all that is in the spool has been tried.
  void deliver_now(std::move_only_function<void()> done);
  std::vector<delivery::DeliveryProblem> problems() const { return delivery_->problems(); }

 private:
  EdgeLogDelivery() = default;
  std::shared_ptr<delivery::Spool> spool_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<delivery::LogDelivery> delivery_;
  std::thread thread_;
};

}  // namespace landfall::roles
