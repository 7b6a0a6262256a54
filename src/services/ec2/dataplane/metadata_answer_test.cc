#include "services/ec2/dataplane/metadata_answer.h"

#include <gtest/gtest.h>

namespace landfall::ec2 {
namespace {

struct Service {
  MetadataSnapshot vpc;
  Secret key{"0123456789abcdef0123456789abcdef"};
  Timestamp now{1'700'000'000'000};
  int minted = 0;
  MintCredentials mint = [this](const InstanceMetadata& instance) -> Result<iam::InstanceRole> {
    ++minted;
    if (instance.role_id == "forbidden")
      return fail("its trust policy does not let ec2.amazonaws.com assume it");
    iam::InstanceRole role;
    role.credentials.access_key_id = "ASIA" + instance.instance_id;
    role.credentials.secret_access_key = Secret("s3cr3t");
    role.credentials.session_token = "tok+en";
    role.credentials.issued = now;
    role.credentials.expires = now.plus_seconds(21600);
    return role;
  };

  Service() {
    vpc.vpc_id = "vpc-1";
    vpc.vpc_cidrs = {"10.0.0.0/16"};
    vpc.account = "123456789012";
    vpc.region = "us-east-1";
    InstanceMetadata a;
    a.instance_id = "i-a";
    a.image_id = "ami-1";
    a.instance_type = "t3.micro";
    a.architecture = "x86_64";
    a.availability_zone = "us-east-1b";
    a.availability_zone_id = "use1-az2";
    a.private_ip = "10.0.1.4";
    a.hostname = "ip-10-0-1-4.ec2.internal";
    a.mac = "06:00:00:00:00:01";
    a.interface_id = "eni-1";
    a.subnet_id = "subnet-1";
    a.subnet_cidr = "10.0.1.0/24";
    a.security_group_ids = {"sg-1", "sg-2"};
    a.security_group_names = {"web", "admin"};
    a.key_name = "me";
    a.public_key = "ssh-ed25519 AAAA me";
    a.user_data = Secret("#!/bin/sh\n");
    a.profile_arn = "arn:aws:iam::123456789012:instance-profile/app";
    a.profile_id = "AIPA1";
    a.role_name = "app";
    a.role_id = "AROA1";
    a.tags = {{"Name", "web 1"}};
    a.tags_enabled = true;
    vpc.instances["10.0.1.4"] = a;
    InstanceMetadata b;
    b.instance_id = "i-b";
    b.private_ip = "10.0.1.5";
    b.mac = "06:00:00:00:00:02";
    b.token_required = false;
    vpc.instances["10.0.1.5"] = b;
  }
  MetadataAnswer ask(const std::string& method, const std::string& target,
                     std::vector<http::Header> headers = {}, const std::string& caller = "10.0.1.4") {
    http::Request request;
    request.method = method;
    request.target = target;
    for (http::Header& header : headers) request.headers.add(header.name, header.value);
    return answer_metadata(request, caller, {.vpc = vpc, .token_key = key, .mint = mint, .now = now});
  }
  std::string token(const std::string& caller = "10.0.1.4", const std::string& seconds = "60") {
    const MetadataAnswer out =
        ask("PUT", "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", seconds}}, caller);
    EXPECT_EQ(out.head.status, 200);
    return out.body;
  }
  MetadataAnswer get(const std::string& path) {
    return ask("GET", path, {{"X-aws-ec2-metadata-token", token()}});
  }
};

}  // namespace

TEST(Metadata, LeavesSayWhatTheInstanceIs) {
  Service s;
  const std::pair<const char*, const char*> leaves[] = {
      {"/latest/meta-data/instance-id", "i-a"},
      {"/latest/meta-data/ami-id", "ami-1"},
      {"/latest/meta-data/placement/availability-zone", "us-east-1b"},
      {"/latest/meta-data/placement/region", "us-east-1"},
      {"/latest/meta-data/local-ipv4", "10.0.1.4"},
      {"/latest/meta-data/security-groups", "web\nadmin"},
      {"/latest/meta-data/network/interfaces/macs/06:00:00:00:00:01/vpc-ipv4-cidr-block", "10.0.0.0/16"},
      {"/latest/meta-data/network/interfaces/macs/", "06:00:00:00:00:01/"},
      {"/latest/meta-data/tags/instance/Name", "web 1"},
      {"/latest/meta-data/public-keys/", "0=me"},
      {"/latest/meta-data/public-keys/0/openssh-key", "ssh-ed25519 AAAA me\n"},
      {"/latest/meta-data/iam/security-credentials/", "app"},
      {"/latest/meta-data/iam/", "info\nsecurity-credentials/"},
      {"/latest/meta-data/placement", "availability-zone\navailability-zone-id\nregion"},
      {"/latest/dynamic/", "instance-identity/"},
      {"/latest/user-data", "#!/bin/sh\n"},
      {"/latest", "dynamic\nmeta-data\nuser-data"},
      {"/2021-07-15/meta-data/instance-type", "t3.micro"},
      {"/", "1.0\nlatest"},
  };
  for (const auto& [path, text] : leaves) {
    const MetadataAnswer out = s.get(path);
    EXPECT_EQ(out.head.status, 200) << path;
    EXPECT_EQ(out.body, text) << path;
  }
  EXPECT_NE(s.get("/latest/dynamic/instance-identity/document").body.find("\"instanceId\" : \"i-a\""),
            std::string::npos);
  EXPECT_EQ(s.minted, 0);
}

