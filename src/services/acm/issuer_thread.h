// IssuerThread: makes keys and certificates beside the loop, one after another: an RSA key takes a CPU a
// tenth of a second or more, which control's one loop must not spend.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "runtime/event_loop.h"
#include "services/acm/ca.h"

namespace landfall::acm {

class IssuerThread {
 public:
  using Done = std::move_only_function<void(Result<IssuedCertificate>)>;

  explicit IssuerThread(EventLoop& loop);
  ~IssuerThread();  // waits for the one in work; its result, and those behind it, are dropped

  // On the loop; `done` is called on the loop. While a job of that id is under way, further ones are ignored.
  void issue(std::string id, std::shared_ptr<const CertificateAuthority> ca, IssueRequest request, Done done);

 private:
  struct Job {
    std::string id;
    std::shared_ptr<const CertificateAuthority> ca;
    IssueRequest request;
    Done done;
  };
  void run();

  EventLoop& loop_;
  std::set<std::string> under_way_;                             // the loop's
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // the loop's; false: drop results
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace landfall::acm
