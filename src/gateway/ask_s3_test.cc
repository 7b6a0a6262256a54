#include "gateway/ask_s3.h"

#include <gtest/gtest.h>

#include "gateway/testing.h"

namespace landfall {
namespace {

const S3Client::Request kQuestion{.method = "HEAD", .path = "/bucket"};

int status_of(Call& call) {
  const auto reply = ask_s3(call, kQuestion);
  return reply ? reply->status : 0;
}

}  // namespace

TEST(AskS3, NobodyAnswersACallThatCannotBeginAnew) {
  testing_support::TestPlane t;
  EXPECT_EQ(t.call(status_of), 0);
}

TEST(AskS3, LeavesTheHandlerUntilTheAnswerIsThere) {
  testing_support::TestPlane t;
  S3Answers answers;
  t.s3_answers = &answers;
  EXPECT_THROW(t.call(status_of), S3Wanted);
  answers.add(kQuestion, S3Reply{.status = 404});
  EXPECT_EQ(t.call(status_of), 404);
  answers.add(kQuestion, fail("edge is away"));
  EXPECT_THROW(t.call(status_of), ServiceError);
}

TEST(AskS3, AnotherQuestionIsNotTheSame) {
  S3Answers answers;
  answers.add(kQuestion, S3Reply{.status = 200});
  S3Client::Request other = kQuestion;
  other.principal = "{}";
  EXPECT_EQ(answers.find(other), nullptr);
}

}  // namespace landfall
