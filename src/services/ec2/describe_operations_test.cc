#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

TEST(Describe, UnknownIdsAndFiltersAreErrorsAndPagesFollowOn) {
  World w;
  w.t.call([&](Call& call) {
    w.make_subnet(call, "10.0.2.0/24", "us-east-1a");
    w.make_subnet(call, "10.0.3.0/24", "us-east-1c");
  });
  w.t.call([&](Call& call) {
    DescribeSubnetsRequest in;
    in.SubnetIds = {"subnet-00000000000000000"};
    EXPECT_EQ(code_of([&] { DescribeSubnets(call, in); }), "InvalidSubnetID.NotFound");
    EXPECT_EQ(code_of([&] { DescribeSubnets(call, with_filter<DescribeSubnetsRequest>("colour", {"x"})); }),
              "InvalidParameterValue");
    DescribeSubnetsRequest first;
    first.MaxResults = 2;
    const auto one = DescribeSubnets(call, first);
    EXPECT_EQ(one.Subnets.size(), 2u);
    ASSERT_TRUE(one.NextToken);
    first.NextToken = one.NextToken;
    const auto two = DescribeSubnets(call, first);
    EXPECT_EQ(two.Subnets.size(), 1u);
    EXPECT_FALSE(two.NextToken);
    EXPECT_EQ(DescribeSubnets(call, with_filter<DescribeSubnetsRequest>("availability-zone",
                                                                        {"us-east-1[ac]", "us-east-1?"}))
                  .Subnets.size(),
              3u);
  });
}

}  // namespace landfall::ec2
