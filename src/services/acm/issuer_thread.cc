#include "services/acm/issuer_thread.h"

namespace landfall::acm {

IssuerThread::IssuerThread(EventLoop& loop) : loop_(loop), thread_([this] { run(); }) {}

IssuerThread::~IssuerThread() {
  *alive_ = false;
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void IssuerThread::issue(std::string id, std::shared_ptr<const CertificateAuthority> ca, IssueRequest request,
                         Done done) {
  if (!under_way_.insert(id).second) return;
  {
    std::lock_guard lock(mutex_);
    jobs_.push_back({std::move(id), std::move(ca), std::move(request), std::move(done)});
  }
  wake_.notify_one();
}

void IssuerThread::run() {
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
      if (stop_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    auto result = job.ca->issue(job.request);
    loop_.post([this, alive = alive_, id = std::move(job.id), done = std::move(job.done),
                result = std::move(result)]() mutable {
      if (!*alive) return;
      under_way_.erase(id);
      done(std::move(result));
    });
  }
}

}  // namespace landfall::acm
