#include "aws/arn.h"

#include <gtest/gtest.h>

namespace landfall::aws {

TEST(Arn, SplitsAndFormatsBack) {
  for (const char* text :
       {"arn:aws:iam::123456789012:user/dev/alice", "arn:aws:s3:::bucket/key:with/colons",
        "arn:aws:rds:us-east-1:123456789012:db:main", "arn:aws-cn:sns:cn-north-1:1:topic"}) {
    auto arn = parse_arn(text);
    ASSERT_TRUE(arn) << text;
    EXPECT_EQ(to_string(*arn), text);
  }
  auto user = split_arn("arn:aws:iam::123456789012:user/dev/alice");
  EXPECT_EQ(user->account, "123456789012");
  EXPECT_EQ(user->resource_type(), "user");
  EXPECT_EQ(user->resource_name(), "dev/alice");
  auto db = split_arn("arn:aws:rds:us-east-1:123456789012:db:main");
  EXPECT_EQ(db->resource_type(), "db");
  EXPECT_EQ(db->resource_name(), "main");
  EXPECT_EQ(split_arn("arn:aws:s3:::bucket")->resource_type(), "");
}

TEST(Arn, RefusesWhatIsNoArn) {
  for (const char* text : {"", "arn", "arn:", "arn:aws:iam::123456789012", "arn:aws:iam::123456789012:",
                           "urn:aws:iam::1:user/a", "arn::iam::1:user/a", "arn:aws:::1:user/a"})
    EXPECT_FALSE(split_arn(text)) << text;
}

}  // namespace landfall::aws
