#include "ec2/operations.h"
#include "services/ec2/instances.h"
#include "services/ec2/refused.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

ModifyInstanceMetadataOptionsResult ModifyInstanceMetadataOptions(
    Call& call, const ModifyInstanceMetadataOptionsRequest& in) {
  refuse(in, kModifyMetadataRefusals);
  InstanceRecord instance = *require_instance(call, in.InstanceId);
  if (instance.state == LifeState::terminated || instance.state == LifeState::shutting_down)
    throw_error("IncorrectInstanceState",
                fmt::format("The instance '{}' is not in a state from which it can be modified.",
                            instance.instance_id));
  MetadataOptionsRecord& options = instance.metadata;
  options.http_tokens = in.HttpTokens.value_or(options.http_tokens);
  options.http_endpoint = in.HttpEndpoint.value_or(options.http_endpoint);
  options.instance_metadata_tags = in.InstanceMetadataTags.value_or(options.instance_metadata_tags);
  options.hop_limit = in.HttpPutResponseHopLimit.value_or(options.hop_limit);
  check_metadata_options(options);
  put_instance(call, instance);
  publish_metadata(call, instance.vpc_id);
  ModifyInstanceMetadataOptionsResult out;
  out.InstanceId = instance.instance_id;
  out.InstanceMetadataOptions = render(options);
  return out;
}

}  // namespace landfall::ec2
