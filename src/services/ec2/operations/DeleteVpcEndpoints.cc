#include "ec2/operations.h"
#include "services/ec2/client_tokens.h"
#include "services/ec2/network.h"
#include "services/ec2/vpc_endpoints.h"

namespace landfall::ec2 {

// What cannot be deleted is told, and the rest is deleted.
DeleteVpcEndpointsResult DeleteVpcEndpoints(Call& call, const DeleteVpcEndpointsRequest& in) {
  DeleteVpcEndpointsResult out;
  for (const std::string& id : in.VpcEndpointIds) {
    const auto endpoint = rows(call, kVpcEndpoints).get(id);
    if (!endpoint) {
      UnsuccessfulItem& item = out.Unsuccessful.emplace_back();
      item.ResourceId = id;
      item.Error.emplace() = {.Code = kVpcEndpoints.not_found_code,
                              .Message = fmt::format(fmt::runtime(kVpcEndpoints.not_found_text), id)};
      continue;
    }
    for (const std::string& table : endpoint->route_table_ids) remove_endpoint_route(call, *endpoint, table);
    for (const EndpointInterface& interface : endpoint->interfaces)
      delete_interface(call, interface.interface_id);
    forget_tags(call, id);
    forget_token(call, endpoint->client_token);
    rows(call, kVpcEndpoints).erase(id);
    sync_network(call, endpoint->vpc_id);
  }
  return out;
}

}  // namespace landfall::ec2
