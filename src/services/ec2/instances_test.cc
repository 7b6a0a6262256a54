#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

TEST(Instance, GetsTheLowestAddressAndItsDocumentsForHost) {
  World w;
  RunInstancesRequest in = w.run_request(2);
  in.UserData = to_base64("#!/bin/sh\necho hello\n");
  in.TagSpecifications = {{.ResourceType = "instance", .Tags = {{.Key = "Name", .Value = "web"}}}};
  const auto ids = w.run(in);
  ASSERT_EQ(ids.size(), 2u);
  const Instance first = w.describe_one(ids[0]);
  EXPECT_EQ(first.PrivateIpAddress, "10.0.1.4");
  EXPECT_EQ(first.PrivateDnsName, "ip-10-0-1-4.ec2.internal");
  EXPECT_EQ(w.describe_one(ids[1]).PrivateIpAddress, "10.0.1.5");
  EXPECT_EQ(first.State->Name, "pending");
  EXPECT_EQ(first.Placement->AvailabilityZone, "us-east-1b");
  EXPECT_EQ(first.Tags.at(0).Value, "web");
  EXPECT_EQ(first.MetadataOptions->HttpTokens, "required");
  const auto workload = desired<host::Workload>(w.t, "Workload", ids[0]);
  ASSERT_TRUE(workload.has_value());
  EXPECT_EQ(workload->kind, "instance");
  EXPECT_EQ(workload->memory_bytes, int64_t{1} << 30);
  EXPECT_EQ(workload->cpu_millis, 2000);
  EXPECT_EQ(workload->user_data.reveal(), "#!/bin/sh\necho hello\n");
  EXPECT_EQ(workload->hostname, "ip-10-0-1-4.ec2.internal");
  const auto interface = desired<host::Interface>(w.t, "Interface", workload->interface_id);
  ASSERT_TRUE(interface.has_value());
  EXPECT_EQ(interface->private_ip, "10.0.1.4");
  EXPECT_EQ(interface->workload_id, ids[0]);
  EXPECT_EQ(interface->security_group_ids.size(), 1u);
  const auto imds = metadata(w.t, w.vpc_id);
  ASSERT_TRUE(imds.has_value());
  EXPECT_EQ(imds->instances.at("10.0.1.5").instance_id, ids[1]);
  EXPECT_EQ(imds->instances.at("10.0.1.5").launch_index, 1);
}

TEST(Instance, FollowsWhatHostSaysThroughItsWholeLife) {
  World w;
  const auto service = make_service(w.t.plane);
  const std::string id = w.run_one();
  w.observe(id, "creating");
  EXPECT_EQ(w.state(id), "pending");
  w.observe(id, "running");
  EXPECT_EQ(w.state(id), "running");
  w.t.call([&](Call& call) {
    StopInstancesRequest in;
    in.InstanceIds = {id};
    const auto out = StopInstances(call, in);
    EXPECT_EQ(out.StoppingInstances.at(0).CurrentState->Name, "stopping");
    EXPECT_EQ(out.StoppingInstances.at(0).PreviousState->Code, 16);
  });
  w.t.settle();
  EXPECT_EQ(w.state(id), "stopping");
  EXPECT_EQ(desired<host::Workload>(w.t, "Workload", id)->desired, "stopped");
  w.observe(id, "stopped");
  EXPECT_EQ(w.state(id), "stopped");
  w.t.call([&](Call& call) {
    StartInstancesRequest in;
    in.InstanceIds = {id};
    StartInstances(call, in);
  });
  w.t.settle();
  EXPECT_EQ(w.state(id), "pending");
  w.observe(id, "running", 0, 0);  // of the life before
  EXPECT_EQ(w.state(id), "pending");
  w.observe(id, "running", 0, 1);
  EXPECT_EQ(w.state(id), "running");
  w.t.call([&](Call& call) {
    TerminateInstancesRequest in;
    in.InstanceIds = {id};
    TerminateInstances(call, in);
  });
  w.t.settle();
  EXPECT_EQ(w.state(id), "shutting-down");
  EXPECT_FALSE(desired<host::Workload>(w.t, "Workload", id));
  EXPECT_TRUE(metadata(w.t, w.vpc_id)->instances.empty());
  w.observe(id, "removed");
  EXPECT_EQ(w.state(id), "terminated");
  w.t.call([&](Call& call) {
    EXPECT_TRUE(DescribeNetworkInterfaces(call, {}).NetworkInterfaces.empty());
    EXPECT_TRUE(DescribeVolumes(call, {}).Volumes.empty());
  });
  w.t.settle(kKeepTerminatedMs + 1);
  EXPECT_EQ(code_of([&] { w.describe_one(id); }), "InvalidInstanceID.NotFound");
}

TEST(Instance, AnotherTypeIsTakenWhenStoppedAndHasItsOwnCpus) {
  World w;
  const auto service = make_service(w.t.plane);
  RunInstancesRequest in = w.run_request();
  in.CpuOptions.emplace() = {.CoreCount = 1, .ThreadsPerCore = 1};
  const std::string id = w.run(in).front();
  w.observe(id, "running");
  ModifyInstanceAttributeRequest change;
  change.InstanceId = id;
  change.InstanceType.emplace().Value = "m5.xlarge";
  const auto modify = [&](Call& call) { ModifyInstanceAttribute(call, change); };
  EXPECT_EQ(code_of([&] { w.t.call(modify); }), "IncorrectInstanceState");
  w.t.call([&](Call& call) {
    StopInstancesRequest stop;
    stop.InstanceIds = {id};
    StopInstances(call, stop);
  });
  w.observe(id, "stopped");
  w.t.call(modify);
  EXPECT_EQ(w.describe_one(id).InstanceType, "m5.xlarge");
  EXPECT_EQ(w.describe_one(id).CpuOptions->ThreadsPerCore, 2);
  w.t.call([&](Call& call) {
    StartInstancesRequest start;
    start.InstanceIds = {id};
    StartInstances(call, start);
  });
  EXPECT_EQ(desired<host::Workload>(w.t, "Workload", id)->cpu_millis, 4000);
}

