#include "host/compute/id_map.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace landfall::host {

namespace {

Result<> write_map(pid_t pid, const char* file, uint32_t base) {
  const std::string path = "/proc/" + std::to_string(pid) + "/" + file;
  UniqueFd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return fail_errno("open " + path);
  const std::string text = "0 " + std::to_string(base) + " " + std::to_string(kIdCount) + "\n";
  if (write(fd.get(), text.data(), text.size()) < 0) return fail_errno("write " + path);
  return {};
}

Result<> map_ids(pid_t pid, uint32_t base) {
  LF_CHECK(write_map(pid, "uid_map", base));
  return write_map(pid, "gid_map", base);
}

Result<UniqueFd> create_user_namespace(uint32_t base) {
  UniqueFd fd;
  LF_CHECK(with_shifted_namespaces(CLONE_NEWUSER, base, [&](const std::string& namespaces) -> Result<> {
    fd = UniqueFd(open((namespaces + "/user").c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return fail_errno("open user namespace");
    return {};
  }));
  return fd;
}

bool is_mount_point(const std::string& path) {
  // The mount shows the root directory of a file system; a plain directory of ours never has an /etc.
  struct stat etc;
  return stat((path + "/etc").c_str(), &etc) == 0;
}

}  // namespace

Result<> with_shifted_namespaces(int flags, uint32_t base,
                                 const std::function<Result<>(const std::string&)>& use) {
  int made[2];
  if (pipe2(made, O_CLOEXEC) != 0) return fail_errno("pipe2");
  UniqueFd reader(made[0]), writer(made[1]);
  const pid_t pid = fork();
  if (pid < 0) return fail_errno("fork");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char result = unshare(flags) == 0 ? 'y' : 'n';
    [[maybe_unused]] ssize_t n = write(writer.get(), &result, 1);
    while (true) pause();
  }
  writer.reset();
  char result = 'n';
  Result<> used = fail("cannot make a user namespace");
  if (read(reader.get(), &result, 1) == 1 && result == 'y') {
    used = map_ids(pid, base);
    if (used) used = use("/proc/" + std::to_string(pid) + "/ns");
  }
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  return used;
}

Result<> mount_shifted_root(const std::string& path, uint32_t base) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return fail_errno("mkdir " + path);
  if (is_mount_point(path)) return {};
  LF_TRY(const UniqueFd user_namespace, create_user_namespace(base));
  UniqueFd tree(static_cast<int>(syscall(SYS_open_tree, AT_FDCWD, "/", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)));
  if (!tree) return fail_errno("open_tree /");
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_IDMAP | MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV;
  attributes.userns_fd = static_cast<uint64_t>(user_namespace.get());
  if (syscall(SYS_mount_setattr, tree.get(), "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0)
    return fail_errno("shift the ids of /");
  if (syscall(SYS_move_mount, tree.get(), "", AT_FDCWD, path.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0)
    return fail_errno("mount " + path);
  return {};
}

}  // namespace landfall::host
