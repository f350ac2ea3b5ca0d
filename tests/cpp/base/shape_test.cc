#include "base/shape.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/error.h"

namespace mx {
namespace {

std::string error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

/// 1, 2, 3 ... of a rank inside (up to Shape::kInline) or outside of the object.
Shape counted(int ndim) {
  Shape shape = Shape::filled(0, 0);
  for (int i = 1; i <= ndim; ++i) shape.push_back(i);
  return shape;
}

class ShapeOfRank : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Ranks, ShapeOfRank, testing::Values(0, 1, 4, 5, 6, 7, 40));

TEST_P(ShapeOfRank, HoldsWhatWasPushed) {
  const Shape shape = counted(GetParam());
  ASSERT_EQ(shape.ndim(), GetParam());
  for (int i = 0; i < shape.ndim(); ++i) EXPECT_EQ(shape[i], i + 1);
  EXPECT_EQ(Shape(shape.to_vector()), shape);
}

TEST_P(ShapeOfRank, CopiesOverEveryOther) {
  const Shape from = counted(GetParam());
  for (int ndim : {0, 3, 5, 6, 41}) {
    Shape to = counted(ndim);
    to = from;
    EXPECT_EQ(to, from) << "over rank " << ndim;
    to.push_back(9);
    EXPECT_EQ(to.back(), 9);
    EXPECT_EQ(from, counted(GetParam())) << "a copy shares nothing";
  }
}

TEST_P(ShapeOfRank, MovesOverEveryOther) {
  for (int ndim : {0, 3, 5, 6, 41}) {
    Shape from = counted(GetParam()), to = counted(ndim);
    to = std::move(from);
    EXPECT_EQ(to, counted(GetParam())) << "over rank " << ndim;
    from = counted(2);
    EXPECT_EQ(from, counted(2)) << "what was moved from may be assigned";
  }
}

TEST(Shape, TellsUnknownFromEmpty) {
  EXPECT_FALSE(Shape().has_rank());
  EXPECT_FALSE(Shape().is_known());
  EXPECT_FALSE((Shape{2, -1}).is_known());
  EXPECT_TRUE((Shape{2, 0}).is_known());
  EXPECT_EQ((Shape{2, 0}).size(), 0);
  EXPECT_EQ(counted(0).size(), 1);
  EXPECT_FALSE(Shape() == counted(0));
}

TEST(Shape, CountsOnlyWhatAnInt64Holds) {
  const Shape large{int64_t{1} << 32, int64_t{1} << 31};
  EXPECT_NE(error_of([&] { (void)large.size(); }).find("more elements than"), std::string::npos);
  EXPECT_EQ((Shape{int64_t{1} << 32, int64_t{1} << 30}).size(), int64_t{1} << 62);
  EXPECT_NE(error_of([] { (void)Shape().size(); }), "no error");
}

TEST(Shape, PrintsAsPythonDoes) {
  EXPECT_EQ(to_string(Shape{2, 3}), "(2, 3)");
  EXPECT_EQ(to_string(Shape{4}), "(4,)");
  EXPECT_EQ(to_string(counted(0)), "()");
  EXPECT_EQ(to_string(Shape()), "None");
}

TEST(Shape, MergesWhatIsKnown) {
  Shape target;
  EXPECT_TRUE(merge_shape(target, {2, -1}));
  EXPECT_TRUE(merge_shape(target, {-1, 3}));
  EXPECT_EQ(target, (Shape{2, 3}));
  EXPECT_TRUE(merge_shape(target, Shape()));
  EXPECT_FALSE(merge_shape(target, {2, 4}));
  EXPECT_FALSE(merge_shape(target, {2, 3, 1}));
}

TEST(Shape, CountsAxesFromBothEnds) {
  EXPECT_EQ(normalize_axis(-1, 3, "op"), 2);
  EXPECT_EQ(normalize_axis(0, 3, "op"), 0);
  EXPECT_NE(error_of([] { normalize_axis(3, 3, "op"); }).find("op: axis=3"), std::string::npos);
  EXPECT_NE(error_of([] { normalize_axis(-4, 3, "op"); }), "no error");
  EXPECT_NE(error_of([] { normalize_axis(0, 0, "op"); }), "no error");
}

TEST(Shape, StridesOfContiguousArrays) {
  EXPECT_EQ(contiguous_strides({2, 3, 4}), (std::vector<int64_t>{12, 4, 1}));
  EXPECT_EQ(contiguous_strides(counted(0)), std::vector<int64_t>{});
}

}  // namespace
}  // namespace mx
