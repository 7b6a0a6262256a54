#include "runtime/child_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <optional>

#include "runtime/signals.h"

namespace landfall {
namespace {

FinishedProcess run_shell(const std::string& script, ChildProcess::Options options = {}) {
  options.argv = {"sh", "-c", script};
  return run_process(std::move(options)).value();
}

}  // namespace

TEST(ChildProcess, GivesExitStatusAndOutputOfBothStreams) {
  const FinishedProcess done = run_shell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(done.status.code, 3);
  EXPECT_EQ(done.status.to_string(), "exit status 3");
  EXPECT_EQ(done.output, "out\nerr\n");
}

TEST(ChildProcess, TellsTheSignalThatKilledIt) {
  const FinishedProcess done = run_shell("kill -9 $$");
  EXPECT_EQ(done.status.signal, SIGKILL);
  EXPECT_EQ(done.status.shell_code(), 137);
  EXPECT_FALSE(done.status.ok());
}

TEST(ChildProcess, SaysWhyAProgramCouldNotBeStarted) {
  const Result<FinishedProcess> done = run_process({.argv = {"/no/such/program"}});
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().error_number, ENOENT);
}

TEST(ChildProcess, KeepsOnlyTheFirstPartOfEndlessOutputAndLetsTheChildEnd) {
  const FinishedProcess done = run_shell("head -c 3000000 /dev/zero");
  EXPECT_TRUE(done.status.ok());
  EXPECT_EQ(done.output.size(), kMaxCapturedBytes);
}

TEST(ChildProcess, PlacesInheritedDescriptorsWhereTheyAreWantedEvenIfTheNumbersCross) {
  int a[2], b[2];
  ASSERT_EQ(pipe2(a, O_CLOEXEC), 0);
  ASSERT_EQ(pipe2(b, O_CLOEXEC), 0);
  ASSERT_EQ(write(a[1], "A\n", 2), 2);
  ASSERT_EQ(write(b[1], "B\n", 2), 2);
  close(a[1]);
  close(b[1]);
  ChildProcess::Options options;
  options.inherited = {{a[0], b[0]}, {b[0], a[0]}};
  const FinishedProcess done =
      run_shell("cat <&" + std::to_string(b[0]) + "; cat <&" + std::to_string(a[0]), std::move(options));
  EXPECT_EQ(done.output, "A\nB\n");
  close(a[0]);
  close(b[0]);
}

TEST(ChildProcess, ReplacesEnvironmentAndDirectoryWhenAsked) {
  ChildProcess::Options options;
  options.env = {"PATH=/usr/bin:/bin", "X=y"};
  options.replace_env = true;
  options.cwd = "/";
  EXPECT_EQ(run_shell("echo $X $HOME; pwd", std::move(options)).output, "y\n/\n");
}

TEST(ChildProcess, DropsToAUserWithoutGroupsAndKeepsOnlyTheNamedCapabilities) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  ChildProcess::Options options;
  options.uid = 64701;
  options.cwd = "/";
  options.ambient_capabilities = {10};  // CAP_NET_BIND_SERVICE
  const FinishedProcess done = run_shell("id -u; id -G; grep CapEff /proc/self/status", std::move(options));
  EXPECT_EQ(done.output, "64701\n64701\nCapEff:\t0000000000000400\n");
}

TEST(ChildProcess, DiesWhenItsOwnerIsDestroyed) {
  auto loop = EventLoop::create().value();
  auto child =
      ChildProcess::start(*loop, {.argv = {"sleep", "100"}}, [](ExitStatus, std::string) { FAIL(); }).value();
  const pid_t pid = child->pid();
  child.reset();
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST(ChildProcess, ReportsTheExitEvenIfAGrandchildHoldsItsOutputOpen) {
  const FinishedProcess done = run_shell("sleep 3 & echo done");
  EXPECT_EQ(done.output, "done\n");
}

TEST(Signals, ComeAsEventsOfTheLoop) {
  auto loop = EventLoop::create().value();
  int got = 0;
  auto signals = Signals::create(*loop, {SIGUSR1}, [&](int signal) { got = signal; }).value();
  raise(SIGUSR1);
  loop->run_once(1000);
  EXPECT_EQ(got, SIGUSR1);
}

}  // namespace landfall
