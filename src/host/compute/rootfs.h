// Rootfs: a workload's root file system: an overlay of the machine's `/`, and the files that Landfall writes
// into it.
//
// Whatever is written here is written to a tree that root of the workload may have filled with symbolic
// links: every path is resolved inside that tree (openat2(2), RESOLVE_IN_ROOT), and files are replaced, never
// written through.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "host/protocol.h"

namespace landfall::host {

struct RootfsPaths {
  std::string directory;    // host/workloads/<id>: upper/ and work/ live there
  std::string merged;       // where the overlay is mounted
  std::string data_dir;     // hidden inside
  std::string lower = "/";  // the machine's root, or its shifted mount
  uint32_t id_base = 0;     // of lower (id_map.h)
};

// Makes and masks the upper directory if there is none yet (made under another name and renamed, so that a
// crash leaves no half), and mounts the overlay if it is not mounted.
Result<> mount_rootfs(const RootfsPaths& paths);
Result<> unmount_rootfs(const RootfsPaths& paths);  // not mounted: fine
// upper and work too: the file system's content is gone.
Result<> remove_rootfs(const RootfsPaths& paths);

// A tree that files are written into.
class Tree {
 public:
  // Everything written gets its owner shifted by id_base.
  static Result<Tree> open(const std::string& root, uint32_t id_base = 0);
  Result<> write_file(const WorkloadFile& file) const;
  Result<> make_directories(const std::string& path) const;
  Result<> replace_symlink(const std::string& path, const std::string& target) const;
  Result<std::string> read_file(const std::string& path) const;  // Error ENOENT: none

 private:
  Tree(UniqueFd root, uint32_t id_base) : root_(std::move(root)), id_base_(id_base) {}
  Result<UniqueFd> open_parent(const std::string& path) const;
  UniqueFd root_;
  uint32_t id_base_;
};

struct SystemFiles {
  std::string hostname;  // "ip-10-0-1-5.ec2.internal"
  std::string address;   // "10.0.1.5"
  std::string resolver;  // "10.0.0.2"
  std::string ca_certificate_pem;
};
// /etc/hostname, /etc/hosts, /etc/resolv.conf, /etc/machine-id and the trust store.
Result<> write_system_files(const Tree& tree, const SystemFiles& files);

}  // namespace landfall::host
