// The life of an instance: its state machine and how the API shows it. launch.h starts one.
//
//   RunInstances        -> pending        Workload desired running
//   host says running   -> running
//   StopInstances       -> stopping       Workload desired stopped
//   host says stopped   -> stopped        StartInstances -> pending, on the same file system
//   pid 1 ended         -> stopped        (shutting-down where InstanceInitiatedShutdownBehavior is
//   terminate) TerminateInstances  -> shutting-down  Workload deleted host says removed   -> terminated
//   interface and volume gone; the record goes kKeepTerminatedMs later
//
// What host and edge must know (Workload, MetadataSnapshot) is written in the transaction that changes the
// record.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ec2/shapes.h"
#include "services/ec2/describe.h"
#include "services/ec2/store.h"

namespace landfall::ec2 {

inline constexpr int64_t kKeepTerminatedMs = 3'600'000;  // AWS: "a short interval", about an hour

std::string state_name(LifeState state);  // "shutting-down"
InstanceState render_state(LifeState state);
InstanceStateChange state_change(const std::string& id, LifeState before, LifeState after);

Instance render(const Call& call, const InstanceRecord& instance);
Reservation render_reservation(const Call& call, const InstanceRecord& one);  // without its instances
InstanceMetadataOptionsResponse render(const MetadataOptionsRecord& options);
IamInstanceProfileAssociation render_profile_association(const InstanceRecord& instance);
FilterFields<InstanceRecord> instance_fields(const Call& call);

// InvalidInstanceID.Malformed for what is no id, InvalidInstanceID.NotFound naming all that are missing.
std::vector<std::shared_ptr<const InstanceRecord>> require_instances(const Call& call,
                                                                     const std::vector<std::string>& ids);
std::shared_ptr<const InstanceRecord> require_instance(const Call& call,
                                                       const std::optional<std::string>& id);

// Writes the record and what follows from it for host. Publish the VPC's metadata after the last of several.
void put_instance(Call& call, const InstanceRecord& instance);
// Also without instances: the snapshot is what tells edge that the VPC is there, to serve its resolver and
// endpoints too.
void publish_metadata(Call& call, std::string_view vpc_id);

struct StateReasonText {
  std::string code, message;
};
// user: "Client.UserInitiatedShutdown"
void begin_stop(Call& call, InstanceRecord instance, const StateReasonText& reason);
void begin_terminate(Call& call, InstanceRecord instance, const StateReasonText& reason);
void finish_stop(Call& call, InstanceRecord instance);
void finish_terminate(Call& call, InstanceRecord instance);
void forget_instance(Call& call, const std::string& instance_id);

void check_metadata_options(const MetadataOptionsRecord& options);

}  // namespace landfall::ec2
