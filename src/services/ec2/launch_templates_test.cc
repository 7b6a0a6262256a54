#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

TEST(LaunchTemplate, SaysWhatTheRequestDoesNotAndVersionsAreChosen) {
  World w;
  const std::string group = w.make_group("web");
  w.t.call([&](Call& call) {
    CreateLaunchTemplateRequest in;
    in.LaunchTemplateName = "web";
    RequestLaunchTemplateData& data = in.LaunchTemplateData.emplace();
    data.ImageId = default_image_id();
    data.InstanceType = "t3.small";
    data.UserData = to_base64("one");
    data.SecurityGroupIds = {group};
    data.TagSpecifications = {
        {.ResourceType = "instance",
         .Tags = {{.Key = "a", .Value = "template"}, {.Key = "b", .Value = "template"}}}};
    CreateLaunchTemplate(call, in);
    EXPECT_EQ(code_of([&] { CreateLaunchTemplate(call, in); }),
              "InvalidLaunchTemplateName.AlreadyExistsException");
    CreateLaunchTemplateVersionRequest second;
    second.LaunchTemplateName = "web";
    second.SourceVersion = "1";
    second.LaunchTemplateData.emplace().InstanceType = "t3.medium";
    CreateLaunchTemplateVersion(call, second);
  });
  const auto launch = [&](const std::string& version) {
    RunInstancesRequest in;
    in.MinCount = in.MaxCount = 1;
    in.SubnetId = w.subnet_id;
    in.LaunchTemplate.emplace() = {.LaunchTemplateName = "web", .Version = version};
    in.TagSpecifications = {{.ResourceType = "instance", .Tags = {{.Key = "a", .Value = "request"}}}};
    return w.describe_one(w.run(in).front());
  };
  const Instance by_default = launch("$Default");
  EXPECT_EQ(by_default.InstanceType, "t3.small");
  EXPECT_EQ(by_default.SecurityGroups.at(0).GroupId, group);
  ASSERT_EQ(by_default.Tags.size(), 4u);
  EXPECT_EQ(by_default.Tags[0].Value, "request");
  EXPECT_EQ(by_default.Tags[1].Key, "aws:ec2launchtemplate:id");
  EXPECT_EQ(by_default.Tags[2].Value, "1");
  EXPECT_EQ(by_default.Tags[3].Value, "template");
  EXPECT_EQ(launch("$Latest").InstanceType, "t3.medium");
  EXPECT_EQ(code_of([&] { launch("9"); }), "InvalidLaunchTemplateId.VersionNotFound");
  w.t.call([&](Call& call) {
    DescribeLaunchTemplateVersionsRequest in;
    in.LaunchTemplateName = "web";
    const auto versions = DescribeLaunchTemplateVersions(call, in).LaunchTemplateVersions;
    ASSERT_EQ(versions.size(), 2u);
    EXPECT_EQ(versions[0].VersionNumber, 2);
    EXPECT_EQ(versions[0].LaunchTemplateData->UserData, to_base64("one"));
    DescribeLaunchTemplatesRequest none;
    none.LaunchTemplateNames = {"nothing"};
    EXPECT_EQ(code_of([&] { DescribeLaunchTemplates(call, none); }),
              "InvalidLaunchTemplateName.NotFoundException");
  });
}

}  // namespace landfall::ec2
