#include "roles/up/supervisor.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "roles/options.h"
#include "runtime/event_loop.h"

namespace landfall::roles {
namespace {

// start_role() executes this very program again; run with "fake-role" it is a role instead of the tests.
__attribute__((constructor)) void be_a_role_if_asked(int argc, char** argv) {
  if (argc < 2 || std::strcmp(argv[1], "fake-role") != 0) return;
  int ready_fd = -1;
  bool dies = false;
  for (int i = 2; i < argc; ++i) {
    if (std::strncmp(argv[i], "--ready-fd=", 11) == 0) ready_fd = std::atoi(argv[i] + 11);
    if (std::strcmp(argv[i], "--dies") == 0) dies = true;
  }
  ::dprintf(STDERR_FILENO, "environment HOME=%s fds", std::getenv("HOME"));
  for (int fd = 0; fd < 100; ++fd)
    if (::fcntl(fd, F_GETFD) >= 0) ::dprintf(STDERR_FILENO, " %d", fd);
  ::dprintf(STDERR_FILENO, "\n");
  if (dies) ::_exit(9);
  notify_ready(ready_fd);
  for (;;) ::pause();
}

class SupervisorTest : public testing::Test {
 protected:
  SupervisorTest() : loop_(std::move(*EventLoop::create())) {
    char name[] = "/tmp/landfall-supervisor-XXXXXX";
    folder_ = ::mkdtemp(name);
    guard_ = loop_->after_ms(20'000, [this] {
      ADD_FAILURE() << "took too long";
      loop_->stop();
    });
  }
  ~SupervisorTest() override { std::system(("rm -rf " + folder_).c_str()); }

  SupervisedRole role(const std::string& name, std::vector<std::string> more = {}) {
    SupervisedRole result{.name = name, .log_file = folder_ + "/" + name + ".log"};
    result.command.arguments = {"fake-role"};
    result.command.arguments.insert(result.command.arguments.end(), more.begin(), more.end());
    result.command.privileges = Privileges::root;  // as whoever runs the tests
    return result;
  }

  std::string log_of(const std::string& name) {
    std::ifstream file(folder_ + "/" + name + ".log");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::unique_ptr<EventLoop> loop_;
  std::string folder_;
  TimerId guard_ = 0;
};

TEST_F(SupervisorTest, ARoleThatIsKilledIsStartedAgainWithinMilliseconds) {
  Supervisor* supervisor = nullptr;
  pid_t first = 0;
  std::chrono::steady_clock::time_point killed;
  std::vector<SupervisedRole> roles{role("edge"), role("host")};
  SupervisorEvents events;
  events.all_ready = [&] {
    first = supervisor->status()[0].pid;
    killed = std::chrono::steady_clock::now();
    ::kill(first, SIGKILL);
    loop_->after_ms(100, [&] { supervisor->stop(); });
  };
  events.stopped = [&] { loop_->stop(); };
  Supervisor tested(*loop_, std::move(roles), std::move(events));
  supervisor = &tested;
  tested.start();
  while (first == 0 || tested.status()[0].pid == first || tested.status()[0].state != "ready")
    loop_->run_once(-1);
  EXPECT_LT(std::chrono::steady_clock::now() - killed, std::chrono::seconds(2));
  EXPECT_EQ(tested.status()[0].restarts, 1u);
  EXPECT_EQ(tested.status()[0].last_exit, "killed by signal 9");
  EXPECT_EQ(tested.status()[1].restarts, 0u);
  loop_->run();
  EXPECT_EQ(tested.status()[0].pid, 0);
  EXPECT_EQ(tested.status()[1].pid, 0);
}

TEST_F(SupervisorTest, ARoleThatNeverGetsReadyIsReportedWithItsLastWords) {
  std::string name, words;
  Supervisor* supervisor = nullptr;
  SupervisorEvents events;
  events.cannot_start = [&](const std::string& role, const std::string& last) {
    name = role;
    words = last;
    supervisor->stop();
  };
  events.stopped = [&] { loop_->stop(); };
  std::vector<SupervisedRole> roles{role("control", {"--dies"}), role("host")};
  Supervisor tested(*loop_, std::move(roles), std::move(events));
  supervisor = &tested;
  tested.start();
  loop_->run();
  EXPECT_EQ(name, "control");
  EXPECT_THAT(words, testing::HasSubstr("environment HOME=/"));
}

TEST_F(SupervisorTest, ARoleGetsACleanEnvironmentAndNoDescriptorOfOurs) {
  ::setenv("SECRET_OF_THE_PARENT", "x", 1);
  const int leaked = ::dup2(STDERR_FILENO, 77);  // without close-on-exec
  SupervisorEvents events;
  Supervisor* supervisor = nullptr;
  events.all_ready = [&] { supervisor->stop(); };
  events.stopped = [&] { loop_->stop(); };
  std::vector<SupervisedRole> roles{role("host")};
  Supervisor tested(*loop_, std::move(roles), std::move(events));
  supervisor = &tested;
  tested.start();
  loop_->run();
  ::close(leaked);
  EXPECT_THAT(log_of("host"), testing::HasSubstr("environment HOME=/ fds 0 1 2 3\n"));
}

}  // namespace
}  // namespace landfall::roles
