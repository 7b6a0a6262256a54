#include "ec2/operations.h"
#include "services/ec2/client_tokens.h"
#include "services/ec2/instances.h"
#include "services/ec2/launch.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {

Reservation render_launched(const Call& call, const std::vector<InstanceRecord>& instances) {
  Reservation out = render_reservation(call, instances.front());
  for (const InstanceRecord& instance : instances) out.Instances.push_back(render(call, instance));
  return out;
}

std::vector<InstanceRecord> launched_before(const Call& call, const std::string& reservation_id) {
  std::vector<InstanceRecord> out;
  rows(call, kInstances).each([&](std::string_view, const InstanceRecord& i) {
    if (i.reservation_id == reservation_id) out.push_back(i);
  });
  return out;
}

}  // namespace

// The same client token with the same parameters gives the same instances:
// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
Reservation RunInstances(Call& call, const RunInstancesRequest& in) {
  const std::string hash = parameters_hash(in);
  auto tokens = call.rows(kClientTokens);
  if (in.ClientToken) {
    if (const auto before = tokens.get(*in.ClientToken)) {
      if (before->parameters_hash != hash)
        throw_error("IdempotentParameterMismatch",
                    "Arguments on this idempotent request are inconsistent with arguments used in previous "
                    "request(s).");
      if (const auto instances = launched_before(call, before->made_id); !instances.empty())
        return render_launched(call, instances);
    }
  }
  const std::vector<InstanceRecord> instances = launch(call, in);
  if (in.ClientToken)
    tokens.put(*in.ClientToken, {.made_id = instances.front().reservation_id, .parameters_hash = hash});
  return render_launched(call, instances);
}

}  // namespace landfall::ec2
