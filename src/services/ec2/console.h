// The console of an instance: host keeps it, and is asked asynchronously, while handlers do not wait. So an
// answer says what was known when it was asked for, and asks for more; the reconciler asks too when an
// instance starts or ends. Kept among the observations: in memory only, newest kConsoleTailBytes.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/secret.h"
#include "gateway/control_plane.h"

namespace landfall::ec2 {

inline constexpr size_t kConsoleTailBytes = 65536;  // what GetConsoleOutput gives: 64 KB
inline constexpr char kConsoleKind[] = "ec2.console";

struct Console {
  Secret output;
  Timestamp at;
};

void refresh_console(ControlPlane& plane, const std::string& instance_id);
std::optional<Console> known_console(const ControlPlane& plane, const std::string& instance_id);

}  // namespace landfall::ec2
