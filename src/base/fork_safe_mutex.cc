#include "base/fork_safe_mutex.h"

#include <vector>

namespace mx {
namespace {

struct Table {
  std::mutex mutex;
  std::vector<ForkSafeMutex*> all;
};

Table& table() {
  static auto* instance = new Table;
  return *instance;
}

}  // namespace

ForkSafeMutex::ForkSafeMutex() {
  std::lock_guard lock(table().mutex);
  table().all.push_back(this);
}

void ForkSafeMutex::lock_all() {
  table().mutex.lock();
  for (ForkSafeMutex* mutex : table().all) mutex->lock();
}

void ForkSafeMutex::unlock_all() {
  for (ForkSafeMutex* mutex : table().all) mutex->unlock();
  table().mutex.unlock();
}

}  // namespace mx
