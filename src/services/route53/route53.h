// Route 53 for the rest of control: what other services may include.
//
// A service that owns a DNS name of AWS's (a load balancer's, a distribution's, a database's) publishes a
// NameSnapshot in the transaction that changes it:
//   publish(call.txn, route53::kNameSnapshotKind, name, route53::NameSnapshot{.name = name, .addresses =
//   {...}}); unpublish(call.txn, route53::kNameSnapshotKind, name);
// Aliases in hosted zones follow it at once, in edge.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/route53/snapshot.h"
#include "services/service.h"

namespace landfall {
struct ControlPlane;
}

namespace landfall::route53 {

std::unique_ptr<Service> make_service(ControlPlane& plane);

// The public DNS as edge serves it, kept in control by watching the same snapshots: for who must find a
// record (ACM).
class PublicDns {
 public:
  // `changed` is called after each commit that changed a zone or name; it must not commit.
  static std::unique_ptr<PublicDns> create(ControlPlane& plane, std::function<void()> changed);
  virtual ~PublicDns() = default;
  // Values in text form of the records of that name and type, CNAMEs followed within zones; empty: none.
  virtual std::vector<std::string> lookup(std::string_view name, std::string_view type) const = 0;
};

// "127.77.0.0/16", 2 -> "127.77.0.2": Landfall's fixed public addresses (see the brief in
// docs/architecture.md).
std::string public_address(const ControlPlane& plane, uint32_t offset);
inline constexpr uint32_t kDnsAddressOffset = 2;

}  // namespace landfall::route53
