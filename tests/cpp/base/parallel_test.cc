#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace mx {
namespace {

class ParallelFor : public testing::TestWithParam<std::pair<int64_t, int64_t>> {};
INSTANTIATE_TEST_SUITE_P(Sizes, ParallelFor,
                         testing::Values(std::pair(0, 1), std::pair(1, 1), std::pair(7, 1),
                                         std::pair(1000, 1), std::pair(1000, 999),
                                         std::pair(1000, 4000), std::pair(1000, 0)));

TEST_P(ParallelFor, VisitsEveryIndexOnce) {
  const auto [count, grain] = GetParam();
  std::vector<std::atomic<int>> visits(static_cast<size_t>(count));
  parallel_for(count, grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) ++visits[static_cast<size_t>(i)];
  });
  for (const auto& visit : visits) EXPECT_EQ(visit, 1);
}

TEST(Parallel, PassesErrorsOn) {
  const auto body = [](int64_t, int64_t end) {
    if (end == 1000) throw std::runtime_error("the last part");
  };
  EXPECT_THROW(parallel_for(1000, 1, body), std::runtime_error);
}

TEST(Parallel, IsSerialWhereAsked) {
  const int before = parallel_threads();
  {
    const ScopedSerial outer;
    { const ScopedSerial inner; }
    EXPECT_EQ(parallel_threads(), 1);
    int64_t parts = 0;
    parallel_for(1000, 1, [&](int64_t, int64_t) { ++parts; });
    EXPECT_EQ(parts, 1);
  }
  EXPECT_EQ(parallel_threads(), before);
}

TEST(Parallel, DoesNotNest) {
  parallel_for(2, 1, [&](int64_t begin, int64_t end) {
    if (end - begin == 2) return;  // one thread: nothing to nest in
    EXPECT_EQ(parallel_threads(), 1);
  });
}

}  // namespace
}  // namespace mx
