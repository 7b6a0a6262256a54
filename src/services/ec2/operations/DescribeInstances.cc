#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

// In reservations: the instances that one RunInstances made, in the order that they came to be found.
DescribeInstancesResult DescribeInstances(Call& call, const DescribeInstancesRequest& in) {
  require_instances(call, in.InstanceIds);
  const auto page = describe(call, kInstances, query_of(in, in.InstanceIds), instance_fields(call));
  DescribeInstancesResult out;
  for (const auto& [id, instance] : page.rows) {
    auto found = std::ranges::find_if(
        out.Reservations, [&](const Reservation& r) { return r.ReservationId == instance->reservation_id; });
    if (found == out.Reservations.end()) {
      out.Reservations.push_back(render_reservation(call, *instance));
      found = out.Reservations.end() - 1;
    }
    found->Instances.push_back(render(call, *instance));
  }
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
