// What EC2 has and Landfall has not is refused by its name, and what says no more than the default is taken.
#include <gmock/gmock.h>

#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Refused, ASpotInstanceByRequestAndByTemplate) {
  World w;
  RunInstancesRequest in = w.run_request();
  in.InstanceMarketOptions.emplace().MarketType = "spot";
  EXPECT_THAT(w.t.refusal(RunInstances, in),
              StartsWith("UnsupportedOperation: The parameter InstanceMarketOptions is not supported: "));
  CreateLaunchTemplateRequest made;
  made.LaunchTemplateName = "spot";
  made.LaunchTemplateData.emplace().InstanceMarketOptions.emplace().MarketType = "spot";
  EXPECT_THAT(w.t.refusal(CreateLaunchTemplate, made), HasSubstr("InstanceMarketOptions"));
}

TEST(Refused, WhatIsSetToWhatItIsAnywayIsTaken) {
  World w;
  RunInstancesRequest in = w.run_request();
  in.HibernationOptions.emplace().Configured = false;
  in.EnclaveOptions.emplace().Enabled = false;
  in.Placement.emplace() = {.GroupName = "", .Tenancy = "default"};
  in.MetadataOptions.emplace().HttpProtocolIpv6 = "disabled";
  EXPECT_EQ(w.t.refusal(RunInstances, in), "");
  in.HibernationOptions->Configured = true;
  EXPECT_THAT(w.t.refusal(RunInstances, in), HasSubstr("HibernationOptions.Configured (true)"));
}

TEST(Refused, AddressesThatAnInterfaceHasNot) {
  World w;
  RunInstancesRequest in = w.run_request();
  in.SubnetId.reset();
  InstanceNetworkInterfaceSpecification interface;
  interface.DeviceIndex = 0;
  interface.SubnetId = w.subnet_id;
  interface.Ipv6AddressCount = 1;
  in.NetworkInterfaces = {interface};
  EXPECT_THAT(w.t.refusal(RunInstances, in), HasSubstr("NetworkInterfaces.1.Ipv6AddressCount (1)"));
  in.NetworkInterfaces[0].Ipv6AddressCount = 0;
  in.NetworkInterfaces[0].PrivateIpAddresses = {{.Primary = true, .PrivateIpAddress = "10.0.1.44"},
                                                {.Primary = false, .PrivateIpAddress = "10.0.1.45"}};
  EXPECT_THAT(w.t.refusal(RunInstances, in), HasSubstr("PrivateIpAddresses"));
  in.NetworkInterfaces[0].PrivateIpAddresses.pop_back();
  EXPECT_EQ(w.describe_one(w.run(in).front()).PrivateIpAddress, "10.0.1.44");
}

TEST(Refused, VolumesBesideTheRoot) {
  World w;
  RunInstancesRequest in = w.run_request();
  in.BlockDeviceMappings = {{.Ebs = EbsBlockDevice{.VolumeSize = 20}, .DeviceName = "/dev/xvda"}};
  EXPECT_EQ(w.t.refusal(RunInstances, in), "");
  in.BlockDeviceMappings.push_back({.Ebs = EbsBlockDevice{.VolumeSize = 20}, .DeviceName = "/dev/sdf"});
  EXPECT_THAT(w.t.refusal(RunInstances, in), HasSubstr("BlockDeviceMappings (/dev/sdf)"));
}

TEST(Refused, Ipv6OfVpcsSubnetsAndRoutes) {
  World w;
  CreateVpcRequest vpc;
  vpc.CidrBlock = "10.9.0.0/16";
  vpc.AmazonProvidedIpv6CidrBlock = false;
  EXPECT_EQ(w.t.refusal(CreateVpc, vpc), "");
  vpc.AmazonProvidedIpv6CidrBlock = true;
  EXPECT_THAT(w.t.refusal(CreateVpc, vpc), HasSubstr("AmazonProvidedIpv6CidrBlock (true)"));
  ModifySubnetAttributeRequest subnet;
  subnet.SubnetId = w.subnet_id;
  subnet.EnableDns64.emplace().Value = true;
  EXPECT_THAT(w.t.refusal(ModifySubnetAttribute, subnet), HasSubstr("EnableDns64.Value (true)"));
  CreateRouteRequest route;
  route.DestinationIpv6CidrBlock = "::/0";
  EXPECT_THAT(w.t.refusal(CreateRoute, route), HasSubstr("DestinationIpv6CidrBlock (::/0)"));
}

