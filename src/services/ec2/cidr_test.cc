#include "services/ec2/cidr.h"

#include <gtest/gtest.h>

namespace landfall::ec2 {

TEST(Cidr, ReadsBlocksAndRefusesWhatIsNone) {
  EXPECT_EQ(Cidr::parse("10.0.0.0/16")->text(), "10.0.0.0/16");
  EXPECT_EQ(Cidr::parse_any("10.0.3.7/16")->text(), "10.0.0.0/16");
  for (const char* bad : {"10.0.0.1/16", "10.0.0.0", "10.0.0/16", "10.0.0.0/33", "10.0.0.256/32", "10.0.0.0/",
                          "", "10.0.00.0/8", "a.b.c.d/8", "10.0.0.0.0/8", "10.0.0.0/8x"})
    EXPECT_FALSE(Cidr::parse(bad)) << bad;
  EXPECT_EQ(Cidr::parse("0.0.0.0/0")->size(), uint64_t{1} << 32);
}

TEST(Cidr, OverlapsAndContains) {
  const Cidr vpc = *Cidr::parse("10.0.0.0/16"), in = *Cidr::parse("10.0.1.0/24"),
             out = *Cidr::parse("10.1.0.0/24");
  EXPECT_TRUE(vpc.contains(in));
  EXPECT_FALSE(in.contains(vpc));
  EXPECT_TRUE(in.overlaps(vpc));
  EXPECT_FALSE(vpc.overlaps(out));
}

TEST(Subnet, KeepsTheFirstFourAddressesAndTheLast) {
  const Cidr subnet = *Cidr::parse("10.0.1.0/28");
  EXPECT_EQ(usable_addresses(subnet), 11u);
  EXPECT_FALSE(is_usable(subnet, *parse_ipv4("10.0.1.3")));
  EXPECT_TRUE(is_usable(subnet, *parse_ipv4("10.0.1.4")));
  EXPECT_TRUE(is_usable(subnet, *parse_ipv4("10.0.1.14")));
  EXPECT_FALSE(is_usable(subnet, *parse_ipv4("10.0.1.15")));
  std::set<uint32_t> taken;
  EXPECT_EQ(format_ipv4(*lowest_free(subnet, taken)), "10.0.1.4");
  for (uint32_t i = 4; i < 15; ++i) taken.insert(subnet.base + i);
  EXPECT_FALSE(lowest_free(subnet, taken));
  taken.erase(subnet.base + 9);
  EXPECT_EQ(format_ipv4(*lowest_free(subnet, taken)), "10.0.1.9");
}

}  // namespace landfall::ec2