TEST(Metadata, WhatIsNotThereIsNotFound) {
  Service s;
  for (const char* path :
       {"/latest/meta-data/colour", "/latest/meta-data/ami-id/",
        "/latest/meta-data/iam/security-credentials/other", "/newest/meta-data/",
        "/latest/meta-data/public-ipv4", "/latest/meta-data//ami-id", "/latest/meta-data/../user-data"})
    EXPECT_EQ(s.get(path).head.status, 404) << path;
  EXPECT_EQ(s.get("/latest/meta-data/%zz").head.status, 400);
  EXPECT_EQ(s.ask("GET", "/latest/user-data", {}, "10.0.1.5").head.status, 404);
  EXPECT_EQ(s.ask("GET", "/latest/meta-data/iam/info", {}, "10.0.1.5").head.status, 404);
  EXPECT_EQ(s.ask("GET", "/latest/meta-data/instance-id", {}, "10.0.9.9").head.status, 404);
}

TEST(Metadata, AGetNeedsATokenOfThisInstanceThatHasNotExpired) {
  Service s;
  const auto with = [&](const std::string& token) {
    return s.ask("GET", "/latest/meta-data/instance-id", {{"X-aws-ec2-metadata-token", token}}).head.status;
  };
  EXPECT_EQ(s.ask("GET", "/latest/meta-data/instance-id").head.status, 401);
  EXPECT_EQ(with(s.token()), 200);
  EXPECT_EQ(with(s.token("10.0.1.5")), 401);  // another instance's
  EXPECT_EQ(with(""), 401);
  EXPECT_EQ(with("bm9uc2Vuc2U="), 401);
  std::string changed = s.token();
  changed[3] = changed[3] == 'A' ? 'B' : 'A';
  EXPECT_EQ(with(changed), 401);
  const std::string short_lived = s.token("10.0.1.4", "1"), good = s.token();
  s.now = s.now.plus_seconds(1);
  EXPECT_EQ(with(short_lived), 401);
  EXPECT_EQ(with(good), 200);
  s.key = Secret("another key, after a restart.....");
  EXPECT_EQ(with(good), 401);
}

TEST(Metadata, AnInstanceWithOptionalTokensMayGoWithoutButNotWithAWrongOne) {
  Service s;
  EXPECT_EQ(s.ask("GET", "/latest/meta-data/instance-id", {}, "10.0.1.5").body, "i-b");
  EXPECT_EQ(s.ask("GET", "/latest/meta-data/instance-id", {{"X-aws-ec2-metadata-token", "x"}}, "10.0.1.5")
                .head.status,
            401);
}

TEST(Metadata, TokensAreRefusedToProxiesAndWithoutAProperLifetime) {
  Service s;
  const auto put = [&](std::vector<http::Header> headers) {
    return s.ask("PUT", "/latest/api/token", std::move(headers)).head.status;
  };
  EXPECT_EQ(put({{"X-aws-ec2-metadata-token-ttl-seconds", "60"}, {"X-Forwarded-For", "1.2.3.4"}}), 403);
  EXPECT_EQ(put({}), 400);
  for (const char* ttl : {"0", "21601", "-1", "sixty", "", "60 "})
    EXPECT_EQ(put({{"X-aws-ec2-metadata-token-ttl-seconds", ttl}}), 400) << ttl;
  EXPECT_EQ(put({{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}}), 200);
  EXPECT_EQ(s.ask("PUT", "/latest/meta-data/ami-id").head.status, 405);
  EXPECT_EQ(s.ask("POST", "/latest/api/token").head.status, 405);
}

TEST(Metadata, ADisabledEndpointGivesNothing) {
  Service s;
  s.vpc.instances["10.0.1.4"].endpoint_enabled = false;
  EXPECT_EQ(s.ask("PUT", "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", "60"}}).head.status,
            403);
}

TEST(Metadata, TheRolesCredentialsAreInTheFormThatSdksRead) {
  Service s;
  const std::string body = s.get("/latest/meta-data/iam/security-credentials/app").body;
  EXPECT_EQ(
      body,
      R"({"Code":"Success","LastUpdated":"2023-11-14T22:13:20Z","Type":"AWS-HMAC","AccessKeyId":"ASIAi-a","SecretAccessKey":"s3cr3t",)"
      R"("Token":"tok+en","Expiration":"2023-11-15T04:13:20Z"})");
  EXPECT_EQ(s.minted, 1);
  EXPECT_NE(s.get("/latest/meta-data/iam/info").body.find("instance-profile/app"), std::string::npos);
  s.vpc.instances["10.0.1.4"].role_id = "forbidden";
  const MetadataAnswer refused = s.get("/latest/meta-data/iam/security-credentials/app");
  EXPECT_NE(refused.body.find("AssumeRoleUnauthorizedAccess"), std::string::npos);
  EXPECT_EQ(refused.body.find("s3cr3t"), std::string::npos);
}

}  // namespace landfall::ec2
