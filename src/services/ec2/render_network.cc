// VPCs, subnets, gateways, route tables, network ACLs and interfaces as the API shows them.
#include "services/ec2/addresses.h"
#include "services/ec2/nat_gateways.h"
#include "services/ec2/network.h"
#include "services/ec2/network_acls.h"
#include "services/ec2/regions.h"
#include "services/ec2/render.h"

namespace landfall::ec2 {

// --- VPC

Vpc render(const Call& call, const VpcRecord& vpc) {
  VpcCidrBlockAssociation block;
  block.AssociationId = vpc.cidr_association_id;
  block.CidrBlock = vpc.cidr;
  block.CidrBlockState.emplace().State = "associated";
  Vpc out;
  out.OwnerId = call.account;
  out.InstanceTenancy = vpc.instance_tenancy;
  out.CidrBlockAssociationSet.push_back(block);
  out.IsDefault = vpc.is_default;
  out.Tags = rendered_tags(call, vpc.vpc_id);
  out.VpcId = vpc.vpc_id;
  out.State = "available";
  out.CidrBlock = vpc.cidr;
  out.DhcpOptionsId = vpc.dhcp_options_id;
  return out;
}

FilterFields<VpcRecord> vpc_fields(const Call& call) {
  const auto cidr = [](const VpcRecord& v, Values& out) { out.push_back(v.cidr); };
  return {
      {"cidr", cidr},
      {"cidrBlock", cidr},
      {"cidr-block", cidr},
      {"cidr-block-association.cidr-block", cidr},
      {"cidr-block-association.association-id",
       [](const VpcRecord& v, Values& out) { out.push_back(v.cidr_association_id); }},
      {"cidr-block-association.state", [](const VpcRecord&, Values& out) { out.push_back("associated"); }},
      {"dhcp-options-id", [](const VpcRecord& v, Values& out) { out.push_back(v.dhcp_options_id); }},
      {"is-default", [](const VpcRecord& v, Values& out) { out.push_back(text_of(v.is_default)); }},
      {"isDefault", [](const VpcRecord& v, Values& out) { out.push_back(text_of(v.is_default)); }},
      {"owner-id", [account = call.account](const VpcRecord&, Values& out) { out.push_back(account); }},
      {"state", [](const VpcRecord&, Values& out) { out.push_back("available"); }},
      {"vpc-id", [](const VpcRecord& v, Values& out) { out.push_back(v.vpc_id); }},
  };
}

// --- subnet

Subnet render(const Call& call, const SubnetRecord& subnet) {
  Subnet out;
  out.AvailabilityZoneId = zone_id_of(call.region, subnet.availability_zone);
  out.MapCustomerOwnedIpOnLaunch = false;
  out.OwnerId = call.account;
  out.AssignIpv6AddressOnCreation = false;
  out.Tags = rendered_tags(call, subnet.subnet_id);
  out.SubnetArn = call.arn("ec2", "subnet/" + subnet.subnet_id);
  out.EnableDns64 = false;
  out.Ipv6Native = false;
  auto& dns = out.PrivateDnsNameOptionsOnLaunch.emplace();
  dns.HostnameType = subnet.hostname_type;
  dns.EnableResourceNameDnsARecord = subnet.enable_resource_name_a_record;
  dns.EnableResourceNameDnsAAAARecord = false;
  out.SubnetId = subnet.subnet_id;
  out.State = "available";
  out.VpcId = subnet.vpc_id;
  out.CidrBlock = subnet.cidr;
  out.AvailableIpAddressCount = static_cast<int64_t>(free_addresses(call, subnet));
  out.AvailabilityZone = subnet.availability_zone;
  out.DefaultForAz = subnet.default_for_az;
  out.MapPublicIpOnLaunch = subnet.map_public_ip_on_launch;
  return out;
}

FilterFields<SubnetRecord> subnet_fields(const Call& call) {
  const auto zone = [](const SubnetRecord& s, Values& out) { out.push_back(s.availability_zone); };
  const auto zone_id = [&call](const SubnetRecord& s, Values& out) {
    out.push_back(zone_id_of(call.region, s.availability_zone));
  };
  const auto cidr = [](const SubnetRecord& s, Values& out) { out.push_back(s.cidr); };
  const auto default_for_az = [](const SubnetRecord& s, Values& out) {
    out.push_back(text_of(s.default_for_az));
  };
  return {
      {"availability-zone", zone},
      {"availabilityZone", zone},
      {"availability-zone-id", zone_id},
      {"availabilityZoneId", zone_id},
      {"available-ip-address-count",
       [&call](const SubnetRecord& s, Values& out) {
         out.push_back(std::to_string(free_addresses(call, s)));
       }},
      {"cidr", cidr},
      {"cidrBlock", cidr},
      {"cidr-block", cidr},
      {"default-for-az", default_for_az},
      {"defaultForAz", default_for_az},
      {"map-public-ip-on-launch",
       [](const SubnetRecord& s, Values& out) { out.push_back(text_of(s.map_public_ip_on_launch)); }},
      {"owner-id", [&call](const SubnetRecord&, Values& out) { out.push_back(call.account); }},
      {"state", [](const SubnetRecord&, Values& out) { out.push_back("available"); }},
      {"subnet-arn", [&call](const SubnetRecord& s,
                             Values& out) { out.push_back(call.arn("ec2", "subnet/" + s.subnet_id)); }},
      {"subnet-id", [](const SubnetRecord& s, Values& out) { out.push_back(s.subnet_id); }},
      {"vpc-id", [](const SubnetRecord& s, Values& out) { out.push_back(s.vpc_id); }},
  };
}

// --- internet gateway

InternetGateway render(const Call& call, const InternetGatewayRecord& gateway) {
  InternetGateway out;
  if (!gateway.vpc_id.empty()) out.Attachments.push_back({.State = "available", .VpcId = gateway.vpc_id});
  out.InternetGatewayId = gateway.internet_gateway_id;
  out.OwnerId = call.account;
  out.Tags = rendered_tags(call, gateway.internet_gateway_id);
  return out;
}

FilterFields<InternetGatewayRecord> internet_gateway_fields(const Call& call) {
  return {
      {"attachment.state",
       [](const InternetGatewayRecord& g, Values& out) {
         if (!g.vpc_id.empty()) out.push_back("available");
       }},
      {"attachment.vpc-id",
       [](const InternetGatewayRecord& g, Values& out) {
         if (!g.vpc_id.empty()) out.push_back(g.vpc_id);
       }},
      {"internet-gateway-id",
       [](const InternetGatewayRecord& g, Values& out) { out.push_back(g.internet_gateway_id); }},
      {"owner-id", [&call](const InternetGatewayRecord&, Values& out) { out.push_back(call.account); }},
  };
}

// --- route table

static std::string route_state(const Call& call, const RouteRecord& route) {
  if (route.gateway_id == "local" || route.gateway_id.starts_with("vpce-")) return "active";
  if (!route.nat_gateway_id.empty())
    return rows(call, kNatGateways).has(route.nat_gateway_id) ? "active" : "blackhole";
  if (!route.gateway_id.empty()) {
    const auto gateway = rows(call, kInternetGateways).get(route.gateway_id);
    return gateway && !gateway->vpc_id.empty() ? "active" : "blackhole";
  }
  return rows(call, kInterfaces).has(route.network_interface_id) ? "active" : "blackhole";
}

static const char* route_origin(const RouteRecord& route) {
  return route.gateway_id == "local" ? "CreateRouteTable" : "CreateRoute";
}

RouteTable render(const Call& call, const RouteTableRecord& table) {
  RouteTable out;
  for (const RouteAssociationRecord& association : table.associations) {
    RouteTableAssociation& shown = out.Associations.emplace_back();
    shown.Main = association.subnet_id.empty();
    shown.RouteTableAssociationId = association.association_id;
    shown.RouteTableId = table.route_table_id;
    if (!association.subnet_id.empty()) shown.SubnetId = association.subnet_id;
    shown.AssociationState.emplace().State = "associated";
  }
  for (const RouteRecord& route : table.routes) {
    Route& shown = out.Routes.emplace_back();
    (route.destination.starts_with("pl-") ? shown.DestinationPrefixListId : shown.DestinationCidrBlock) =
        route.destination;
    if (!route.nat_gateway_id.empty()) shown.NatGatewayId = route.nat_gateway_id;
    if (!route.gateway_id.empty()) shown.GatewayId = route.gateway_id;
    if (!route.network_interface_id.empty()) shown.NetworkInterfaceId = route.network_interface_id;
    if (!route.instance_id.empty()) {
      shown.InstanceId = route.instance_id;
      shown.InstanceOwnerId = call.account;
    }
    shown.Origin = route_origin(route);
    shown.State = route_state(call, route);
  }
  out.RouteTableId = table.route_table_id;
  out.Tags = rendered_tags(call, table.route_table_id);
  out.VpcId = table.vpc_id;
  out.OwnerId = call.account;
  return out;
}

FilterFields<RouteTableRecord> route_table_fields(const Call& call) {
  using T = RouteTableRecord;
  const auto of_associations = [](auto field) {
    return [field](const T& t, Values& out) {
      for (const RouteAssociationRecord& a : t.associations) field(a, out);
    };
  };
  const auto of_routes = [](auto field) {
    return [field](const T& t, Values& out) {
      for (const RouteRecord& r : t.routes) field(r, out);
    };
  };
  return {
      {"association.main",
       of_associations([](const auto& a, Values& out) { out.push_back(text_of(a.subnet_id.empty())); })},
      {"association.route-table-association-id",
       of_associations([](const auto& a, Values& out) { out.push_back(a.association_id); })},
      {"association.route-table-id",
       [](const T& t, Values& out) {
         if (!t.associations.empty()) out.push_back(t.route_table_id);
       }},
      {"association.subnet-id", of_associations([](const auto& a, Values& out) {
         if (!a.subnet_id.empty()) out.push_back(a.subnet_id);
       })},
      {"association.gateway-id", [](const T&, Values&) {}},
      {"owner-id", [&call](const T&, Values& out) { out.push_back(call.account); }},
      {"route-table-id", [](const T& t, Values& out) { out.push_back(t.route_table_id); }},
      {"route.destination-cidr-block", of_routes([](const auto& r, Values& out) {
         if (!r.destination.starts_with("pl-")) out.push_back(r.destination);
       })},
      {"route.destination-prefix-list-id", of_routes([](const auto& r, Values& out) {
         if (r.destination.starts_with("pl-")) out.push_back(r.destination);
       })},
      {"route.destination-ipv6-cidr-block", [](const T&, Values&) {}},
      {"route.gateway-id", of_routes([](const auto& r, Values& out) { out.push_back(r.gateway_id); })},
      {"route.instance-id", of_routes([](const auto& r, Values& out) { out.push_back(r.instance_id); })},
      {"route.nat-gateway-id",
       of_routes([](const auto& r, Values& out) { out.push_back(r.nat_gateway_id); })},
      {"route.origin", of_routes([](const auto& r, Values& out) { out.push_back(route_origin(r)); })},
      {"route.state",
       of_routes([&call](const auto& r, Values& out) { out.push_back(route_state(call, r)); })},
      {"vpc-id", [](const T& t, Values& out) { out.push_back(t.vpc_id); }},
  };
}

// --- network ACL

static NetworkAclEntry render(const AclEntryRecord& entry) {
  NetworkAclEntry out;
  if (!entry.cidr_ipv4.empty()) out.CidrBlock = entry.cidr_ipv4;
  if (!entry.cidr_ipv6.empty()) out.Ipv6CidrBlock = entry.cidr_ipv6;
  out.Egress = entry.direction == Direction::egress;
  out.Protocol = entry.protocol;
  out.RuleAction = entry.action;
  out.RuleNumber = entry.number;
  if (entry.protocol == "6" || entry.protocol == "17")
    out.PortRange.emplace() = {.From = entry.from_port, .To = entry.to_port};
  if (entry.protocol == "1" || entry.protocol == "58")
    out.IcmpTypeCode.emplace() = {.Code = entry.icmp_code, .Type = entry.icmp_type};
  return out;
}

NetworkAcl render(const Call& call, const NetworkAclRecord& acl) {
  NetworkAcl out;
  for (const SubnetRecord& subnet : subnets_with_acl(call, acl)) {
    NetworkAclAssociation& association = out.Associations.emplace_back();
    association.NetworkAclAssociationId = subnet.acl_association_id;
    association.NetworkAclId = acl.network_acl_id;
    association.SubnetId = subnet.subnet_id;
  }
  for (const Direction direction : {Direction::egress, Direction::ingress}) {
    for (const AclEntryRecord& entry : acl.entries)
      if (entry.direction == direction) out.Entries.push_back(render(entry));
    AclEntryRecord last;
    last.direction = direction;
    last.number = kLastAclRule;
    last.action = "deny";
    last.cidr_ipv4 = "0.0.0.0/0";
    out.Entries.push_back(render(last));
  }
  out.IsDefault = acl.is_default;
  out.NetworkAclId = acl.network_acl_id;
  out.Tags = rendered_tags(call, acl.network_acl_id);
  out.VpcId = acl.vpc_id;
  out.OwnerId = call.account;
  return out;
}

FilterFields<NetworkAclRecord> network_acl_fields(const Call& call) {
  using T = NetworkAclRecord;
  const auto of_entries = [](auto field) {
    return [field](const T& a, Values& out) {
      for (const AclEntryRecord& entry : a.entries) field(entry, out);
    };
  };
  return {
      {"association.association-id",
       [&call](const T& a, Values& out) {
         for (const SubnetRecord& s : subnets_with_acl(call, a)) out.push_back(s.acl_association_id);
       }},
      {"association.network-acl-id", [](const T& a, Values& out) { out.push_back(a.network_acl_id); }},
      {"association.subnet-id",
       [&call](const T& a, Values& out) {
         for (const SubnetRecord& s : subnets_with_acl(call, a)) out.push_back(s.subnet_id);
       }},
      {"default", [](const T& a, Values& out) { out.push_back(text_of(a.is_default)); }},
      {"entry.cidr", of_entries([](const auto& e, Values& out) { out.push_back(e.cidr_ipv4); })},
      {"entry.egress", of_entries([](const auto& e, Values& out) {
         out.push_back(text_of(e.direction == Direction::egress));
       })},
      {"entry.protocol", of_entries([](const auto& e, Values& out) { out.push_back(e.protocol); })},
      {"entry.rule-action", of_entries([](const auto& e, Values& out) { out.push_back(e.action); })},
      {"entry.rule-number",
       of_entries([](const auto& e, Values& out) { out.push_back(std::to_string(e.number)); })},
      {"network-acl-id", [](const T& a, Values& out) { out.push_back(a.network_acl_id); }},
      {"owner-id", [&call](const T&, Values& out) { out.push_back(call.account); }},
      {"vpc-id", [](const T& a, Values& out) { out.push_back(a.vpc_id); }},
  };
}

// --- network interface

std::vector<GroupIdentifier> render_groups(const Call& call, const std::vector<std::string>& group_ids) {
  std::vector<GroupIdentifier> out;
  for (const std::string& id : group_ids) {
    if (const auto group = rows(call, kSecurityGroups).get(id))
      out.push_back({.GroupId = id, .GroupName = group->name});
  }
  return out;
}

std::string interface_status(const InterfaceRecord& record) {
  return record.attachment_id.empty() ? "available" : "in-use";
}

NetworkInterfaceAttachment render_attachment(const Call& call, const InterfaceRecord& record) {
  NetworkInterfaceAttachment out;
  out.AttachTime = record.attached_at;
  out.AttachmentId = record.attachment_id;
  out.DeleteOnTermination = record.delete_on_termination;
  out.DeviceIndex = record.instance_id.empty() ? 1 : 0;
  out.NetworkCardIndex = 0;
  if (!record.instance_id.empty()) out.InstanceId = record.instance_id;
  out.InstanceOwnerId = record.requester.empty() ? call.account : record.requester;
  out.Status = "attached";
  return out;
}

NetworkInterface render(const Call& call, const InterfaceRecord& record) {
  NetworkInterface out;
  if (!record.attachment_id.empty()) out.Attachment = render_attachment(call, record);
  out.AvailabilityZone = record.availability_zone;
  out.AvailabilityZoneId = zone_id_of(call.region, record.availability_zone);
  out.Description = record.description;
  out.Groups = render_groups(call, record.group_ids);
  out.InterfaceType = record.type;
  out.MacAddress = record.mac;
  out.NetworkInterfaceId = record.interface_id;
  out.OwnerId = call.account;
  out.PrivateDnsName = private_dns_name(call.region, record.private_ip);
  out.PrivateIpAddress = record.private_ip;
  NetworkInterfacePrivateIpAddress& address = out.PrivateIpAddresses.emplace_back();
  address.Primary = true;
  address.PrivateDnsName = out.PrivateDnsName;
  address.PrivateIpAddress = record.private_ip;
  if (const PublicName name = public_name_of(call, record); !name.address.empty()) {
    NetworkInterfaceAssociation& association = out.Association.emplace();
    association.PublicIp = name.address;
    association.PublicDnsName = name.dns_name;
    association.IpOwnerId = name.owner;
    if (!name.allocation_id.empty()) association.AllocationId = name.allocation_id;
    if (!name.association_id.empty()) association.AssociationId = name.association_id;
    address.Association = association;
  }
  if (!record.requester.empty()) out.RequesterId = record.requester;
  out.RequesterManaged = !record.requester.empty();
  out.SourceDestCheck = record.source_dest_check;
  out.Status = interface_status(record);
  out.SubnetId = record.subnet_id;
  out.TagSet = rendered_tags(call, record.interface_id);
  out.VpcId = record.vpc_id;
  return out;
}

FilterFields<InterfaceRecord> interface_fields(const Call& call) {
  using T = InterfaceRecord;
  return {
      {"addresses.private-ip-address", [](const T& i, Values& out) { out.push_back(i.private_ip); }},
      {"addresses.primary", [](const T&, Values& out) { out.push_back("true"); }},
      {"association.allocation-id",
       [&call](const T& i, Values& out) { out.push_back(public_name_of(call, i).allocation_id); }},
      {"association.association-id",
       [&call](const T& i, Values& out) { out.push_back(public_name_of(call, i).association_id); }},
      {"association.public-ip",
       [&call](const T& i, Values& out) { out.push_back(public_name_of(call, i).address); }},
      {"attachment.attachment-id", [](const T& i, Values& out) { out.push_back(i.attachment_id); }},
      {"attachment.delete-on-termination",
       [](const T& i, Values& out) { out.push_back(text_of(i.delete_on_termination)); }},
      {"attachment.device-index",
       [](const T& i, Values& out) { out.push_back(i.instance_id.empty() ? "1" : "0"); }},
      {"attachment.instance-id", [](const T& i, Values& out) { out.push_back(i.instance_id); }},
      {"attachment.instance-owner-id",
       [&call](const T& i, Values& out) { out.push_back(i.requester.empty() ? call.account : i.requester); }},
      {"attachment.status",
       [](const T& i, Values& out) { out.push_back(i.attachment_id.empty() ? "detached" : "attached"); }},
      {"availability-zone", [](const T& i, Values& out) { out.push_back(i.availability_zone); }},
      {"description", [](const T& i, Values& out) { out.push_back(i.description); }},
      {"group-id", [](const T& i, Values& out) { out = i.group_ids; }},
      {"group-name",
       [&call](const T& i, Values& out) {
         for (const GroupIdentifier& g : render_groups(call, i.group_ids)) out.push_back(*g.GroupName);
       }},
      {"interface-type", [](const T& i, Values& out) { out.push_back(i.type); }},
      {"mac-address", [](const T& i, Values& out) { out.push_back(i.mac); }},
      {"network-interface-id", [](const T& i, Values& out) { out.push_back(i.interface_id); }},
      {"owner-id", [&call](const T&, Values& out) { out.push_back(call.account); }},
      {"private-dns-name",
       [&call](const T& i, Values& out) { out.push_back(private_dns_name(call.region, i.private_ip)); }},
      {"private-ip-address", [](const T& i, Values& out) { out.push_back(i.private_ip); }},
      {"requester-id", [](const T& i, Values& out) { out.push_back(i.requester); }},
      {"requester-managed", [](const T& i, Values& out) { out.push_back(text_of(!i.requester.empty())); }},
      {"source-dest-check", [](const T& i, Values& out) { out.push_back(text_of(i.source_dest_check)); }},
      {"status", [](const T& i, Values& out) { out.push_back(interface_status(i)); }},
      {"subnet-id", [](const T& i, Values& out) { out.push_back(i.subnet_id); }},
      {"vpc-id", [](const T& i, Values& out) { out.push_back(i.vpc_id); }},
  };
}

}  // namespace landfall::ec2
