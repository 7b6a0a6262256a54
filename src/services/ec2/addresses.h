// Elastic IP addresses, and the range that all public addresses come from.
//
// Invariants: an address of kPublicAddresses has one owner until it is released; an Elastic IP is associated
// with one interface at most, and an interface has one Elastic IP at most.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ec2/shapes.h"
#include "services/ec2/describe.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

struct AddressRecord {
  std::string allocation_id;  // eipalloc-...
  std::string public_ip;
  std::string association_id;  // eipassoc-..., empty: not associated
  std::string interface_id;    // that it is associated with
  std::string private_ip;      // of that interface
  template <class V>
  void fields(V& v) {
    v("allocation_id", allocation_id);
    v("public_ip", public_ip);
    v("association_id", association_id);
    v("interface_id", interface_id);
    v("private_ip", private_ip);
  }
};

inline constexpr Resource<AddressRecord> kAddresses{{"ec2.address"},
                                                    "elastic-ip",
                                                    "eipalloc-",
                                                    "InvalidAllocationID.NotFound",
                                                    "The allocation ID '{}' does not exist"};

inline constexpr size_t kMaxAddresses = 100;  // of a region; AWS begins with 5 and raises it when asked

// By allocation id, or by the address itself; throws MissingParameter, InvalidAllocationID.NotFound,
// InvalidAddress.NotFound.
AddressRecord require_address(const Call& call, const std::optional<std::string>& allocation_id,
                              const std::optional<std::string>& public_ip);
std::shared_ptr<const AddressRecord> address_of_interface(const Call& call, std::string_view interface_id);

// Throws Resource.AlreadyAssociated.
enum class Reassociate { no, yes };
AddressRecord associate_address(Call& call, AddressRecord address, const InterfaceRecord& interface,
                                Reassociate reassociate);
void disassociate_address(Call& call, AddressRecord address);

Address render(const Call& call, const AddressRecord& address);
FilterFields<AddressRecord> address_fields(const Call& call);

// What an interface is known by outside: its Elastic IP or its lent address; empty without.
struct PublicName {
  std::string address, dns_name, allocation_id, association_id, owner;
};
PublicName public_name_of(const Call& call, const InterfaceRecord& interface);
// Amazon's own addresses, lent to an instance's interface while it runs.
void lend_public_address(Call& call, const std::string& interface_id);
void take_public_address_back(Call& call, const std::string& interface_id);
std::string public_dns_name(std::string_view region, std::string_view public_ip);

}  // namespace landfall::ec2
