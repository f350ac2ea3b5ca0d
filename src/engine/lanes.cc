#include "engine/lanes.h"

#include <algorithm>
#include <new>
#include <optional>
#include <thread>

#include "base/env.h"
#include "base/parallel.h"
#include "profile/profile.h"

namespace mx::detail {
namespace {

/// Order of a heap: the top has the highest priority, and among those was pushed first.
bool is_less_urgent(const Operation* a, const Operation* b) {
  if (a->options.priority != b->options.priority) return a->options.priority < b->options.priority;
  return a->sequence > b->sequence;
}

}  // namespace

Lanes::Lanes(Run run)
    : run_(run),
      compute_threads_(static_cast<int>(env::integer("MXNET_CPU_WORKER_NTHREADS", 1, 1024))) {}

void Lanes::add(Operation* operation) {
  const Lane lane = operation->options.lane;
  Queue& queue = queues_[static_cast<size_t>(lane)];
  std::lock_guard lock(mutex_);
  queue.heap.push_back(operation);
  std::push_heap(queue.heap.begin(), queue.heap.end(), is_less_urgent);
  if (queue.threads == 0 && !stopped_)
    for (; queue.threads < (lane == Lane::kCompute ? compute_threads_ : 1); ++queue.threads)
      std::thread([this, lane] { worker_loop(lane); }).detach();
  queue.filled.notify_one();
}

Operation* Lanes::pop(Queue& queue) {
  std::pop_heap(queue.heap.begin(), queue.heap.end(), is_less_urgent);
  Operation* operation = queue.heap.back();
  queue.heap.pop_back();
  return operation;
}

void Lanes::worker_loop(Lane lane) {
  // One team of parallel threads in the process: that of the lane that computes.
  std::optional<ScopedSerial> serial;
  if (lane != Lane::kCompute) serial.emplace();
  constexpr const char* kNames[] = {"compute lane", "io lane", "communication lane"};
  profile::name_thread(kNames[static_cast<size_t>(lane)]);
  Queue& queue = queues_[static_cast<size_t>(lane)];
  std::unique_lock lock(mutex_);
  for (;;) {
    queue.filled.wait(lock, [&] { return !queue.heap.empty() && !stopped_; });
    Operation* operation = pop(queue);
    ++busy_;
    lock.unlock();
    run_(operation);
    lock.lock();
    if (--busy_ == 0) idle_.notify_all();
  }
}

void Lanes::stop() {
  std::unique_lock lock(mutex_);
  stopped_ = true;
  idle_.wait(lock, [this] { return busy_ == 0; });
}

Operation* Lanes::take() {
  std::lock_guard lock(mutex_);
  for (Queue& queue : queues_)
    if (!queue.heap.empty()) return pop(queue);
  return nullptr;
}

void Lanes::forget_threads() {
  for (Queue& queue : queues_) {
    new (&queue.filled) std::condition_variable;  // threads that are gone wait in the old one
    queue.threads = 0;
  }
  new (&idle_) std::condition_variable;
  busy_ = 0;
}

}  // namespace mx::detail
