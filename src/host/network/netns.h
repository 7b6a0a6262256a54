// Network namespaces: made here, kept alive by a bind mount of their file, found again by it after a restart.
//
// Threads: entering a namespace concerns the calling thread alone; `host` has one.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace landfall::host {

// A new namespace, mounted on the file `path` (made if missing). Returns it open.
Result<UniqueFd> create_netns(const std::string& path);

// The same, owned by a new user namespace whose ids are shifted by `id_base` (compute/id_map.h), which is
// mounted on `userns_path`: so that root there has the powers over this network that its capabilities name,
// and over nothing else.
Result<UniqueFd> create_owned_netns(const std::string& path, const std::string& userns_path,
                                    uint32_t id_base);

// The namespace mounted on `path`; an Error if there is none (a plain file is not a namespace).
Result<UniqueFd> open_netns(const std::string& path);

// Unmounts and removes the file. The namespace dies with its last process, socket and interface. Missing:
// fine.
Result<> remove_netns(const std::string& path);

// While it lives, this thread is in that namespace. Aborts if it cannot come back: going on would act on the
// wrong network.
class NetnsScope {
 public:
  static Result<NetnsScope> enter(int netns_fd);
  NetnsScope(NetnsScope&& other) noexcept = default;
  ~NetnsScope();

 private:
  explicit NetnsScope(UniqueFd home) : home_(std::move(home)) {}
  UniqueFd home_;
};

// Writes /proc/sys/net/<name> of the namespace this thread is in, e.g. "ipv4/ip_forward".
Result<> set_net_sysctl(const std::string& name, const std::string& value);

}  // namespace landfall::host
