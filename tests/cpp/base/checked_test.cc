#include "base/checked.h"

#include <gtest/gtest.h>

#include <limits>

namespace mx {
namespace {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

TEST(Checked, ComputesWhatFits) {
  EXPECT_EQ((Checked(3) * 4 - 2 + 1).get("op", "n", 3), 11);
  EXPECT_EQ((Checked(kMost) - 1 + 1).get("op", "n", 3), kMost);
}

TEST(Checked, RemembersEveryStep) {
  EXPECT_FALSE((Checked(kMost) + 1).fits());
  EXPECT_FALSE((Checked(kMost) + 1 - 1).fits());
  EXPECT_FALSE((Checked(kMost) * 2 * 0).fits());
  EXPECT_FALSE((Checked(0) - std::numeric_limits<int64_t>::min()).fits());
  EXPECT_FALSE((Checked(1) + Checked(kMost) * kMost).fits());
}

TEST(Checked, NamesTheArgument) {
  try {
    (Checked(kMost) * 2).get("tile", "reps", Shape{kMost, 2});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kValue);
    EXPECT_TRUE(error.message().starts_with("tile: reps=(9223372036854775807, 2) makes"));
  }
}

TEST(Checked, CountsBytes) {
  EXPECT_TRUE(is_countable(Shape()));
  EXPECT_TRUE(is_countable(Shape{-1, 1 << 20, 1 << 20, 0}));
  EXPECT_FALSE(is_countable(Shape{-1, kMost}));
  EXPECT_FALSE(is_countable(Shape{0, kMost}));
  EXPECT_FALSE(is_countable(Shape{int64_t{1} << 32, int64_t{1} << 32}));
}

}  // namespace
}  // namespace mx
