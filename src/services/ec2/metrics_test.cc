#include "services/ec2/metrics.h"

#include <gtest/gtest.h>

namespace landfall::ec2 {

static host::WorkloadUsage usage(int64_t at_ms, int64_t cpu_ns, int64_t in) {
  host::WorkloadUsage out;
  out.at_ms = at_ms;
  out.cpu_ns = cpu_ns;
  out.network_in_bytes = in;
  return out;
}

TEST(InstanceMetrics, OneOfTwoVcpusBusyIsFiftyPercent) {
  const auto metrics = usage_metrics(usage(1000, 0, 100), usage(6000, 5'000'000'000, 350), 2);
  ASSERT_EQ(metrics.size(), 5u);
  EXPECT_EQ(metrics[0].name, "CPUUtilization");
  EXPECT_DOUBLE_EQ(metrics[0].value, 50);
  EXPECT_DOUBLE_EQ(metrics[1].value, 250);
}

TEST(InstanceMetrics, CountersThatWentBackOrNoTimeGiveNothing) {
  EXPECT_TRUE(usage_metrics(usage(1000, 9, 0), usage(2000, 1, 0), 2).empty());
  EXPECT_TRUE(usage_metrics(usage(1000, 1, 0), usage(1000, 2, 0), 2).empty());
}

}  // namespace landfall::ec2