TEST(RootVolume, HasWhatItsTypeMayHave) {
  World w;
  const auto launch = [&](EbsBlockDevice ebs) {
    RunInstancesRequest in = w.run_request();
    in.BlockDeviceMappings = {{.Ebs = std::move(ebs), .DeviceName = "/dev/xvda"}};
    return w.t.refusal(RunInstances, in);
  };
  EXPECT_EQ(launch({.Iops = 4000, .VolumeType = "gp3", .Throughput = 250}), "");
  EXPECT_EQ(launch({.VolumeType = "gp2"}), "");
  EXPECT_EQ(launch({.Iops = 200, .VolumeType = "io1"}), "");
  EXPECT_THAT(launch({.Iops = 4000, .VolumeType = "gp2"}), StartsWith("InvalidParameterCombination: "));
  EXPECT_THAT(launch({.VolumeType = "io2"}), StartsWith("MissingParameter: "));
  EXPECT_THAT(launch({.Throughput = 9000}), StartsWith("InvalidParameterValue: "));
  EXPECT_THAT(launch({.VolumeSize = 4}), StartsWith("InvalidBlockDeviceMapping: "));
  EXPECT_THAT(launch({.KmsKeyId = "alias/mine"}), HasSubstr("BlockDeviceMappings.1.Ebs.KmsKeyId"));
}

TEST(InstanceSettings, AreToldAsGivenAndChecked) {
  World w;
  RunInstancesRequest in = w.run_request();
  in.CpuOptions.emplace() = {.CoreCount = 1, .ThreadsPerCore = 1};
  in.CreditSpecification.emplace().CpuCredits = "standard";
  in.MaintenanceOptions.emplace().AutoRecovery = "disabled";
  in.CapacityReservationSpecification.emplace().CapacityReservationPreference = "none";
  in.PrivateDnsNameOptions.emplace() = {.HostnameType = "resource-name",
                                        .EnableResourceNameDnsARecord = true};
  const std::string id = w.run(in).front();
  const Instance shown = w.describe_one(id);
  EXPECT_EQ(shown.CpuOptions->ThreadsPerCore, 1);
  EXPECT_EQ(shown.MaintenanceOptions->AutoRecovery, "disabled");
  EXPECT_EQ(shown.CapacityReservationSpecification->CapacityReservationPreference, "none");
  EXPECT_EQ(shown.PrivateDnsNameOptions->HostnameType, "resource-name");
  EXPECT_EQ(desired<host::Workload>(w.t, "Workload", id)->cpu_millis, 1000);  // one core, one thread
  ModifyPrivateDnsNameOptionsRequest names;
  names.InstanceId = id;
  names.EnableResourceNameDnsARecord = false;
  EXPECT_EQ(w.t.refusal(ModifyPrivateDnsNameOptions, names), "");
  EXPECT_EQ(w.describe_one(id).PrivateDnsNameOptions->HostnameType, "resource-name");  // not given: as it was
  EXPECT_EQ(w.describe_one(id).PrivateDnsNameOptions->EnableResourceNameDnsARecord, false);
  names.PrivateDnsHostnameType = "mine";
  EXPECT_THAT(w.t.refusal(ModifyPrivateDnsNameOptions, names), StartsWith("InvalidParameterValue: "));
  names.PrivateDnsHostnameType.reset();
  names.EnableResourceNameDnsAAAARecord = true;
  EXPECT_THAT(w.t.refusal(ModifyPrivateDnsNameOptions, names), HasSubstr("EnableResourceNameDnsAAAARecord"));
  ModifyInstanceMetadataOptionsRequest metadata;
  metadata.InstanceId = id;
  metadata.HttpProtocolIpv6 = "enabled";
  EXPECT_THAT(w.t.refusal(ModifyInstanceMetadataOptions, metadata), HasSubstr("HttpProtocolIpv6"));
  w.t.call([&](Call& call) {
    ModifyInstanceCreditSpecificationRequest credits;
    credits.InstanceCreditSpecifications = {{.InstanceId = id, .CpuCredits = "unlimited"},
                                            {.InstanceId = "i-00000000000000000", .CpuCredits = "standard"}};
    const auto out = ModifyInstanceCreditSpecification(call, credits);
    EXPECT_EQ(out.SuccessfulInstanceCreditSpecifications.size(), 1u);
    EXPECT_EQ(out.UnsuccessfulInstanceCreditSpecifications.at(0).Error->Code, "InvalidInstanceID.NotFound");
    DescribeInstanceCreditSpecificationsRequest asked;
    asked.InstanceIds = {id};
    EXPECT_EQ(DescribeInstanceCreditSpecifications(call, asked).InstanceCreditSpecifications.at(0).CpuCredits,
              "unlimited");
  });
  RunInstancesRequest many = w.run_request();
  many.CpuOptions.emplace() = {.CoreCount = 2, .ThreadsPerCore = 2};
  EXPECT_THAT(w.t.refusal(RunInstances, many), StartsWith("InvalidParameterValue: CpuOptions: CoreCount 2"));
  RunInstancesRequest steady = w.run_request();
  steady.InstanceType = "m5.large";
  steady.CreditSpecification.emplace().CpuCredits = "standard";
  EXPECT_THAT(w.t.refusal(RunInstances, steady), HasSubstr("does not support CPU credits"));
}

}  // namespace landfall::ec2
