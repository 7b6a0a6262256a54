#include "base/memory_budget.h"

#include <gtest/gtest.h>

namespace landfall {
namespace {

constexpr size_t kFree = MemoryBudget::Share::kFreeBytes;

TEST(MemoryBudget, IsUsedByWhatIsLongAndGivenBack) {
  MemoryBudget budget(1000);
  {
    MemoryBudget::Share first(budget), second(budget);
    EXPECT_TRUE(first.grow(kFree));
    EXPECT_EQ(budget.used(), 0u);
    EXPECT_TRUE(first.grow(600));
    EXPECT_TRUE(second.grow(kFree + 400));
    EXPECT_EQ(budget.used(), 1000u);
    EXPECT_FALSE(second.grow(1));
    EXPECT_FALSE(first.grow(1));
    EXPECT_EQ(budget.used(), 1000u);
    MemoryBudget::Share third(budget);
    EXPECT_TRUE(third.grow(kFree)) << "short ones are always taken";
    EXPECT_FALSE(third.grow(1));
    MemoryBudget::Share moved = std::move(first);
    EXPECT_EQ(budget.used(), 1000u);
  }
  EXPECT_EQ(budget.used(), 0u);
}

}  // namespace
}  // namespace landfall
