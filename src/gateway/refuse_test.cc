#include "gateway/refuse.h"

#include <gtest/gtest.h>

#include "aws/service_error.h"

namespace landfall {
namespace {

constexpr Unsupported kList[] = {{"Domain", "Landfall has no directories"},
                                 {"MultiTenant", "it is of Oracle"}};

std::string refusal(std::string_view request) {
  try {
    refuse_unsupported(request, kList, "InvalidParameterValue");
  } catch (const ServiceError& error) {
    return error.code() + ": " + error.message();
  }
  return "";
}

TEST(RefuseUnsupported, NamesWhatIsGivenAndWhyItIsNotThere) {
  EXPECT_EQ(refusal(R"({"Domain":"d-1","Other":"x"})"),
            "InvalidParameterValue: The parameter Domain is not supported: Landfall has no directories.");
  EXPECT_EQ(refusal(R"({"MultiTenant":true})"),
            "InvalidParameterValue: The parameter MultiTenant is not supported: it is of Oracle.");
}

TEST(RefuseUnsupported, LetsPassWhatSaysTheSameAsNothing) {
  EXPECT_EQ(refusal(R"({"Other":"x"})"), "");
  EXPECT_EQ(refusal(R"({"Domain":"","MultiTenant":false})"), "");
  EXPECT_EQ(refusal(R"({"Domain":[],"MultiTenant":null})"), "");
}

}  // namespace
}  // namespace landfall
