// What EC2's API has and Landfall has not, by request: refused, never dropped.
#pragma once

#include "aws/protocol/refusals.h"
#include "ec2/shapes.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

inline constexpr char kNoIpv6[] = "Landfall has IPv4 only";
inline constexpr char kNoIpam[] = "Landfall has no IPAM pools";
inline constexpr char kNoOutposts[] = "Landfall has no Outposts, Local Zones or Wavelength Zones";
inline constexpr char kOneAddress[] = "a network interface has one address in Landfall";
inline constexpr char kNoHosts[] = "Landfall has no placement groups and no dedicated hosts";
inline constexpr char kNoHardware[] = "Landfall's instances run on the machine it runs on, with its kernel";
inline constexpr char kNoKms[] = "Landfall has no KMS keys: a volume is encrypted with the account's own";
inline constexpr char kNoGateways[] = "Landfall's gateways are internet gateways, NAT gateways and endpoints";

// RunInstances and launch templates alike.
inline constexpr aws::Refusal kLaunchRefusals[] = {
    {"KernelId", kNoHardware, ""},
    {"InstanceMarketOptions", "Landfall has no Spot Instances and no Capacity Blocks", ""},
    {"HibernationOptions.Configured", "Landfall's instances do not hibernate", "false"},
    {"EnclaveOptions.Enabled", kNoHardware, "false"},
    {"CpuOptions.AmdSevSnp", kNoHardware, "disabled"},
    {"CpuOptions.NestedVirtualization", kNoHardware, "disabled"},
    {"CapacityReservationSpecification.CapacityReservationTarget", "Landfall has no Capacity Reservations",
     ""},
    {"LicenseSpecifications", "Landfall has no License Manager", ""},
    {"ElasticInferenceAccelerators", kNoHardware, ""},
    {"NetworkPerformanceOptions.BandwidthWeighting", kNoHardware, "default"},
    {"SecondaryInterfaces", kOneAddress, ""},
    {"MetadataOptions.HttpProtocolIpv6", kNoIpv6, "disabled"},
    {"PrivateDnsNameOptions.EnableResourceNameDnsAAAARecord", kNoIpv6, "false"},
    {"Placement.GroupName", kNoHosts, ""},
    {"Placement.GroupId", kNoHosts, ""},
    {"Placement.Affinity", kNoHosts, "default"},
    {"Placement.HostId", kNoHosts, ""},
    {"Placement.HostResourceGroupArn", kNoHosts, ""},
    {"Placement.PartitionNumber", kNoHosts, "0"},
    {"Placement.SpreadDomain", kNoHosts, ""},
    {"BlockDeviceMappings.VirtualName", "Landfall's instances have no instance store volumes", ""},
    {"BlockDeviceMappings.NoDevice", "an instance has its root volume only", ""},
    {"BlockDeviceMappings.Ebs.KmsKeyId", kNoKms, ""},
    {"BlockDeviceMappings.Ebs.VolumeInitializationRate", "a volume is there at once", ""},
    {"BlockDeviceMappings.Ebs.EbsCardIndex", kNoHardware, "0"},
    {"NetworkInterfaces.Ipv6AddressCount", kNoIpv6, "0"},
    {"NetworkInterfaces.Ipv6Addresses", kNoIpv6, ""},
    {"NetworkInterfaces.Ipv6PrefixCount", kNoIpv6, "0"},
    {"NetworkInterfaces.Ipv6Prefixes", kNoIpv6, ""},
    {"NetworkInterfaces.PrimaryIpv6", kNoIpv6, "false"},
    {"NetworkInterfaces.SecondaryPrivateIpAddressCount", kOneAddress, "0"},
    {"NetworkInterfaces.Ipv4PrefixCount", kOneAddress, "0"},
    {"NetworkInterfaces.Ipv4Prefixes", kOneAddress, ""},
    {"NetworkInterfaces.AssociateCarrierIpAddress", kNoOutposts, "false"},
    {"NetworkInterfaces.InterfaceType", kNoHardware, "interface"},
    {"NetworkInterfaces.NetworkCardIndex", kNoHardware, "0"},
    {"NetworkInterfaces.EnaSrdSpecification.EnaSrdEnabled", kNoHardware, "false"},
    {"NetworkInterfaces.ConnectionTrackingSpecification", "the machine's own timeouts are what counts", ""},
    {"NetworkInterfaces.EnaQueueCount", kNoHardware, ""}};
inline constexpr aws::Refusal kRunInstancesRefusals[] = {
    {"RamdiskId", kNoHardware, ""},
    {"Ipv6AddressCount", kNoIpv6, "0"},
    {"Ipv6Addresses", kNoIpv6, ""},
    {"EnablePrimaryIpv6", kNoIpv6, "false"},
    {"ElasticGpuSpecification", kNoHardware, ""},
    {"BlockDeviceMappings.Ebs.OutpostArn", kNoOutposts, ""}};
