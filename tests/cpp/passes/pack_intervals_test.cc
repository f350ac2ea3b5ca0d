#include "passes/pack_intervals.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace mx {
namespace {

/// Whether two intervals that are needed in a common step overlap.
bool has_conflict(const std::vector<Interval>& intervals) {
  for (size_t i = 0; i < intervals.size(); ++i)
    for (size_t j = 0; j < i; ++j) {
      const Interval &a = intervals[i], &b = intervals[j];
      if (a.last < b.first || b.last < a.first) continue;
      if (a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes) return true;
    }
  return false;
}

TEST(PackIntervals, NeverOverlaps) {
  std::mt19937 random(3);
  for (int64_t longest : {3, 50, 3000}) {
    std::vector<Interval> intervals;
    for (int i = 0; i < 1500; ++i) {
      const int64_t first = static_cast<int64_t>(random() % 3000);
      const int64_t last =
          std::min<int64_t>(2999, first + static_cast<int64_t>(random()) % longest);
      intervals.push_back({1 + random() % 100, first, last});
    }
    const size_t total = pack_intervals(intervals, 3000);
    EXPECT_FALSE(has_conflict(intervals));
    for (const Interval& interval : intervals) EXPECT_LE(interval.offset + interval.bytes, total);
  }
}

TEST(PackIntervals, ChainTakesTwoPlaces) {
  std::vector<Interval> chain;
  for (int64_t i = 0; i < 100'000; ++i) chain.push_back({64, i, i + 1});
  EXPECT_EQ(pack_intervals(chain, 100'001), 128u);
}

TEST(PackIntervals, TooManyAtOnceLieOnTopOfEachOther) {
  // Results of a forward pass of n steps, kept for the backward pass, where each step needs a
  // little more for itself.
  const int64_t n = 6000;
  std::vector<Interval> intervals;
  for (int64_t i = 0; i < n; ++i) intervals.push_back({64, i, 2 * n - i});
  for (int64_t i = 0; i < n; ++i) intervals.push_back({32, n + i, n + i});
  const size_t total = pack_intervals(intervals, 2 * n + 1);
  EXPECT_FALSE(has_conflict(intervals));
  EXPECT_LE(total, static_cast<size_t>(64 * n + 32));
}

}  // namespace
}  // namespace mx