TEST(Instance, KilledOrShutDownFromWithinIsStoppedWithTheReason) {
  World w;
  const auto service = make_service(w.t.plane);
  const std::string killed = w.run_one(), shut = w.run_one();
  RunInstancesRequest in = w.run_request();
  in.InstanceInitiatedShutdownBehavior = "terminate";
  const std::string ends = w.run(in).front();
  for (const auto& id : {killed, shut, ends}) w.observe(id, "running");
  w.observe(killed, "exited", 137);
  w.observe(shut, "exited", 0);
  w.observe(ends, "exited", 0);
  EXPECT_EQ(w.state(killed), "stopped");
  EXPECT_EQ(w.describe_one(killed).StateReason->Code, "Server.InternalError");
  EXPECT_EQ(w.state(shut), "stopped");
  EXPECT_EQ(w.describe_one(shut).StateReason->Code, "Client.InstanceInitiatedShutdown");
  EXPECT_EQ(w.state(ends), "shutting-down");
  EXPECT_EQ(desired<host::Workload>(w.t, "Workload", killed)->desired, "stopped");
  w.t.call([&](Call& call) { EXPECT_TRUE(find_instance(call, killed)->unhealthy()); });
}

TEST(Instance, SilenceOfHostEndsATerminationButOnlyAfterAWhile) {
  World w;
  const auto service = make_service(w.t.plane);
  const std::string id = w.run_one();
  w.t.call([&](Call& call) {
    TerminateInstancesRequest in;
    in.InstanceIds = {id};
    TerminateInstances(call, in);
  });
  w.t.settle();
  EXPECT_EQ(w.state(id), "shutting-down");
  w.t.settle(10'000);
  EXPECT_EQ(w.state(id), "terminated");
}

TEST(Instance, LaunchesAreRefusedWithEc2sErrors) {
  World w;
  const auto refused = [&](auto change) {
    RunInstancesRequest in = w.run_request();
    change(in);
    return code_of([&] { w.run(in); });
  };
  EXPECT_EQ(refused([](auto& in) { in.ImageId = "ami-1"; }), "InvalidAMIID.NotFound");
  EXPECT_EQ(refused([](auto& in) { in.ImageId.reset(); }), "MissingParameter");
  EXPECT_EQ(refused([](auto& in) { in.InstanceType = "z9.huge"; }), "InvalidParameterValue");
  EXPECT_EQ(refused([](auto& in) { in.InstanceType = "t4g.micro"; }),
            "InvalidParameterValue");  // arm64 with an x86 image
  EXPECT_EQ(refused([](auto& in) { in.SubnetId = "subnet-1"; }), "InvalidSubnetID.NotFound");
  EXPECT_EQ(refused([](auto& in) { in.SecurityGroupIds = {"sg-1"}; }), "InvalidGroup.NotFound");
  EXPECT_EQ(refused([](auto& in) { in.KeyName = "none"; }), "InvalidKeyPair.NotFound");
  EXPECT_EQ(refused([](auto& in) { in.UserData = "%%"; }), "InvalidUserData.Malformed");
  EXPECT_EQ(refused([](auto& in) { in.PrivateIpAddress = "10.0.1.1"; }), "InvalidParameterValue");
  EXPECT_EQ(refused([](auto& in) { in.IamInstanceProfile.emplace().Name = "none"; }),
            "InvalidParameterValue");
  EXPECT_EQ(refused([](auto& in) { in.MinCount = 0; }), "InvalidParameterValue");
  EXPECT_EQ(refused([](auto& in) { in.PrivateIpAddress = "10.0.1.50"; }), "");
  EXPECT_EQ(refused([](auto& in) { in.PrivateIpAddress = "10.0.1.50"; }), "InvalidIPAddress.InUse");
  EXPECT_EQ(code_of([&] { w.describe_one("i-xyz"); }), "InvalidInstanceID.Malformed");
  EXPECT_EQ(code_of([&] { w.describe_one("i-00000000000000000"); }), "InvalidInstanceID.NotFound");
}

TEST(Instance, TheSameClientTokenGivesTheSameInstances) {
  World w;
  RunInstancesRequest in = w.run_request();
  in.ClientToken = "once";
  EXPECT_EQ(w.run(in), w.run(in));
  in.InstanceType = "t3.small";
  EXPECT_EQ(code_of([&] { w.run(in); }), "IdempotentParameterMismatch");
}

TEST(Instance, ProtectedOnesAreNotTerminatedNorAnyBesideThem) {
  World w;
  RunInstancesRequest in = w.run_request();
  in.DisableApiTermination = true;
  const std::string kept = w.run(in).front(), other = w.run_one();
  const auto terminate = [&] {
    w.t.call([&](Call& call) {
      TerminateInstancesRequest request;
      request.InstanceIds = {other, kept};
      TerminateInstances(call, request);
    });
  };
  EXPECT_EQ(code_of(terminate), "OperationNotPermitted");
  EXPECT_EQ(w.state(other), "pending");
}

}  // namespace landfall::ec2
