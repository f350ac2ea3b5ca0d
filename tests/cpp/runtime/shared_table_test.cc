#include "runtime/shared_table.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

namespace mx {
namespace {

struct Key {
  int number;
  bool operator==(const Key&) const = default;
  size_t hash() const { return static_cast<size_t>(number % 3); }  // keys collide
};
using Table = SharedTable<Key, int>;

size_t alive(Table& table) {
  size_t count = 0;
  table.for_each([&](int) { ++count; });
  return count;
}

TEST(SharedTable, FindsWhatSomebodyHolds) {
  Table table;
  const auto made = table.get({1}, [] { return std::make_shared<int>(10); });
  const auto found = table.get({1}, [] { return std::make_shared<int>(20); });
  EXPECT_EQ(found, made);
  EXPECT_EQ(*table.get({4}, [] { return std::make_shared<int>(40); }), 40);
  EXPECT_EQ(alive(table), 1u);
}

TEST(SharedTable, MakesAgainWhatNobodyHolds) {
  Table table;
  table.get({1}, [] { return std::make_shared<int>(10); });
  EXPECT_EQ(alive(table), 0u);
  EXPECT_EQ(*table.get({1}, [] { return std::make_shared<int>(20); }), 20);
}

TEST(SharedTable, TriesAgainAfterAnError) {
  Table table;
  const auto fail = []() -> std::shared_ptr<int> { throw std::runtime_error("no"); };
  EXPECT_THROW(table.get({1}, fail), std::runtime_error);
  EXPECT_EQ(*table.get({1}, [] { return std::make_shared<int>(20); }), 20);
}

TEST(SharedTable, KeepsWhatIsHeldAmongManyThatAreNot) {
  Table table;
  const auto held = table.get({-1}, [] { return std::make_shared<int>(7); });
  for (int i = 0; i < 5000; ++i) table.get({i}, [i] { return std::make_shared<int>(i); });
  EXPECT_EQ(table.get({-1}, [] { return std::make_shared<int>(0); }), held);
  EXPECT_EQ(alive(table), 1u);
}

TEST(SharedTable, ThreadsMakeAThingOnce) {
  constexpr int kThreads = 4, kKeys = 50;
  Table table;
  std::atomic<int> made{0};
  std::barrier start(kThreads);
  std::vector<std::vector<std::shared_ptr<int>>> found(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      start.arrive_and_wait();
      for (int i = 0; i < kKeys; ++i)
        found[static_cast<size_t>(t)].push_back(table.get({i}, [&] {
          ++made;
          std::this_thread::yield();
          return std::make_shared<int>(i);
        }));
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, kKeys);
  for (const auto& mine : found) EXPECT_EQ(mine, found[0]);
}

TEST(SharedTable, MakingOneThingDoesNotKeepAnotherWaiting) {
  Table table;
  std::promise<void> begun, other_done;
  std::thread slow([&] {
    table.get({1}, [&] {
      begun.set_value();
      other_done.get_future().wait();
      return std::make_shared<int>(1);
    });
  });
  begun.get_future().wait();
  EXPECT_EQ(*table.get({4}, [] { return std::make_shared<int>(4); }), 4);
  EXPECT_EQ(alive(table), 0u);  // does not wait either
  other_done.set_value();
  slow.join();
}

}  // namespace
}  // namespace mx
