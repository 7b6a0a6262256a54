#include "base/encoding.h"
#include "ec2/operations.h"
#include "services/ec2/console.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

GetConsoleOutputResult GetConsoleOutput(Call& call, const GetConsoleOutputRequest& in) {
  const auto instance = require_instance(call, in.InstanceId);
  GetConsoleOutputResult out;
  out.InstanceId = instance->instance_id;
  refresh_console(call.plane, instance->instance_id);
  if (const auto console = known_console(call.plane, instance->instance_id)) {
    out.Output = to_base64(console->output.reveal());
    out.Timestamp = console->at;
  }
  return out;
}

}  // namespace landfall::ec2
