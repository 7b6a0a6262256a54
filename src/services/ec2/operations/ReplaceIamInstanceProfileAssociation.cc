#include "ec2/operations.h"
#include "services/ec2/instance_profile.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

ReplaceIamInstanceProfileAssociationResult ReplaceIamInstanceProfileAssociation(
    Call& call, const ReplaceIamInstanceProfileAssociationRequest& in) {
  for (const auto& [id, found] : rows(call, kInstances).all()) {
    if (found->instance_profile_arn.empty() ||
        found->instance_profile_association_id != in.AssociationId.value_or(""))
      continue;
    const InstanceProfile profile =
        require_instance_profile(call, {in.IamInstanceProfile->Arn, in.IamInstanceProfile->Name});
    InstanceRecord instance = *found;
    instance.instance_profile_arn = profile.arn;
    instance.instance_profile_id = profile.id;
    instance.instance_profile_association_id = new_id(call, "iip-assoc-");
    put_instance(call, instance);
    publish_metadata(call, instance.vpc_id);
    ReplaceIamInstanceProfileAssociationResult out;
    out.IamInstanceProfileAssociation = render_profile_association(instance);
    return out;
  }
  throw_error("InvalidAssociationID.NotFound",
              fmt::format("An invalid association-id of '{}' was given", in.AssociationId.value_or("")));
}

}  // namespace landfall::ec2
