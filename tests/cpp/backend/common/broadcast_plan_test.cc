#include "backend/common/broadcast_plan.h"

#include <gtest/gtest.h>

#include <vector>

namespace mx {
namespace {

/// Offset in a contiguous input of the element that an output index reads.
int64_t offset_of(const Shape& in, const Shape& out, int64_t index) {
  int64_t offset = 0, step = 1;
  for (int d = out.ndim() - 1; d >= 0; --d) {
    const int64_t at = index % out[d];
    index /= out[d];
    const int axis = d - (out.ndim() - in.ndim());
    if (axis < 0) continue;
    if (in[axis] != 1) offset += at * step;
    step *= in[axis];
  }
  return offset;
}

void check(const Shape& out, const Shape& a, const Shape& b, int64_t parts) {
  const BroadcastPlan<2> plan(out, {&a, &b});
  ASSERT_EQ(plan.size(), out.size());
  std::vector<int64_t> seen(static_cast<size_t>(out.size()), 0);
  for (int64_t p = 0; p < parts; ++p)
    plan.for_each_row(out.size() * p / parts, out.size() * (p + 1) / parts,
                      [&](int64_t at, const std::array<int64_t, 2>& in, int64_t n) {
                        for (int64_t i = 0; i < n; ++i) {
                          ++seen[static_cast<size_t>(at + i)];
                          ASSERT_EQ(in[0] + i * plan.inner_step(0), offset_of(a, out, at + i));
                          ASSERT_EQ(in[1] + i * plan.inner_step(1), offset_of(b, out, at + i));
                        }
                      });
  for (const int64_t count : seen) ASSERT_EQ(count, 1);
}

TEST(BroadcastPlan, ReadsTheElementsThatBroadcastingMeans) {
  for (const int64_t parts : {1, 3, 7}) {
    check({2, 3, 4}, {2, 3, 4}, {2, 3, 4}, parts);
    check({2, 3, 4}, {2, 1, 4}, {1, 3, 1}, parts);
    check({2, 3, 4}, {4}, {2, 3, 1}, parts);
    check({2, 3, 4, 5}, {1, 3, 1, 1}, {2, 3, 4, 5}, parts);
    check({2, 1, 4, 1, 3}, {2, 1, 1, 1, 3}, {1, 1, 4, 1, 3}, parts);
    check({1, 1}, {1, 1}, {1}, 1);
    check({3, 1}, {1, 1}, {3, 1}, parts);
    check({2, 2, 2, 2, 2, 2, 2, 2}, {2, 1, 2, 1, 2, 1, 2, 1}, {1, 2, 1, 2, 1, 2, 1, 2}, parts);
  }
}

TEST(BroadcastPlan, MergesNeighbours) {
  const Shape out{2, 3, 4}, channel{1, 3, 1};
  EXPECT_TRUE(BroadcastPlan<1>(out, {&out}).is_flat());
  EXPECT_FALSE(BroadcastPlan<1>(out, {&channel}).is_flat());
  const Shape row{4};
  EXPECT_EQ(BroadcastPlan<1>(out, {&row}).inner_step(0), 1);
  EXPECT_EQ(BroadcastPlan<1>(out, {&channel}).inner_step(0), 0);
}

}  // namespace
}  // namespace mx
