#include "ec2/operations.h"
#include "services/ec2/instance_settings.h"
#include "services/ec2/instances.h"
#include "services/ec2/refused.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

ModifyInstanceCapacityReservationAttributesResult ModifyInstanceCapacityReservationAttributes(
    Call& call, const ModifyInstanceCapacityReservationAttributesRequest& in) {
  static constexpr aws::Refusal kRefusals[] = {{"CapacityReservationSpecification.CapacityReservationTarget",
                                                "Landfall has no Capacity Reservations", ""}};
  refuse(in, kRefusals);
  InstanceRecord instance = *require_instance(call, in.InstanceId);
  if (!in.CapacityReservationSpecification) throw_missing("CapacityReservationSpecification");
  instance.settings.capacity_reservation =
      checked_capacity(in.CapacityReservationSpecification->CapacityReservationPreference.value_or(""));
  put_instance(call, instance);
  ModifyInstanceCapacityReservationAttributesResult out;
  out.Return = true;
  return out;
}

}  // namespace landfall::ec2
