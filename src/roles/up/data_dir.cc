#include "roles/up/data_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "base/files.h"

namespace landfall::roles {

namespace {

struct Folder {
  std::string path;
  uint32_t uid;
  uint32_t gid;
  mode_t mode;
};

Result<> make_folder(const Folder& folder) {
  if (::mkdir(folder.path.c_str(), 0700) != 0 && errno != EEXIST) return fail_errno("mkdir " + folder.path);
  // O_NOFOLLOW: a link put here by another user is refused, not followed by root.
  UniqueFd fd(::open(folder.path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) return fail_errno("open " + folder.path);
  if (::fchown(fd.get(), folder.uid, folder.gid) != 0) return fail_errno("chown " + folder.path);
  if (::fchmod(fd.get(), folder.mode) != 0) return fail_errno("chmod " + folder.path);
  return {};
}

Result<> sync_names(const std::string& folder) {
  Result<> synced = sync_directory(folder);
  // A file system that cannot has nothing to lose.
  if (!synced && synced.error().error_number == EINVAL) return {};
  return synced;
}

// control and edge have users of their own, which must be able to pass through every folder above.
Result<> check_reachable(const std::string& root) {
  for (auto path = std::filesystem::path(root).parent_path(); path != path.root_path();
       path = path.parent_path()) {
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) return fail_errno("stat " + path.string());
    if (!(info.st_mode & S_IXOTH))
      return fail("data directory " + root + ": other users cannot pass through " + path.string() +
                  " (chmod o+x it, or choose another --data-dir)");
  }
  return {};
}

Result<> remove_stale_sockets(const std::string& run) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(run, error))
    if (entry.is_socket()) ::unlink(entry.path().c_str());
  if (error) return fail("read " + run + ": " + error.message());
  return {};
}

std::string holder_of(int fd) {
  char buffer[32] = {};
  const ssize_t count = ::pread(fd, buffer, sizeof buffer - 1, 0);
  std::string pid(buffer, count > 0 ? static_cast<size_t>(count) : 0);
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  return pid.empty() ? "another process" : "process " + pid;
}

}  // namespace

Result<> prepare_data_dir(const Layout& layout, const Users& users) {
  LF_CHECK(check_reachable(layout.root));
  const uint32_t control = users.control;
  const Folder folders[] = {
      {layout.root, 0, 0, 0755},
      {layout.ca_dir(), control, control, 0755},
      {layout.control(), control, control, 0700},
      {layout.edge(), users.edge, users.edge, 0700},
      {layout.host(), 0, 0, 0711},
      {layout.run(), 0, control, S_ISGID | S_ISVTX | 0771},
      {layout.log(), 0, 0, 0755},
  };
  for (const Folder& folder : folders) LF_CHECK(make_folder(folder));
  // What the roles store durably must not go with the name of a folder above it.
  for (const std::string& above : {layout.root, std::filesystem::path(layout.root).parent_path().string()})
    LF_CHECK(sync_names(above));
  return remove_stale_sockets(layout.run());
}

Result<UniqueFd> lock_data_dir(const Layout& layout) {
  std::error_code error;
  std::filesystem::create_directories(layout.root, error);
  if (error) return fail("create " + layout.root + ": " + error.message());
  UniqueFd fd(::open(layout.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!fd) return fail_errno("open " + layout.lock());
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail_errno("lock " + layout.lock());
    return fail("a Landfall already runs on " + layout.root + " (" + holder_of(fd.get()) +
                "); `landfall down --data-dir " + layout.root + "` stops it");
  }
  return fd;
}

bool is_locked(const Layout& layout) {
  UniqueFd fd(::open(layout.lock().c_str(), O_RDONLY | O_CLOEXEC));
  return fd && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace landfall::roles
