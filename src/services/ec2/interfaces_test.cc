#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

TEST(ServiceInterface, EdgesAddressIsOfTheSubnetAndBlocksItsDeletion) {
  World w;
  const auto made = w.t.call([&](Call& call) {
    return create_service_interface(call, {.subnet_id = w.subnet_id,
                                           .attachment = Attachment::edge,
                                           .description = "ELB app/x/1",
                                           .requester = "amazon-elb"});
  });
  EXPECT_EQ(made.private_ip, "10.0.1.4");
  EXPECT_EQ(desired<host::Interface>(w.t, "Interface", made.interface_id)->attachment, "edge");
  const auto remove = [&] {
    w.t.call([&](Call& call) {
      DeleteSubnetRequest in;
      in.SubnetId = w.subnet_id;
      DeleteSubnet(call, in);
    });
  };
  EXPECT_EQ(code_of(remove), "DependencyViolation");
  EXPECT_EQ(code_of([&] {
              w.t.call([&](Call& call) {
                DeleteNetworkInterfaceRequest in;
                in.NetworkInterfaceId = made.interface_id;
                DeleteNetworkInterface(call, in);
              });
            }),
            "InvalidParameterValue");
  w.t.call([&](Call& call) { release_service_interface(call, made.interface_id); });
  EXPECT_FALSE(desired<host::Interface>(w.t, "Interface", made.interface_id));
  remove();
}

}  // namespace landfall::ec2
