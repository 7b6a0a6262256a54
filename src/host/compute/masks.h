// What of the machine's root file system a workload does not see.
//
// A workload's root is an overlay: the machine's `/` below, its own upper directory above. Before the first
// start the upper directory is filled with overlay marks: a whiteout (character device 0/0) hides a file or
// directory, an opaque directory (xattr trusted.overlay.opaque) hides what is below it. The marks cannot be
// undone from inside: overlayfs does not show them there, and no workload has CAP_SYS_ADMIN.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace landfall::host {

struct MaskedPath {
  const char* path;  // relative to the root
  const char* reason;
};

// Everything at the root's top that is not one of these is hidden: data a machine's owner keeps in /data,
// /srv, /work or wherever is nobody's business.
std::vector<std::string> kept_top_level();
// Seen as empty directories.
const std::vector<MaskedPath>& emptied_directories();
// Not there at all.
const std::vector<MaskedPath>& hidden_files();

struct MaskOptions {
  std::string lower = "/";
  std::string upper;                     // exists and is empty
  uint32_t id_base = 0;                  // added to every owner (id_map.h)
  std::vector<std::string> also_hidden;  // absolute paths in lower, e.g. the data directory
};
Result<> write_masks(const MaskOptions& options);

// A shadow file in which no account of `passwd` has a password.
std::string locked_shadow(const std::string& passwd);

}  // namespace landfall::host
