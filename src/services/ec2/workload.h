// What host shall run for an instance, from its record. Pure, but for the CA's certificate, which is read
// once.
#pragma once

#include <string>

#include "gateway/control_plane.h"
#include "host/protocol.h"
#include "services/ec2/store.h"

namespace landfall::ec2 {

host::Workload desired_workload(const InstanceRecord& instance, const std::string& public_key,
                                const std::string& ca_certificate_pem);

// The region's CA: DIR/ca/ca.pem beside control's own folder (roles/layout.h); empty while there is none.
std::string ca_certificate(const ControlConfig& config);

}  // namespace landfall::ec2
