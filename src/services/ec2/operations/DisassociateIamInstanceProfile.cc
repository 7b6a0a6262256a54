#include "ec2/operations.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DisassociateIamInstanceProfileResult DisassociateIamInstanceProfile(
    Call& call, const DisassociateIamInstanceProfileRequest& in) {
  const std::string id = in.AssociationId.value_or("");
  for (const auto& [instance_id, record] : rows(call, kInstances).all()) {
    if (record->instance_profile_association_id != id || id.empty()) continue;
    DisassociateIamInstanceProfileResult out;
    out.IamInstanceProfileAssociation = render_profile_association(*record);
    out.IamInstanceProfileAssociation->State = "disassociating";
    InstanceRecord instance = *record;
    instance.instance_profile_arn.clear();
    instance.instance_profile_id.clear();
    instance.instance_profile_association_id.clear();
    put_instance(call, instance);
    publish_metadata(call, instance.vpc_id);
    return out;
  }
  throw_error("InvalidAssociationID.NotFound",
              fmt::format("An invalid association-id of '{}' was given", id));
}

}  // namespace landfall::ec2
