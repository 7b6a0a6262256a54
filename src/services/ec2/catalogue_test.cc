#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

TEST(Catalogue, ImagesTypesZonesAndRegionsAreFound) {
  TestPlane t;
  t.call([](Call& call) {
    DescribeImagesRequest images = with_filter<DescribeImagesRequest>("name", {"al2023-ami-2023.*-x86_64"});
    images.Owners = {"amazon"};
    ASSERT_EQ(DescribeImages(call, images).Images.size(), 1u);
    EXPECT_EQ(DescribeImages(call, images).Images[0].ImageId, default_image_id());
    DescribeInstanceTypesRequest types;
    types.InstanceTypes = {"t3.micro"};
    EXPECT_EQ(DescribeInstanceTypes(call, types).InstanceTypes.at(0).MemoryInfo->SizeInMiB, 1024);
    types.InstanceTypes = {"nope"};
    EXPECT_EQ(code_of([&] { DescribeInstanceTypes(call, types); }), "InvalidInstanceType");
    EXPECT_EQ(DescribeAvailabilityZones(call, {}).AvailabilityZones.size(), 6u);
    EXPECT_EQ(DescribeAvailabilityZones(call, {}).AvailabilityZones[0].ZoneId, "use1-az1");
    EXPECT_EQ(
        DescribeRegions(call, with_filter<DescribeRegionsRequest>("region-name", {"eu-*"})).Regions.size(),
        5u);
  });
}

}  // namespace landfall::ec2
