#include "ec2/operations.h"
#include "services/ec2/instance_profile.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

AssociateIamInstanceProfileResult AssociateIamInstanceProfile(Call& call,
                                                              const AssociateIamInstanceProfileRequest& in) {
  InstanceRecord instance = *require_instance(call, in.InstanceId);
  if (!in.IamInstanceProfile) throw_missing("IamInstanceProfile");
  if (instance.state != LifeState::running && instance.state != LifeState::stopped &&
      instance.state != LifeState::pending)
    throw_error(
        "IncorrectInstanceState",
        fmt::format("The instance '{}' is not in a state for which an instance profile can be associated",
                    instance.instance_id));
  if (!instance.instance_profile_arn.empty())
    throw_error("IncorrectState",
                fmt::format("There is an existing association for instance {}", instance.instance_id));
  const InstanceProfile profile =
      require_instance_profile(call, {in.IamInstanceProfile->Arn, in.IamInstanceProfile->Name});
  instance.instance_profile_arn = profile.arn;
  instance.instance_profile_id = profile.id;
  instance.instance_profile_association_id = new_id(call, "iip-assoc-");
  put_instance(call, instance);
  publish_metadata(call, instance.vpc_id);
  AssociateIamInstanceProfileResult out;
  out.IamInstanceProfileAssociation = render_profile_association(instance);
  return out;
}

}  // namespace landfall::ec2
