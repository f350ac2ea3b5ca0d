// What was moved from is empty and can be used again.
#include <gtest/gtest.h>

#include "base/param.h"
#include "base/shape.h"
#include "ops/nn/activation/softmax.h"

namespace mx {
namespace {

const Shape kShort{1, 2, 3}, kLong{1, 2, 3, 4, 5, 6}, kOther{6, 5, 4, 3, 2, 1};

TEST(MovedFrom, ShapeHasNoRank) {
  for (const Shape& value : {kShort, kLong}) {
    Shape from = value;
    const Shape to = std::move(from);
    EXPECT_EQ(to, value);
    EXPECT_FALSE(from.has_rank());
    EXPECT_EQ(from.begin(), from.end());
    from = kOther;
    EXPECT_EQ(from, kOther);
    Shape assigned = kOther;
    assigned = std::move(from);
    EXPECT_EQ(assigned, kOther);
    EXPECT_FALSE(from.has_rank());
    from.push_back(7);
    EXPECT_EQ(from, Shape{7});
  }
}

TEST(MovedFrom, ShapesOfAllLengthsReplaceEachOther) {
  for (const Shape& first : {Shape(), Shape({}), kShort, kLong})
    for (const Shape& second : {Shape(), Shape({}), kShort, kLong}) {
      Shape target = first, source = second;
      target = std::move(source);
      EXPECT_EQ(target, second);
      source = first;
      EXPECT_EQ(source, first);
      Shape& same = source;
      source = std::move(same);
      EXPECT_EQ(source, first);
    }
}

TEST(MovedFrom, ParamsAreNone) {
  Params from = Params::of(SoftmaxParam{});
  const Params to = std::move(from);
  EXPECT_TRUE(to);
  EXPECT_FALSE(from);
  EXPECT_EQ(from, Params());
  EXPECT_EQ(from.hash(), Params().hash());
  EXPECT_TRUE(from.to_attrs().empty());
}

}  // namespace
}  // namespace mx
