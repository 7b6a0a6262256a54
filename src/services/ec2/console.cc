#include "services/ec2/console.h"

#include "base/encoding.h"
#include "gateway/observations.h"

namespace landfall::ec2 {

namespace {
struct ConsoleDocument {
  std::string output_base64;  // a console may print anything
  Timestamp at;
  template <class V>
  void fields(V& v) {
    v("output_base64", output_base64);
    v("at", at);
  }
};
}  // namespace

void refresh_console(ControlPlane& plane, const std::string& instance_id) {
  plane.host.console_output(instance_id, [&plane, instance_id](Result<std::string> output) {
    if (!output) return;  // host is away or the workload gone: what is known stays
    if (output->size() > kConsoleTailBytes) output->erase(0, output->size() - kConsoleTailBytes);
    plane.observations.put(kConsoleKind, instance_id,
                           to_json(ConsoleDocument{to_base64(*output), plane.clock.now()}));
  });
}

std::optional<Console> known_console(const ControlPlane& plane, const std::string& instance_id) {
  const auto document = plane.observations.get<ConsoleDocument>(kConsoleKind, instance_id);
  if (!document) return std::nullopt;
  auto output = from_base64(document->output_base64);
  LF_INVARIANT(output.has_value(), "a console that was not kept as base64");
  return Console{Secret(std::move(*output)), document->at};
}

}  // namespace landfall::ec2
