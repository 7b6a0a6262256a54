// For services' tests: a ControlPlane over a memory store, a manual clock, repeatable randomness and no other
// roles.
#pragma once

#include <memory>

#include "gateway/call.h"
#include "gateway/observations.h"
#include "reconcile/queue.h"
#include "runtime/event_loop.h"

namespace landfall::testing_support {

class NoHost final : public HostRequests {
 public:
  void console_output(std::string, std::function<void(Result<std::string>)> done) override {
    done(fail("no host in this test"));
  }
};
class NoS3 final : public S3Client {
 public:
  std::function<Result<S3Reply>(const Request&)> answer = [](const Request&) {
    return fail("no S3 in this test");
  };
  std::vector<Request> requests;
  void send(Request request, std::function<void(Result<S3Reply>)> done) override {
    requests.push_back(request);
    done(answer(request));
  }
};

struct TestPlane {
  ManualClock clock;
  SeededRandom random{1};
  std::unique_ptr<EventLoop> loop = EventLoop::create(clock).value();
  std::unique_ptr<store::Store> store = store::Store::open(store::memory_backend()).value();
  reconcile::Queue queue{*loop};
  Observations observations;
  NoHost host;
  NoS3 s3;
  ControlConfig config{.account = "123456789012",
                       .region = "us-east-1",
                       .data_dir = "/nonexistent",
                       .public_cidr = "127.77.0.0/16"};
  ControlPlane plane{*store, *loop, clock, random, queue, observations, host, s3, config};

  // Runs one call as the account's root and commits it.
  const S3Answers* s3_answers = nullptr;  // of the calls that follow (ask_s3.h)
  template <class F>
  auto call(F&& body) {
    store::Txn txn(*store);
    Call c{.plane = plane,
           .txn = txn,
           .caller = {.kind = CallerKind::root,
                      .account = config.account,
                      .arn = "arn:aws:iam::123456789012:root",
                      .user_id = config.account},
           .account = config.account,
           .region = config.region,
           .request_id = "test",
           .now = clock.now(),
           .s3_answers = s3_answers,
           .authorize = [](std::string_view, std::string_view, const std::map<std::string, std::string>&) {}};
    if constexpr (std::is_void_v<decltype(body(c))>) {
      body(c);
      LF_INVARIANT(txn.commit().has_value());
    } else {
      auto result = body(c);
      LF_INVARIANT(txn.commit().has_value());
      return result;
    }
  }
  // What the operation is refused with, "Code: message"; "" if it is not. Of a refused one nothing stays.
  template <class Op, class In>
  std::string refusal(Op op, const In& in) {
    try {
      call([&](Call& c) { return op(c, in); });
    } catch (const ServiceError& error) {
      return error.code() + ": " + error.message();
    }
    return "";
  }
  // Lets reconcilers run until they wait.
  void settle(int64_t advance_ms = 0) {
    clock.advance_ms(advance_ms);
    for (int i = 0; i < 64; ++i) loop->run_once(0);
  }
};

}  // namespace landfall::testing_support
