// DesiredState: the documents that control wants to be true, typed, and kept on disk so that a restarted host
// needs no control.
//
// Invariant: what is in memory is what is in the directory: <directory>/<kind>/<id>.json, mode 0600 (they
// hold secrets).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "host/network/networks.h"
#include "host/protocol.h"

namespace landfall::host {

class DesiredState {
 public:
  // Reads what is there. A document that cannot be read is left out, with a line in the log: control sends it
  // again.
  static Result<DesiredState> load(std::string directory);

  // Error: unknown kind, an id that is no file name, or a document that is not of that kind; nothing has
  // changed then.
  Result<> put(const Put& put);
  Result<> remove(const std::string& kind, const std::string& id);  // unknown: fine

  struct SyncDifference {
    std::vector<mirror::Item> wanted;    // of the peer's list, what we have not in that version
    std::vector<mirror::Item> unlisted;  // what we have and the peer does not list
  };
  SyncDifference compare(const std::vector<mirror::Item>& items) const;

  const DesiredNetworks& networks() const { return networks_; }
  const std::map<std::string, Workload>& workloads() const { return workloads_; }
  const std::map<std::string, Volume>& volumes() const { return volumes_; }

 private:
  explicit DesiredState(std::string directory) : directory_(std::move(directory)) {}
  Result<> accept(const Put& put);
  void forget(const std::string& kind, const std::string& id);
  std::string path_of(const std::string& kind, const std::string& id) const;

  std::string directory_;
  std::map<std::string, std::map<std::string, int64_t>> versions_;  // kind -> id -> version
  DesiredNetworks networks_;
  std::map<std::string, Workload> workloads_;
  std::map<std::string, Volume> volumes_;
};

}  // namespace landfall::host
