#include "serve/job_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace mx::serve {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

JobPtr job(int64_t rows = 1, std::string key = "k") {
  return std::make_shared<Job>(rows, std::move(key));
}

TEST(JobQueue, JoinsEqualKeysUpToTheRows) {
  JobQueue queue(100);
  const std::vector<JobPtr> jobs = {job(1), job(1, "l"), job(2), job(2), job(1)};
  for (const JobPtr& each : jobs) EXPECT_EQ(queue.put(each), JobQueue::Put::kTaken);
  EXPECT_EQ(queue.take({.max_rows = 4}), (std::vector<JobPtr>{jobs[0], jobs[2], jobs[4]}));
  EXPECT_EQ(queue.take({.max_rows = 4}), std::vector<JobPtr>{jobs[1]});
  EXPECT_EQ(queue.take({.max_rows = 4}), std::vector<JobPtr>{jobs[3]});
}

TEST(JobQueue, RefusesWhenFullOrClosedAndHandsOutWhatWaits) {
  JobQueue queue(2);
  const JobPtr left = job();
  EXPECT_EQ(queue.put(left), JobQueue::Put::kTaken);
  EXPECT_EQ(queue.put(job()), JobQueue::Put::kTaken);
  EXPECT_EQ(queue.put(job()), JobQueue::Put::kFull);
  EXPECT_TRUE(queue.forget_ended().empty());
  left->is_over = true;
  EXPECT_EQ(queue.forget_ended(), std::vector<JobPtr>{left});
  EXPECT_EQ(queue.put(job()), JobQueue::Put::kTaken);
  queue.close();
  EXPECT_EQ(queue.put(job()), JobQueue::Put::kClosed);
  EXPECT_EQ(queue.take({.max_rows = 1}).size(), 1u);
  EXPECT_EQ(queue.take_all().size(), 1u);
  EXPECT_TRUE(queue.take({}).empty());
}

TEST(JobQueue, WaitsForAsManyRowsAsAreWanted) {
  JobQueue queue(100);
  queue.put(job());
  std::vector<JobPtr> taken;
  std::thread runner(
      [&] { taken = queue.take({.max_rows = 8, .wanted = 3, .patience = seconds(20)}); });
  queue.put(job());
  queue.put(job());
  runner.join();
  EXPECT_EQ(taken.size(), 3u);
  queue.put(job());
  EXPECT_EQ(queue.take({.max_rows = 8, .wanted = 3, .patience = milliseconds(5)}).size(), 1u);
}

TEST(JobQueue, LosesNothingBetweenManyThreads) {
  constexpr int kWriters = 4, kEach = 5000;
  JobQueue queue(kWriters * kEach);
  std::atomic<int> rows{0};
  std::vector<std::thread> runners, writers;
  for (int i = 0; i < 3; ++i) {
    runners.emplace_back([&] {
      for (;;) {
        const auto batch =
            queue.take({.max_rows = 16, .wanted = 16, .patience = std::chrono::microseconds(50)});
        if (batch.empty()) return;
        int64_t own = 0;
        for (const JobPtr& each : batch) {
          EXPECT_EQ(each->key, batch.front()->key);
          own += each->rows;
        }
        EXPECT_LE(own, 16);
        rows += static_cast<int>(own);
      }
    });
  }
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&, i] {
      for (int j = 0; j < kEach; ++j) queue.put(job(1 + j % 3, i % 2 ? "k" : "l"));
    });
  }
  for (std::thread& each : writers) each.join();
  queue.close();
  for (std::thread& each : runners) each.join();
  int expected = 0;
  for (int j = 0; j < kEach; ++j) expected += kWriters * (1 + j % 3);
  EXPECT_EQ(rows, expected);
}

}  // namespace
}  // namespace mx::serve