inline constexpr aws::Refusal kLaunchTemplateRefusals[] = {
    {"RamDiskId", kNoHardware, ""},
    {"ElasticGpuSpecifications", kNoHardware, ""},
    {"InstanceRequirements", "Landfall launches the InstanceType that is named", ""}};

inline constexpr aws::Refusal kCreateVpcRefusals[] = {{"AmazonProvidedIpv6CidrBlock", kNoIpv6, "false"},
                                                      {"Ipv6CidrBlock", kNoIpv6, ""},
                                                      {"Ipv6Pool", kNoIpv6, ""},
                                                      {"Ipv6CidrBlockNetworkBorderGroup", kNoIpv6, ""},
                                                      {"Ipv4IpamPoolId", kNoIpam, ""},
                                                      {"Ipv4NetmaskLength", kNoIpam, "0"},
                                                      {"Ipv6IpamPoolId", kNoIpam, ""},
                                                      {"Ipv6NetmaskLength", kNoIpam, "0"},
                                                      {"VpcEncryptionControl", kNoHardware, ""}};
inline constexpr aws::Refusal kCreateSubnetRefusals[] = {
    {"Ipv6CidrBlock", kNoIpv6, ""},     {"Ipv6Native", kNoIpv6, "false"},    {"OutpostArn", kNoOutposts, ""},
    {"Ipv4IpamPoolId", kNoIpam, ""},    {"Ipv4NetmaskLength", kNoIpam, "0"}, {"Ipv6IpamPoolId", kNoIpam, ""},
    {"Ipv6NetmaskLength", kNoIpam, "0"}};
inline constexpr aws::Refusal kModifySubnetRefusals[] = {
    {"MapCustomerOwnedIpOnLaunch.Value", kNoOutposts, "false"},
    {"CustomerOwnedIpv4Pool", kNoOutposts, ""},
    {"EnableLniAtDeviceIndex", kNoOutposts, ""},
    {"EnableDns64.Value", kNoIpv6, "false"},
    {"EnableResourceNameDnsAAAARecordOnLaunch.Value", kNoIpv6, "false"}};
// CreateRoute, ReplaceRoute.
inline constexpr aws::Refusal kRouteRefusals[] = {
    {"DestinationIpv6CidrBlock", kNoIpv6, ""},
    {"DestinationPrefixListId", "a prefix list's routes are those that a gateway endpoint makes", ""},
    {"VpcEndpointId", "its routes are those that a gateway endpoint makes", ""},
    {"TransitGatewayId", kNoGateways, ""},
    {"LocalGatewayId", kNoOutposts, ""},
    {"CarrierGatewayId", kNoOutposts, ""},
    {"CoreNetworkArn", kNoGateways, ""},
    {"OdbNetworkArn", kNoGateways, ""},
    {"EgressOnlyInternetGatewayId", kNoIpv6, ""},
    {"VpcPeeringConnectionId", "Landfall's VPCs have no peering connections", ""}};
inline constexpr aws::Refusal kAssociateRouteTableRefusals[] = {
    {"GatewayId", "route tables are of subnets", ""}, {"PublicIpv4Pool", "route tables are of subnets", ""}};
// CreateVpcEndpoint, ModifyVpcEndpoint.
inline constexpr aws::Refusal kVpcEndpointRefusals[] = {
    {"IpAddressType", kNoIpv6, "ipv4"},
    {"DnsOptions.PrivateDnsOnlyForInboundResolverEndpoint", "Landfall has no Resolver endpoints", "false"},
    {"DnsOptions.PrivateDnsPreference", "it is of endpoints to resources", ""},
    {"DnsOptions.PrivateDnsSpecifiedDomains", "it is of endpoints to resources", ""},
    {"SubnetConfigurations.Ipv6", kNoIpv6, ""}};
inline constexpr aws::Refusal kCreateVpcEndpointRefusals[] = {
    {"ServiceNetworkArn", "Landfall has no VPC Lattice", ""},
    {"ResourceConfigurationArn", "Landfall has no VPC Lattice", ""}};
inline constexpr aws::Refusal kModifyMetadataRefusals[] = {{"HttpProtocolIpv6", kNoIpv6, "disabled"}};
inline constexpr aws::Refusal kModifyPrivateDnsNameRefusals[] = {
    {"EnableResourceNameDnsAAAARecord", kNoIpv6, "false"}};
inline constexpr aws::Refusal kModifyInstanceRefusals[] = {{"Kernel", kNoHardware, ""},
                                                           {"Ramdisk", kNoHardware, ""},
                                                           {"SriovNetSupport", kNoHardware, ""},
                                                           {"EnaSupport.Value", kNoHardware, "true"}};

template <class In>
void refuse(const In& in, std::span<const aws::Refusal> refusals) {
  if (const auto refused = aws::refused_in(in, refusals))
    throw_error("UnsupportedOperation", refused->message());
}

}  // namespace landfall::ec2
