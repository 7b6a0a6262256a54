#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

TEST(Tags, AreCreatedFilteredDescribedAndGoWithTheResource) {
  World w;
  w.t.call([&](Call& call) {
    CreateTagsRequest in;
    in.Resources = {w.vpc_id, w.subnet_id};
    in.Tags = {{.Key = "Name", .Value = "net"}, {.Key = "env", .Value = "test"}};
    CreateTags(call, in);
    EXPECT_EQ(DescribeVpcs(call, with_filter<DescribeVpcsRequest>("tag:Name", {"n*"})).Vpcs.size(), 1u);
    EXPECT_EQ(DescribeVpcs(call, with_filter<DescribeVpcsRequest>("tag:Name", {"x"})).Vpcs.size(), 0u);
    EXPECT_EQ(DescribeTags(call, with_filter<DescribeTagsRequest>("resource-type", {"subnet"})).Tags.size(),
              2u);
    DeleteTagsRequest remove;
    remove.Resources = {w.vpc_id};
    remove.Tags = {{.Key = "Name", .Value = "other"}, {.Key = "env"}};
    DeleteTags(call, remove);
    EXPECT_EQ(
        DescribeVpcs(call, with_filter<DescribeVpcsRequest>("tag-key", {"Name"})).Vpcs.at(0).Tags.size(), 1u);
    in.Resources = {"vpc-00000000000000000"};
    EXPECT_EQ(code_of([&] { CreateTags(call, in); }), "InvalidVpcID.NotFound");
    in.Resources = {w.vpc_id};
    in.Tags = {{.Key = "aws:x", .Value = "y"}};
    EXPECT_EQ(code_of([&] { CreateTags(call, in); }), "InvalidParameterValue");
    DeleteSubnetRequest subnet;
    subnet.SubnetId = w.subnet_id;
    DeleteSubnet(call, subnet);
    EXPECT_TRUE(
        DescribeTags(call, with_filter<DescribeTagsRequest>("resource-type", {"subnet"})).Tags.empty());
  });
}

}  // namespace landfall::ec2
