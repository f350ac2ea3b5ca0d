#include "memory/storage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "base/error.h"

namespace mx {
namespace {

/// The pool's statistics once the worker threads of other tests have let go of what they held.
PoolStatistics settled_statistics() {
  PoolStatistics now = pool_statistics(Device{}), before;
  do {
    before = now;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    now = pool_statistics(Device{});
  } while (now.in_use != before.in_use);
  return now;
}

class BufferOfSize : public testing::TestWithParam<size_t> {};
INSTANTIATE_TEST_SUITE_P(Sizes, BufferOfSize,
                         testing::Values(0, 1, 63, 64, 65, 4095, 4097, 100000, 3 << 20));

TEST_P(BufferOfSize, IsAlignedAndLargeEnough) {
  const BufferPtr buffer = allocate_buffer(GetParam(), Device{});
  EXPECT_GE(buffer->bytes(), GetParam());
  EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer->data()) % 64, 0u);
  std::memset(buffer->data(), 1, GetParam());
}

TEST_P(BufferOfSize, WastesAnEighthAtMost) {
  const BufferPtr buffer = allocate_buffer(GetParam(), Device{});
  EXPECT_LE(buffer->bytes(), std::max<size_t>(64, GetParam() + GetParam() / 8 + 64));
}

TEST(Storage, LiveBuffersAreApart) {
  std::vector<BufferPtr> buffers;
  for (int i = 0; i < 20; ++i) buffers.push_back(allocate_buffer(1000, Device{}));
  for (size_t i = 0; i < buffers.size(); ++i)
    std::memset(buffers[i]->data(), static_cast<int>(i), 1000);
  for (size_t i = 0; i < buffers.size(); ++i)
    for (size_t byte : {size_t{0}, size_t{999}})
      EXPECT_EQ(static_cast<char*>(buffers[i]->data())[byte], static_cast<char>(i));
}

TEST(Storage, CountsWhatIsInUseAndKept) {
  const PoolStatistics before = settled_statistics();
  BufferPtr buffer = allocate_buffer(5000, Device{});
  const size_t bytes = buffer->bytes();
  EXPECT_EQ(pool_statistics(Device{}).in_use, before.in_use + bytes);
  EXPECT_GE(pool_statistics(Device{}).peak_in_use, before.in_use + bytes);
  buffer.reset();
  EXPECT_EQ(pool_statistics(Device{}).in_use, before.in_use);
  release_kept_memory(Device{});
  EXPECT_EQ(pool_statistics(Device{}).kept, 0u);
}

TEST(Storage, FailsWithAnErrorAndGoesOn) {
  const size_t before = settled_statistics().in_use;
  for (size_t bytes : {size_t{1} << 60, ~size_t{0}, ~size_t{0} - 100}) {
    try {
      allocate_buffer(bytes, Device{});
      ADD_FAILURE() << bytes << " bytes were allocated";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kOutOfMemory) << error.message();
    }
    EXPECT_EQ(pool_statistics(Device{}).in_use, before);
  }
  EXPECT_NE(allocate_buffer(100, Device{})->data(), nullptr);
}

TEST(Storage, ThreadsShareThePool) {
  const size_t before = settled_statistics().in_use;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([t] {
      std::vector<BufferPtr> mine;
      for (int i = 0; i < 200; ++i) {
        const size_t bytes = static_cast<size_t>(64 * (1 + i % 7));
        mine.push_back(allocate_buffer(bytes, Device{}));
        std::memset(mine.back()->data(), t, bytes);
        if (i % 3 == 0) mine.erase(mine.begin());
      }
      for (const BufferPtr& buffer : mine)
        EXPECT_EQ(*static_cast<char*>(buffer->data()), static_cast<char>(t));
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(pool_statistics(Device{}).in_use, before);
}

}  // namespace
}  // namespace mx
