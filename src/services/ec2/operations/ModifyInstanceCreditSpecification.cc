#include "ec2/operations.h"
#include "services/ec2/instance_settings.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {
// Of each instance apart: why not, or nothing where it was done.
std::optional<UnsuccessfulInstanceCreditSpecificationItemError> change(
    Call& call, const InstanceCreditSpecificationRequest& in) {
  try {
    InstanceRecord instance = *require_instance(call, in.InstanceId);
    if (!find_instance_type(instance.instance_type)->burstable)
      throw_error("InstanceCreditSpecification.NotSupported",
                  fmt::format("The instance {} does not support credit specification", instance.instance_id));
    instance.settings.cpu_credits = checked_credits(in.CpuCredits.value_or(""));
    put_instance(call, instance);
    return std::nullopt;
  } catch (const ServiceError& error) {
    return UnsuccessfulInstanceCreditSpecificationItemError{.Code = error.code(), .Message = error.message()};
  }
}
}  // namespace

ModifyInstanceCreditSpecificationResult ModifyInstanceCreditSpecification(
    Call& call, const ModifyInstanceCreditSpecificationRequest& in) {
  ModifyInstanceCreditSpecificationResult out;
  for (const InstanceCreditSpecificationRequest& one : in.InstanceCreditSpecifications) {
    if (auto error = change(call, one)) {
      out.UnsuccessfulInstanceCreditSpecifications.push_back(
          {.InstanceId = one.InstanceId, .Error = std::move(error)});
    } else {
      out.SuccessfulInstanceCreditSpecifications.push_back({.InstanceId = one.InstanceId});
    }
  }
  return out;
}

}  // namespace landfall::ec2
