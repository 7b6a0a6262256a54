// CloudFront's control plane. What others may include.
#pragma once

#include <cstdint>
#include <memory>

#include "gateway/control_plane.h"
#include "services/service.h"

namespace landfall::cloudfront {

std::unique_ptr<Service> make_service(ControlPlane& plane);

inline constexpr uint32_t kAddressOffset = 3;  // in the public range: 127.77.0.3
// Route 53's zone of every distribution's name, for alias records.
inline constexpr char kHostedZoneId[] = "Z2FDTNDATAQYW2";

}  // namespace landfall::cloudfront
