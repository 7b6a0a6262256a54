#include "services/cloudwatch/expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace landfall::cloudwatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::nullopt_t kNone = std::nullopt;

const ExpressionInput& input() {
  static const ExpressionInput in{
      .series = {{"errors", {1, kNone, 5}}, {"requests", {10, 20, 0}}, {"e1", {2, 2, 2}}},
      .metrics = {"errors", "requests"},
      .periods = 3,
      .period_s = 60};
  return in;
}
Values value(std::string_view expression) {
  const auto values = evaluate(expression, input());
  if (!values) ADD_FAILURE() << expression << ": " << values.error().message;
  return values.value_or(Values{});
}
std::string refusal(std::string_view expression) {
  const auto values = evaluate(expression, input());
  return values ? "" : values.error().message;
}

TEST(Expression, ReckonsPeriodByPeriodAndWhatIsMissingStaysMissing) {
  EXPECT_THAT(value("(errors / requests) * 100"), ElementsAre(10, kNone, kNone));  // and 5/0 is nothing
  EXPECT_THAT(value("errors+requests*2"), ElementsAre(21, kNone, 5));
  EXPECT_THAT(value("-e1 ^ 2"), ElementsAre(4, 4, 4));
  EXPECT_THAT(value("2 - 3 - 4"), ElementsAre(-5, -5, -5));
}

TEST(Expression, ComparesAndDecides) {
  EXPECT_THAT(value("requests >= 10 AND requests < 20"), ElementsAre(1, 0, 0));
  EXPECT_THAT(value("IF(requests > 0, errors / requests, 0)"), ElementsAre(0.1, kNone, 0));
  EXPECT_THAT(value("IF(requests == 10, 1)"), ElementsAre(1, kNone, kNone));
}

TEST(Expression, FillsAndSumsUp) {
  EXPECT_THAT(value("FILL(errors, 0)"), ElementsAre(1, 0, 5));
  EXPECT_THAT(value("SUM(errors)"), ElementsAre(6, 6, 6));
  EXPECT_THAT(value("SUM(METRICS())"), ElementsAre(11, 20, 5));
  EXPECT_THAT(value("SUM([errors, e1 * 2])"), ElementsAre(5, 4, 9));
  EXPECT_THAT(value("MAX(errors, requests)"), ElementsAre(10, 20, 5));
  EXPECT_THAT(value("requests / PERIOD(requests)"), ElementsAre(10.0 / 60, 20.0 / 60, 0));
  EXPECT_THAT(value("DIFF(requests)"), ElementsAre(kNone, 10, -20));
}

TEST(Expression, SaysWhatIsWrong) {
  EXPECT_THAT(refusal("errors / nobody"), HasSubstr("nobody"));
  EXPECT_THAT(refusal("errors /"), HasSubstr("ends too early"));
  EXPECT_THAT(refusal("errors errors"), HasSubstr("unexpected"));
  EXPECT_THAT(refusal("METRICS()"), HasSubstr("several series"));
  EXPECT_THAT(refusal("ANOMALY_DETECTION_BAND(errors, 2)"), HasSubstr("not supported"));
  EXPECT_THAT(refusal(std::string(200, '(')), HasSubstr("nested too deeply"));
  EXPECT_THAT(refusal(std::string(2000, '-') + "1"), HasSubstr("nested too deeply"));
  EXPECT_NE(refusal(""), "");
}

TEST(Expression, TellsTheIdsThatItReads) {
  EXPECT_THAT(ids_in("IF(m1 > 1e3, SUM([m2, m3_x]))"), ElementsAre("m1", "m2", "m3_x"));
}

}  // namespace
}  // namespace landfall::cloudwatch
