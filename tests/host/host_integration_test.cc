// The host role as control, edge and an operator meet it: `landfall host` is started as a process, spoken to
// over its sockets, killed and started again. Everything happens in a temporary data directory and in
// namespaces of host's own.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "base/encoding.h"
#include "codec/fields.h"
#include "host/protocol.h"
#include "runtime/channel.h"
#include "runtime/child_process.h"

namespace landfall::host {
namespace {

namespace fs = std::filesystem;
using Time = std::chrono::steady_clock;

double ms_since(Time::time_point start) {
  return std::chrono::duration<double, std::milli>(Time::now() - start).count();
}

Result<UniqueFd> connect_to(const std::string& path) {
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  path.copy(name.sun_path, sizeof name.sun_path - 1);
  if (connect(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) != 0)
    return fail_errno("connect " + path);
  return fd;
}

// The program under test; LANDFALL_BINARY names another build of it.
std::string landfall_binary() {
  const char* other = std::getenv("LANDFALL_BINARY");
  return other != nullptr ? other : LANDFALL_DEFAULT_BINARY;
}

std::string slurp(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class HostTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "NEEDS ROOT: the host role was NOT tested";
    data_dir_ = mkdtemp(buffer_);
    chmod(data_dir_.c_str(), 0755);
    loop_ = EventLoop::create().value();
    start_host();
  }

  void TearDown() override {
    if (data_dir_.empty()) return;
    if (host_) stop_host();
    expect_no_trace();
    fs::remove_all(data_dir_);
  }

