#include "aws/protocol/refusals.h"

#include <gtest/gtest.h>

#include "elbv2/operations.h"

namespace landfall::aws {
namespace {

constexpr Refusal kRefusals[] = {{"SubnetMappings.AllocationId", "there is no such thing", ""},
                                 {"IpamPools", "no pools", ""},
                                 {"IpAddressType", "IPv4 only", "ipv4"}};

TEST(RefusedIn, FindsNothingInARequestThatHasNoneOfThem) {
  elbv2::CreateLoadBalancerInput in{.Name = "web"};
  in.SubnetMappings = {{.SubnetId = "subnet-1"}};
  EXPECT_FALSE(refused_in(in, kRefusals));
}

TEST(RefusedIn, NamesTheParameterWithItsPlaceInAList) {
  elbv2::CreateLoadBalancerInput in;
  in.SubnetMappings = {{.SubnetId = "subnet-1"}, {.SubnetId = "subnet-2", .AllocationId = "eipalloc-1"}};
  const auto refused = refused_in(in, kRefusals);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->parameter, "SubnetMappings.2.AllocationId");
  EXPECT_EQ(refused->value, "eipalloc-1");
  EXPECT_EQ(refused->why, "there is no such thing");
  EXPECT_EQ(
      refused->message(),
      "The parameter SubnetMappings.2.AllocationId (eipalloc-1) is not supported: there is no such thing.");
}

TEST(RefusedIn, RefusesAStructureWhateverIsInIt) {
  elbv2::CreateLoadBalancerInput in;
  in.IpamPools.emplace();
  EXPECT_TRUE(refused_in(in, kRefusals));
}

TEST(RefusedIn, LetsTheHarmlessValuePass) {
  elbv2::CreateLoadBalancerInput in;
  in.IpAddressType = "ipv4";
  EXPECT_FALSE(refused_in(in, kRefusals));
  in.IpAddressType = "dualstack";
  EXPECT_EQ(refused_in(in, kRefusals)->value, "dualstack");
}

TEST(RefusedIn, SkipsOfASharedTableWhatTheOperationHasNot) {
  constexpr Refusal kShared[] = {{"SubnetMappings.Wings", "of another operation", ""},
                                 {"Wings", "of another operation", ""},
                                 {"IpamPools", "no pools", ""}};
  elbv2::CreateLoadBalancerInput in;
  in.SubnetMappings = {{.SubnetId = "subnet-1"}};
  EXPECT_FALSE(refused_in(in, kShared, RefusalTable::shared));
  in.IpamPools.emplace();
  EXPECT_EQ(refused_in(in, kShared, RefusalTable::shared).value().parameter, "IpamPools");
  EXPECT_DEATH(refused_in(in, kShared), "no such parameter: SubnetMappings.Wings");
}

TEST(HasParameter, GoesThroughStructuresAndLists) {
  const Shape& shape = shape_of(static_cast<const elbv2::CreateLoadBalancerInput*>(nullptr));
  EXPECT_TRUE(has_parameter(shape, "Name"));
  EXPECT_TRUE(has_parameter(shape, "SubnetMappings.SubnetId"));
  EXPECT_FALSE(has_parameter(shape, "SubnetMappings.Wings"));
  EXPECT_FALSE(has_parameter(shape, "Wings"));
}

}  // namespace
}  // namespace landfall::aws
