#include "host/network/netns.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <utility>

#include "host/compute/id_map.h"

namespace landfall::host {

namespace {

constexpr const char* kOwnNetns = "/proc/thread-self/ns/net";

Result<UniqueFd> open_own() {
  UniqueFd fd(open(kOwnNetns, O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("open own network namespace");
  return fd;
}

}  // namespace

Result<NetnsScope> NetnsScope::enter(int netns_fd) {
  LF_TRY(UniqueFd home, open_own());
  if (setns(netns_fd, CLONE_NEWNET) != 0) return fail_errno("setns");
  return NetnsScope(std::move(home));
}

NetnsScope::~NetnsScope() {
  if (home_)
    LF_INVARIANT(setns(home_.get(), CLONE_NEWNET) == 0, "cannot return to the machine's network namespace");
}

Result<UniqueFd> create_netns(const std::string& path) {
  UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0400));
  if (!file) return fail_errno("create " + path);
  LF_TRY(UniqueFd home, open_own());
  if (unshare(CLONE_NEWNET) != 0) return fail_errno("unshare network namespace");
  Result<> mounted;
  if (mount(kOwnNetns, path.c_str(), nullptr, MS_BIND, nullptr) != 0) mounted = fail_errno("mount " + path);
  LF_INVARIANT(setns(home.get(), CLONE_NEWNET) == 0, "cannot return to the machine's network namespace");
  LF_CHECK(mounted);
  return open_netns(path);
}

Result<UniqueFd> create_owned_netns(const std::string& path, const std::string& userns_path,
                                    uint32_t id_base) {
  for (const std::string& file : {path, userns_path})
    if (!UniqueFd(open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0400)))
      return fail_errno("create " + file);
  LF_CHECK(with_shifted_namespaces(
      CLONE_NEWUSER | CLONE_NEWNET, id_base, [&](const std::string& directory) -> Result<> {
        for (const auto& [name, file] : {std::pair{"/net", path}, {"/user", userns_path}})
          if (mount((directory + name).c_str(), file.c_str(), nullptr, MS_BIND, nullptr) != 0)
            return fail_errno("mount " + file);
        return {};
      }));
  return open_netns(path);
}

Result<UniqueFd> open_netns(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("open " + path);
  struct statfs info;
  if (fstatfs(fd.get(), &info) != 0) return fail_errno("statfs " + path);
  if (info.f_type != NSFS_MAGIC) return fail(path + " is no namespace", ENOENT);
  return fd;
}

Result<> remove_netns(const std::string& path) {
  // EINVAL: not mounted. Lazily: a container that is starting may hold a copy of the mount for a moment.
  if (umount2(path.c_str(), MNT_DETACH) != 0 && errno != EINVAL && errno != ENOENT)
    return fail_errno("umount " + path);
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return fail_errno("unlink " + path);
  return {};
}

Result<> set_net_sysctl(const std::string& name, const std::string& value) {
  const std::string path = "/proc/sys/net/" + name;
  UniqueFd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return fail_errno("open " + path);
  if (write(fd.get(), value.data(), value.size()) < 0) return fail_errno("write " + path);
  return {};
}

}  // namespace landfall::host
