#include "base/registry_lock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "ir/op.h"

namespace mx {
namespace {

TEST(RegistryLock, ReadersSeeALibraryWhenItIsComplete) {
  std::atomic<bool> started = false, complete = false;
  std::thread reader;
  {
    const RegistryFilling filling;
    EXPECT_TRUE(find_op("relu"));  // who fills may read
    reader = std::thread([&] {
      started = true;
      EXPECT_TRUE(find_op("relu"));
      EXPECT_TRUE(complete);
    });
    while (!started) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    complete = true;
  }
  reader.join();
}

TEST(RegistryLock, ReadingsNest) {
  const RegistryReading outer;
  const RegistryReading inner;
  EXPECT_THROW(RegistryFilling(), std::exception);
  EXPECT_TRUE(find_op("relu"));
}

}  // namespace
}  // namespace mx
