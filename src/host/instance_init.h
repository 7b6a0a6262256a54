// instance-init: pid 1 of an instance. It runs the user data once per root file system, reaps orphans, and
// ends the instance in order when asked to.
//
// Console: its standard output, which host keeps (GetConsoleOutput). User data: kUserDataPath, written by
// host before the start. SIGTERM (stop), SIGPWR: every process gets SIGTERM, then after kShutdownGraceMs
// SIGKILL.
#pragma once

namespace landfall::host {

inline constexpr const char* kUserDataPath = "/var/lib/cloud/instance/user-data.txt";
inline constexpr const char* kUserDataDonePath = "/var/lib/cloud/instance/boot-finished";
inline constexpr int kShutdownGraceMs = 1500;

int instance_init(int argc, char** argv);

}  // namespace landfall::host
