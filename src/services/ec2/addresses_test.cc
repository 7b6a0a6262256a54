#include "services/ec2/addresses.h"

#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

namespace {

std::string attach_gateway(Call& call, const std::string& vpc_id) {
  AttachInternetGatewayRequest attach;
  attach.InternetGatewayId = CreateInternetGateway(call, {}).InternetGateway->InternetGatewayId;
  attach.VpcId = vpc_id;
  AttachInternetGateway(call, attach);
  return *attach.InternetGatewayId;
}

std::string allocate(Call& call) { return *AllocateAddress(call, {}).AllocationId; }

std::string make_interface(Call& call, const std::string& subnet_id) {
  CreateNetworkInterfaceRequest in;
  in.SubnetId = subnet_id;
  return *CreateNetworkInterface(call, in).NetworkInterface->NetworkInterfaceId;
}

}  // namespace

TEST(Address, ComesFromThePublicRangeAndGoesBackToIt) {
  World w;
  w.t.call([&](Call& call) {
    const AllocateAddressResult first = AllocateAddress(call, {});
    EXPECT_EQ(first.PublicIp, "127.77.1.0");
    EXPECT_EQ(AllocateAddress(call, {}).PublicIp, "127.77.1.1");
    ReleaseAddressRequest release;
    release.AllocationId = first.AllocationId;
    ReleaseAddress(call, release);
    EXPECT_EQ(code_of([&] { ReleaseAddress(call, release); }), "InvalidAllocationID.NotFound");
    EXPECT_EQ(AllocateAddress(call, {}).PublicIp, "127.77.1.0");
    release.AllocationId.reset();
    release.PublicIp = "192.0.2.1";
    EXPECT_EQ(code_of([&] { ReleaseAddress(call, release); }), "InvalidAddress.NotFound");
    EXPECT_EQ(code_of([&] { ReleaseAddress(call, {}); }), "MissingParameter");
  });
}

TEST(Address, IsAssociatedWithOneInterfaceAtATime) {
  World w;
  w.t.call([&](Call& call) {
    AssociateAddressRequest in;
    in.AllocationId = allocate(call);
    in.NetworkInterfaceId = make_interface(call, w.subnet_id);
    EXPECT_EQ(code_of([&] { AssociateAddress(call, in); }), "Gateway.NotAttached");
    const std::string gateway = attach_gateway(call, w.vpc_id);
    const std::string association = *AssociateAddress(call, in).AssociationId;
    EXPECT_EQ(*AssociateAddress(call, in).AssociationId, association);
    DetachInternetGatewayRequest detach;
    detach.InternetGatewayId = gateway;
    detach.VpcId = w.vpc_id;
    EXPECT_EQ(code_of([&] { DetachInternetGateway(call, detach); }), "DependencyViolation");
    in.NetworkInterfaceId = make_interface(call, w.subnet_id);
    in.AllowReassociation = false;
    EXPECT_EQ(code_of([&] { AssociateAddress(call, in); }), "Resource.AlreadyAssociated");
    in.AllowReassociation = true;
    AssociateAddress(call, in);
    const Address shown = DescribeAddresses(call, {}).Addresses.at(0);
    EXPECT_EQ(shown.NetworkInterfaceId, in.NetworkInterfaceId);
    EXPECT_EQ(shown.PrivateIpAddress, "10.0.1.5");
    ReleaseAddressRequest release;
    release.AllocationId = in.AllocationId;
    EXPECT_EQ(code_of([&] { ReleaseAddress(call, release); }), "InvalidIPAddress.InUse");
    DeleteNetworkInterfaceRequest remove;
    remove.NetworkInterfaceId = in.NetworkInterfaceId;
    DeleteNetworkInterface(call, remove);  // frees the address
    ReleaseAddress(call, release);
    DisassociateAddressRequest disassociate;
    disassociate.AssociationId = association;
    EXPECT_EQ(code_of([&] { DisassociateAddress(call, disassociate); }), "InvalidAssociationID.NotFound");
  });
}

TEST(Address, GoesToTheInstanceWhereAnInterfaceIsNamedToo) {
  World w;
  const std::string id = w.run_one();
  const std::string own = *w.describe_one(id).NetworkInterfaces.at(0).NetworkInterfaceId;
  w.t.call([&](Call& call) {
    attach_gateway(call, w.vpc_id);
    AssociateAddressRequest in;
    in.AllocationId = allocate(call);
    in.InstanceId = id;
    in.NetworkInterfaceId = make_interface(call, w.subnet_id);
    AssociateAddress(call, in);
    EXPECT_EQ(DescribeAddresses(call, {}).Addresses.at(0).NetworkInterfaceId, own);
    in.InstanceId.reset();
    AssociateAddress(call, in);
    EXPECT_EQ(DescribeAddresses(call, {}).Addresses.at(0).NetworkInterfaceId, in.NetworkInterfaceId);
  });
}

TEST(Address, IsLentToInstancesOfASubnetThatMapsThemAndTakenBackWhenTheyStop) {
  World w;
  const auto service = make_service(w.t.plane);
  w.t.call([&](Call& call) {
    ModifySubnetAttributeRequest in;
    in.SubnetId = w.subnet_id;
    in.MapPublicIpOnLaunch.emplace().Value = true;
    ModifySubnetAttribute(call, in);
  });
  const std::string id = w.run_one();
  EXPECT_EQ(w.describe_one(id).PublicIpAddress, "127.77.1.0");
  EXPECT_EQ(w.describe_one(id).NetworkInterfaces.at(0).Association->IpOwnerId, "amazon");
  w.observe(id, "running");
  w.t.call([&](Call& call) {
    StopInstancesRequest in;
    in.InstanceIds = {id};
    StopInstances(call, in);
  });
  w.observe(id, "stopped");
  EXPECT_FALSE(w.describe_one(id).PublicIpAddress);
  EXPECT_EQ(w.t.call([&](Call& call) { return *AllocateAddress(call, {}).PublicIp; }), "127.77.1.0");
  RunInstancesRequest without = w.run_request();
  without.SubnetId.reset();
  InstanceNetworkInterfaceSpecification& interface = without.NetworkInterfaces.emplace_back();
  interface.SubnetId = w.subnet_id;
  interface.AssociatePublicIpAddress = false;
  EXPECT_FALSE(w.describe_one(w.run(without).front()).PublicIpAddress);
}

}  // namespace landfall::ec2