  void start_host() {
    int ready[2];
    ASSERT_EQ(pipe2(ready, O_CLOEXEC), 0);
    ChildProcess::Options options{
        .argv = {landfall_binary(), "host", "--data-dir", data_dir_, "--ready-fd", "5"},
        .stdout_fd = 2,
        .stderr_fd = 2,
        .inherited = {{ready[1], 5}}};
    exited_.reset();
    host_ = ChildProcess::start(*loop_, std::move(options), [this](ExitStatus status, std::string) {
              exited_ = status;
            }).value();
    close(ready[1]);
    pollfd waiting{ready[0], POLLIN, 0};
    ASSERT_EQ(poll(&waiting, 1, 20'000), 1);
    close(ready[0]);
    control_ = Channel::create(*loop_, connect_to(data_dir_ + "/run/host.sock").value()).value();
    control_->on_message(
        [this](std::string_view json, std::vector<UniqueFd> fds) { received(json, std::move(fds)); });
    sync();
  }

  void stop_host() {
    host_->signal(SIGTERM);
    ASSERT_TRUE(until([&] { return exited_.has_value(); }, 30'000));
    EXPECT_TRUE(exited_->ok()) << exited_->to_string();
    control_.reset();
    host_.reset();
  }

  void kill_host() {
    host_->signal(SIGKILL);
    ASSERT_TRUE(until([&] { return exited_.has_value(); }));
    control_.reset();
    host_.reset();
  }

  void received(std::string_view json, std::vector<UniqueFd> fds) {
    const Envelope envelope = from_json<Envelope>(json).value();
    if (envelope.type != "Observed") {
      answers_[envelope.type + " " + envelope.id] = json;
      for (UniqueFd& fd : fds) descriptors_.push_back(std::move(fd));
      return;
    }
    const Observed observed = from_json<Observed>(json).value();
    if (observed.kind == "Workload") {
      statuses_[observed.id] = from_json<WorkloadStatus>(observed.document).value();
      observed_at_[observed.id] = Time::now();
    }
    if (observed.kind == "WorkloadUsage")
      usage_[observed.id] = from_json<WorkloadUsage>(observed.document).value();
    if (observed.kind == "Network")
      networks_[observed.id] = from_json<NetworkStatus>(observed.document).value().state;
  }

  template <class F>
  bool until(F done, int64_t limit_ms = 15'000) {
    // An emulated machine (to try another cgroup version) is many times slower: LANDFALL_TEST_PATIENCE=10.
    const char* patience = std::getenv("LANDFALL_TEST_PATIENCE");
    const double limit = static_cast<double>(limit_ms) * (patience != nullptr ? std::atof(patience) : 1);
    const auto start = Time::now();
    while (!done()) {
      if (ms_since(start) > limit) return false;
      loop_->run_once(20);
    }
    return true;
  }

  bool until_state(const std::string& id, const std::string& state, int64_t limit_ms = 15'000) {
    if (until([&] { return statuses_[id].state == state; }, limit_ms)) return true;
    ADD_FAILURE() << id << " is " << statuses_[id].state << " (" << statuses_[id].message << "), not "
                  << state << "\n"
                  << slurp(data_dir_ + "/host/workloads/" + id + "/console.log");
    return false;
  }

  template <class T>
  void put(const std::string& kind, const std::string& id, const T& document) {
    documents_[{kind, id}] = ++version_;
    control_->send(to_json(Put{.kind = kind, .id = id, .version = version_, .document = to_json(document)}));
  }
  void remove(const std::string& kind, const std::string& id) {
    documents_.erase({kind, id});
    control_->send(to_json(Delete{.kind = kind, .id = id}));
  }
  void sync() {
    Sync message;
    for (const auto& [key, version] : documents_) message.items.push_back({key.first, key.second, version});
    answers_.clear();
    control_->send(to_json(message));
    ASSERT_TRUE(until([&] { return answers_.contains("SyncResult "); }));
  }

  void put_vpc(const std::string& vpc) {
    put("Network", vpc,
        Network{.vpc_id = vpc,
                .cidrs = {"10.0.0.0/16"},
                .subnets = {{.subnet_id = "subnet-" + vpc, .cidr = "10.0.1.0/24"}}});
    SecurityGroup group{.group_id = "sg-" + vpc, .vpc_id = vpc};
    group.ingress = {{.protocol = "tcp", .from_port = 80, .to_port = 80, .group_ids = {"sg-" + vpc}}};
    group.egress = {{.cidrs = {"0.0.0.0/0"}}};
    put("SecurityGroup", group.group_id, group);
  }
  Workload instance(const std::string& id, const std::string& vpc, const std::string& ip,
                    std::string user_data = "") {
    put("Interface", "eni-" + id,
        Interface{.interface_id = "eni-" + id,
                  .vpc_id = vpc,
                  .subnet_id = "subnet-" + vpc,
                  .private_ip = ip,
                  .security_group_ids = {"sg-" + vpc},
                  .attachment = "workload",
                  .workload_id = id});
    return {.id = id,
            .interface_id = "eni-" + id,
            .memory_bytes = 256 << 20,
            .cpu_millis = 1000,
            .user_data = Secret(std::move(user_data))};
  }

  // Runs a command inside; its output.
  std::string inside(const std::string& id, const std::string& script, int* code = nullptr) {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    std::vector<UniqueFd> fds;
    fds.emplace_back(open("/dev/null", O_RDONLY | O_CLOEXEC));
    fds.emplace_back(ends[1]);
    fds.emplace_back(dup(ends[1]));
    const std::string request = "exec-" + std::to_string(++requests_);
    control_->send(to_json(Exec{.id = request,
                                .workload_id = id,
                                .argv = {"sh", "-c", script},
                                .env = {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}}}),
                   std::move(fds));
    EXPECT_TRUE(until([&] {
      return answers_.contains("ExecExited " + request) || answers_.contains("Failure " + request);
    }));
    if (answers_.contains("Failure " + request)) return answers_["Failure " + request];
    if (code != nullptr)
      *code = static_cast<int>(from_json<ExecExited>(answers_["ExecExited " + request]).value().exit_code);
    std::string out;
    char bytes[4096];
    UniqueFd reader(ends[0]);
    for (ssize_t n; (n = read(reader.get(), bytes, sizeof bytes)) > 0;)
      out.append(bytes, static_cast<size_t>(n));
    return out;
  }

  // A zombie whose parent (who took it over from a killed host) has not looked yet is dead.
  static bool is_alive(int64_t pid) {
    const std::string stat = slurp("/proc/" + std::to_string(pid) + "/stat");
    return !stat.empty() && stat[stat.rfind(')') + 2] != 'Z';
  }

  // Nothing of this data directory may be left: processes, mounts, groups.
  void expect_no_trace() {
    EXPECT_EQ(slurp("/proc/self/mounts").find(data_dir_), std::string::npos) << slurp("/proc/self/mounts");
    for (const auto& entry : fs::directory_iterator("/proc")) {
      const std::string command = slurp(entry.path() / "cmdline");
      EXPECT_EQ(command.find(data_dir_), std::string::npos) << "left: " << entry.path() << " " << command;
    }
    for (int64_t pid : pids_seen_) EXPECT_FALSE(is_alive(pid)) << pid << " is left";
    std::error_code error;
    for (auto it = fs::recursive_directory_iterator("/sys/fs/cgroup", error);
         it != fs::recursive_directory_iterator(); it.increment(error)) {
      if (it.depth() > 2) it.disable_recursion_pending();
      if (cgroup_.empty()) continue;
      EXPECT_EQ(it->path().string().find(cgroup_), std::string::npos) << it->path();
    }
  }
  void remember_traces(const std::string& id) {
    const int64_t pid = statuses_[id].pid;
    pids_seen_.insert(pid);
    const std::string groups = slurp("/proc/" + std::to_string(pid) + "/cgroup");
    const size_t at = groups.find("/landfall-");
    ASSERT_NE(at, std::string::npos) << groups;
    cgroup_ = groups.substr(at, groups.find_first_of("/\n", at + 1) - at);
  }

  char buffer_[32] = "/tmp/lf-host-XXXXXX";
  std::string data_dir_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<ChildProcess> host_;
  std::optional<ExitStatus> exited_;
  std::unique_ptr<Channel> control_;
  std::map<std::pair<std::string, std::string>, int64_t> documents_;
  int64_t version_ = 0;
  int requests_ = 0;
  std::map<std::string, std::string> answers_, networks_;
  std::vector<UniqueFd> descriptors_;
  std::map<std::string, WorkloadStatus> statuses_;
  std::map<std::string, WorkloadUsage> usage_;
  std::map<std::string, Time::time_point> observed_at_;
  std::set<int64_t> pids_seen_;
  std::string cgroup_;
};

}  // namespace

TEST_F(HostTest, AnInstanceIsAMachineOfItsOwnAndSeesNothingOfOurs) {
  put_vpc("vpc-1");
  Workload workload =
      instance("i-1", "vpc-1", "10.0.1.5", "#!/bin/sh\necho user data of $(hostname) ran as $(id -u)\n");
  workload.files = {
      {.path = "/etc/app/secret.conf", .mode = "0640", .uid = 33, .gid = 33, .content = Secret("s3cret")}};
  workload.env["GREETING"] = Secret("hello");
  put("Workload", "i-1", workload);
  ASSERT_TRUE(until_state("i-1", "running"));
  remember_traces("i-1");

  EXPECT_EQ(
      inside(
          "i-1",
          "hostname; ls -A /root /home /srv; stat -c '%u %a' /etc/app/secret.conf; cat /etc/app/secret.conf"),
      "ip-10-0-1-5.ec2.internal\n/home:\n\n/root:\n\n/srv:\n33 640\ns3cret");
  EXPECT_EQ(inside("i-1", "cat /etc/resolv.conf"),
            "nameserver 10.0.0.2\nsearch ec2.internal\noptions timeout:2 attempts:3\n");
  EXPECT_EQ(inside("i-1", "grep '^root:' /etc/shadow"), "root:*:19000:0:99999:7:::\n");
  EXPECT_EQ(inside("i-1", "ls -d " + data_dir_ +
                              " /work /etc/ssh/ssh_host_rsa_key 2>/dev/null; ls -A /tmp /etc/ssh"),
            "/etc/ssh:\n\n/tmp:\n");
  EXPECT_EQ(inside("i-1", "cat /proc/1/cmdline | tr '\\0' ' '"), "/opt/landfall/landfall instance-init ");
  EXPECT_LT(std::stoi(inside("i-1", "ls -d /proc/[0-9]* | wc -l")), 10) << "it sees the machine's processes";
  // Root inside is nobody outside.
  EXPECT_EQ(
      inside("i-1", "id -u; stat -c %u /etc/passwd /usr/bin/env; touch /usr/made && stat -c %u /usr/made"),
      "0\n0\n0\n0\n");
  struct stat made;
  ASSERT_EQ(stat((data_dir_ + "/host/workloads/i-1/upper/usr/made").c_str(), &made), 0);
  EXPECT_EQ(made.st_uid, 1'900'000'000u);
  // Denied: mounts, namespaces, the kernel's settings, devices.
  for (const char* command :
       {"mount -t tmpfs x /mnt", "unshare -m true", "unshare -U true", "echo 1 > /proc/sys/kernel/sysrq",
        "mknod /tmp/disk b 254 0 && cat /tmp/disk", "ip link set eth0 down", "dmesg", "date -s 2020-01-01"}) {
    int code = 0;
    inside("i-1", command, &code);
    EXPECT_NE(code, 0) << command;
  }
  ASSERT_TRUE(until([&] {
    return slurp(data_dir_ + "/host/workloads/i-1/console.log").find("ended with exit status 0") !=
           std::string::npos;
  }));
  answers_.clear();
  control_->send(to_json(GetConsoleOutput{.id = "c", .workload_id = "i-1"}));
  ASSERT_TRUE(until([&] { return answers_.contains("ConsoleOutput c"); }));
  const std::string console =
      from_base64(from_json<ConsoleOutput>(answers_["ConsoleOutput c"]).value().output_base64).value();
  EXPECT_NE(console.find("user data of ip-10-0-1-5.ec2.internal ran as 0"), std::string::npos) << console;

  // Limits hold.
  int code = 0;
  inside("i-1", "head -c 400M /dev/zero | tail", &code);
  EXPECT_NE(code, 0) << "400 MB in an instance of 256 MB";
  ASSERT_TRUE(until([&] { return usage_.contains("i-1"); }));
  EXPECT_GT(usage_["i-1"].cpu_ns, 0);
  EXPECT_GT(usage_["i-1"].memory_bytes, 0);

  // Reboot keeps the files and does not run the user data again.
  inside("i-1", "echo kept > /root/file");
  const int64_t pid = statuses_["i-1"].pid;
  workload.reboot_generation = 1;
  put("Workload", "i-1", workload);
  ASSERT_TRUE(until([&] { return statuses_["i-1"].state == "running" && statuses_["i-1"].pid != pid; }));
  pids_seen_.insert(statuses_["i-1"].pid);
  EXPECT_EQ(inside("i-1", "cat /root/file"), "kept\n");
  EXPECT_EQ(inside("i-1", "grep -c 'user data: running' /proc/1/fd/1 || true").substr(0, 1), "1");

  workload.desired = "stopped";
  put("Workload", "i-1", workload);
  ASSERT_TRUE(until_state("i-1", "stopped"));
  workload.desired = "running";
  put("Workload", "i-1", workload);
  ASSERT_TRUE(until_state("i-1", "running"));
  pids_seen_.insert(statuses_["i-1"].pid);
  remove("Workload", "i-1");
  ASSERT_TRUE(until_state("i-1", "removed"));
  EXPECT_FALSE(fs::exists(data_dir_ + "/host/workloads/i-1"));
}

TEST_F(HostTest, InstancesTalkAsTheirGroupsAllow) {
  put_vpc("vpc-1");
  put_vpc("vpc-2");
  for (const std::string vpc : {"vpc-1", "vpc-2"}) {
    put("Workload", "i-a-" + vpc, instance("i-a-" + vpc, vpc, "10.0.1.10"));
    put("Workload", "i-b-" + vpc, instance("i-b-" + vpc, vpc, "10.0.1.11"));
  }
  for (const char* id : {"i-a-vpc-1", "i-b-vpc-1", "i-a-vpc-2", "i-b-vpc-2"})
    ASSERT_TRUE(until_state(id, "running"));
  remember_traces("i-a-vpc-1");
  const std::string ask =
      "perl -MIO::Socket::INET -e 'my $s=IO::Socket::INET->new(PeerAddr=>$ARGV[0],Timeout=>1) or die; print "
      "<$s>' ";
  inside("i-b-vpc-1",
         "setsid perl -MIO::Socket::INET -e '$|=1; my @s=map "
         "{IO::Socket::INET->new(LocalPort=>$_,Listen=>5,ReuseAddr=>1)} 80,81; "
         "open(my $f,\">/tmp/up\"); close $f; "
         "if(!fork){while(my $c=$s[1]->accept){print $c \"from 81\\n\";close $c}} while(my "
         "$c=$s[0]->accept){print $c \"from 80\\n\"; close $c}' "
         ">/dev/null 2>&1 </dev/null & while [ ! -e /tmp/up ]; do :; done");
  EXPECT_EQ(inside("i-a-vpc-1", ask + "10.0.1.11:80"), "from 80\n");
  int code = 0;
  inside("i-a-vpc-1", ask + "10.0.1.11:81", &code);
  EXPECT_NE(code, 0) << "port 81 is not allowed";
  inside("i-a-vpc-2", ask + "10.0.1.11:80", &code);
  EXPECT_NE(code, 0) << "the other VPC's instance of the same address answered";
}

TEST_F(HostTest, TheEndOfAWorkloadIsToldAtOnceWithItsStatus) {
  put_vpc("vpc-1");
  Workload engine = instance("db-1", "vpc-1", "10.0.1.20");
  engine.kind = "engine";
  engine.uid = engine.gid = 64702;
  engine.argv = {"/bin/sh", "-c",
                 "id -u > /data/uid; trap 'exit 3' USR1; touch /data/up; while :; do sleep 0.1; done"};
  engine.mounts = {{.source = "db-1-data", .target = "/data"}};
  put("Workload", "db-1", engine);
  ASSERT_TRUE(until_state("db-1", "running"));
  remember_traces("db-1");
  const std::string volume = data_dir_ + "/host/volumes/db-1-data";
  ASSERT_TRUE(until([&] { return fs::exists(volume + "/up"); }));
  EXPECT_EQ(slurp(volume + "/uid"), "64702\n");
  kill(static_cast<pid_t>(statuses_["db-1"].pid), SIGUSR1);
  ASSERT_TRUE(until_state("db-1", "exited"));
  EXPECT_EQ(statuses_["db-1"].exit_code, 3);

  engine.reboot_generation = 1;
  put("Workload", "db-1", engine);
  ASSERT_TRUE(until_state("db-1", "running"));
  pids_seen_.insert(statuses_["db-1"].pid);
  answers_.clear();
  const auto start = Time::now();
  control_->send(to_json(KillWorkload{.id = "k", .workload_id = "db-1"}));
  ASSERT_TRUE(until_state("db-1", "exited"));
  const double noticed = std::chrono::duration<double, std::milli>(observed_at_["db-1"] - start).count();
  std::printf("end of a killed workload known after %.1f ms\n", noticed);
  EXPECT_LT(noticed, 1000);
  EXPECT_EQ(statuses_["db-1"].exit_code, 137);
}

TEST_F(HostTest, AKilledHostLosesNoWorkloadAndTheNextOneAdoptsThem) {
  put_vpc("vpc-1");
  put("Workload", "i-1", instance("i-1", "vpc-1", "10.0.1.5"));
  put("Workload", "i-2", instance("i-2", "vpc-1", "10.0.1.6"));
  ASSERT_TRUE(until_state("i-1", "running"));
  ASSERT_TRUE(until_state("i-2", "running"));
  remember_traces("i-1");
  const int64_t first = statuses_["i-1"].pid, second = statuses_["i-2"].pid;
  pids_seen_.insert(second);
  inside("i-1", "echo mark > /tmp/mark");

  kill_host();
  EXPECT_EQ(kill(static_cast<pid_t>(first), 0), 0) << "the instance died with host";
  kill(static_cast<pid_t>(second), SIGKILL);
  statuses_.clear();
  start_host();
  ASSERT_TRUE(until_state("i-1", "running"));
  EXPECT_EQ(statuses_["i-1"].pid, first);
  EXPECT_EQ(from_json<SyncResult>(answers_["SyncResult "]).value().wanted.size(), 0u)
      << "it remembers what is desired";
  EXPECT_EQ(inside("i-1", "cat /tmp/mark"), "mark\n");
  ASSERT_TRUE(until_state("i-2", "exited"));

  // And the adopted one's end is noticed too.
  kill(static_cast<pid_t>(first), SIGKILL);
  ASSERT_TRUE(until_state("i-1", "exited"));
}

TEST_F(HostTest, AfterEverythingWasKilledEvenTheMountsTheNextHostStartsAllAgain) {
  put_vpc("vpc-1");
  put("Workload", "i-1", instance("i-1", "vpc-1", "10.0.1.5"));
  ASSERT_TRUE(until_state("i-1", "running"));
  remember_traces("i-1");
  inside("i-1", "echo mark > /root/mark");
  const int64_t first = statuses_["i-1"].pid;
  kill_host();
  // As when `up` is killed, with whom its mount namespace goes: the instance lives on, cut off from a network
  // that is gone.
  std::vector<std::string> mounts;
  std::istringstream lines(slurp("/proc/self/mounts"));
  for (std::string source, target, rest; lines >> source >> target && std::getline(lines, rest);)
    if (target.starts_with(data_dir_)) mounts.push_back(target);
  EXPECT_GE(mounts.size(), 4u) << "mnt, two namespaces and an overlay";
  for (auto it = mounts.rbegin(); it != mounts.rend(); ++it)
    EXPECT_EQ(umount2(it->c_str(), MNT_DETACH), 0) << *it;
  statuses_.clear();
  start_host();
  ASSERT_TRUE(until([&] { return statuses_["i-1"].state == "running" && statuses_["i-1"].pid != first; }));
  EXPECT_FALSE(is_alive(first));
  pids_seen_.insert(statuses_["i-1"].pid);
  EXPECT_EQ(inside("i-1", "cat /root/mark"), "mark\n");
}

TEST_F(HostTest, ATerminalExecHasAControllingTerminalOfItsOwn) {
  put_vpc("vpc-1");
  put("Workload", "i-1", instance("i-1", "vpc-1", "10.0.1.5"));
  ASSERT_TRUE(until_state("i-1", "running"));
  remember_traces("i-1");
  control_->send(to_json(Exec{.id = "t",
                              .workload_id = "i-1",
                              .argv = {"sh", "-c", "tty; stty size </dev/tty; exit 5"},
                              .env = {{"PATH", "/usr/bin:/bin"}},
                              .tty = true,
                              .rows = 33,
                              .columns = 99}));
  ASSERT_TRUE(until([&] { return answers_.contains("ExecExited t") || answers_.contains("Failure t"); }));
  ASSERT_TRUE(answers_.contains("ExecExited t")) << answers_["Failure t"];
  EXPECT_EQ(from_json<ExecExited>(answers_["ExecExited t"]).value().exit_code, 5);
  ASSERT_EQ(descriptors_.size(), 1u);
  // A terminal gives a line at a time; after the last, its other side being closed, EIO.
  std::string written;
  char bytes[256];
  for (ssize_t n; (n = read(descriptors_[0].get(), bytes, sizeof bytes)) > 0;)
    written.append(bytes, static_cast<size_t>(n));
  EXPECT_NE(written.find("/dev/pts/0"), std::string::npos) << written;
  EXPECT_NE(written.find("33 99"), std::string::npos) << written;
}

TEST_F(HostTest, RefusesWhoMayNotAndWhatItCannotRead) {
  control_->send("this is not JSON");
  control_->send("{\"type\":\"Nonsense\",\"id\":\"n\"}");
  ASSERT_TRUE(until([&] { return answers_.contains("Failure n"); }));
  control_->send(to_json(Put{.kind = "Workload", .id = "../../etc", .version = 1, .document = "{}"}));
  ASSERT_TRUE(until([&] { return answers_.contains("Failure ../../etc"); }));
  // A peer of edge's uid may ask for sockets and nothing else; of another uid, not even connect for long.
  const auto as_uid = [&](uid_t uid) {
    const FinishedProcess done =
        run_process(
            {.argv = {"perl", "-MSocket", "-e",
                      "socket(my $s,PF_UNIX,SOCK_STREAM,0); connect($s,sockaddr_un($ARGV[0])) or die \"no "
                      "connection\\n\"; "
                      "my $m='{\"type\":\"Sync\",\"id\":\"x\"}'; syswrite $s, pack('VV',length $m,0).$m; "
                      "my $n=sysread $s, my $b, 4096; print $n ? substr($b,8) : 'closed';",
                      data_dir_ + "/run/host.sock"},
             .cwd = "/",
             .uid = uid,
             .gid = 64700})
            .value();
    return done.output;
  };
  std::string edge, other;
  std::thread asking([&] {
    edge = as_uid(64701);
    other = as_uid(64999);
  });
  asking.join();
  EXPECT_NE(edge.find("may not send Sync"), std::string::npos) << edge;
  EXPECT_TRUE(other == "closed" || other.empty()) << other;  // empty: cut off before it could even write
}

TEST_F(HostTest, TwentyInstancesStartTogether) {
  auto start = Time::now();
  put_vpc("vpc-1");
  ASSERT_TRUE(until([&] { return networks_["vpc-1"] == "available"; }));
  std::printf("VPC available after %.1f ms\n", ms_since(start));
  start = Time::now();
  put("Workload", "i-first", instance("i-first", "vpc-1", "10.0.1.5"));
  ASSERT_TRUE(until_state("i-first", "running"));
  remember_traces("i-first");
  std::printf("one instance running after %.1f ms\n", ms_since(start));
  start = Time::now();
  for (int i = 0; i < 20; ++i) {
    const std::string id = "i-" + std::to_string(i);
    put("Workload", id, instance(id, "vpc-1", "10.0.1." + std::to_string(20 + i)));
  }
  ASSERT_TRUE(until(
      [&] {
        for (int i = 0; i < 20; ++i)
          if (statuses_["i-" + std::to_string(i)].state != "running") return false;
        return true;
      },
      30'000));
  std::printf("20 instances running after %.1f ms\n", ms_since(start));
  start = Time::now();
  stop_host();
  std::printf("the world of 21 instances ended in %.1f ms\n", ms_since(start));
}

}  // namespace landfall::host
