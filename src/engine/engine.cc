#include "engine/engine.h"

#include <pthread.h>

#include <algorithm>
#include <new>

#include "base/env.h"
#include "device/device.h"

namespace mx {

namespace detail {
/// Queued work and what it waits for.
struct Operation {
  std::function<void()> work;
  std::vector<Var*> reads, writes;
  std::atomic<int> missing{0};
  const char* name;
};
}  // namespace detail

using detail::Operation;

Engine& Engine::get() {
  static auto* engine = new Engine;  // never destroyed: workers may still hold it at exit
  return *engine;
}

Engine::Engine() : naive_(env::text("MXNET_ENGINE_TYPE") == "NaiveEngine") {
  pthread_atfork(nullptr, nullptr, &Engine::after_fork_in_child);
}

void Engine::after_fork_in_child() {
  // Threads do not survive a fork; a child starts with no queue and makes its own workers.
  Engine& engine = get();
  new (&engine.mutex_) std::mutex;
  new (&engine.work_ready_) std::condition_variable;
  new (&engine.all_done_) std::condition_variable;
  engine.ready_.clear();
  engine.unfinished_ = 0;
  engine.started_ = false;
}

bool Engine::try_begin(std::span<Var* const> reads, std::span<Var* const> writes) {
  size_t begun_reads = 0, begun_writes = 0;
  const auto is_written = [&](Var* var) {
    return std::find(writes.begin(), writes.end(), var) != writes.end();
  };
  bool ok = true;
  for (; ok && begun_writes < writes.size(); ++begun_writes) {
    Var& var = *writes[begun_writes];
    std::lock_guard lock(var.mutex_);
    ok = !var.running_write_ && var.running_reads_ == 0 && var.queue_.empty();
    if (!ok) break;
    var.running_write_ = true;
    ++var.begun_or_queued_writes_;
  }
  for (; ok && begun_reads < reads.size(); ++begun_reads) {
    Var& var = *reads[begun_reads];
    if (is_written(&var)) continue;
    std::lock_guard lock(var.mutex_);
    ok = !var.running_write_ && var.queue_.empty() && !var.error_;
    if (!ok) break;
    ++var.running_reads_;
    ++var.begun_or_queued_reads_;
  }
  if (ok) return true;
  for (size_t i = 0; i < begun_reads; ++i)
    if (!is_written(reads[i])) release(*reads[i], false, nullptr);
  for (size_t i = 0; i < begun_writes; ++i) release(*writes[i], true, nullptr);
  return false;
}

void Engine::finish(std::span<Var* const> reads, std::span<Var* const> writes,
                    std::exception_ptr error) {
  for (Var* var : reads)
    if (std::find(writes.begin(), writes.end(), var) == writes.end()) release(*var, false, nullptr);
  for (Var* var : writes) release(*var, true, error);
}

void Engine::release(Var& var, bool wrote, std::exception_ptr error) {
  std::vector<Operation*> met;
  {
    std::lock_guard lock(var.mutex_);
    if (wrote) {
      var.running_write_ = false;
      var.error_ = std::move(error);
      var.version_.fetch_add(1, std::memory_order_release);
    } else {
      --var.running_reads_;
      ++var.finished_reads_;
    }
    if (var.waiters_ > 0) var.progress_.notify_all();
    while (!var.queue_.empty() && !var.running_write_) {
      const Var::Waiting next = var.queue_.front();
      if (next.writes && var.running_reads_ > 0) break;
      var.queue_.pop_front();
      met.push_back(next.operation);
      if (next.writes)
        var.running_write_ = true;
      else
        ++var.running_reads_;
    }
  }
  for (Operation* operation : met) dependency_met(operation);
}

void Engine::dependency_met(Operation* operation) {
  if (operation->missing.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  {
    std::lock_guard lock(mutex_);
    ready_.push_back(operation);
  }
  work_ready_.notify_one();
}

void Engine::push_queued(std::function<void()> work, std::span<Var* const> reads,
                         std::span<Var* const> writes, const char* name) {
  auto* operation = new Operation{
      std::move(work), {reads.begin(), reads.end()}, {writes.begin(), writes.end()}, {}, name};
  const auto unique = [](std::vector<Var*>& vars) {
    std::sort(vars.begin(), vars.end());
    vars.erase(std::unique(vars.begin(), vars.end()), vars.end());
  };
  unique(operation->reads);
  unique(operation->writes);
  std::erase_if(operation->reads, [&](Var* var) {
    return std::binary_search(operation->writes.begin(), operation->writes.end(), var);
  });
  {
    std::lock_guard lock(mutex_);
    ++unfinished_;
    if (!started_) start_workers();
  }
  // One more than there are Vars, so that the operation cannot start before all are asked.
  operation->missing = static_cast<int>(operation->reads.size() + operation->writes.size()) + 1;
  const auto ask = [&](Var& var, bool writes_it) {
    {
      std::lock_guard lock(var.mutex_);
      ++(writes_it ? var.begun_or_queued_writes_ : var.begun_or_queued_reads_);
      const bool free =
          var.queue_.empty() && !var.running_write_ && (!writes_it || var.running_reads_ == 0);
      if (!free) return var.queue_.push_back({operation, writes_it});
      if (writes_it)
        var.running_write_ = true;
      else
        ++var.running_reads_;
    }
    dependency_met(operation);
  };
  // A copy of the lists: the operation may finish and be freed while the last Var is asked.
  const std::vector<Var*> read_list = operation->reads, write_list = operation->writes;
  for (Var* var : read_list) ask(*var, false);
  for (Var* var : write_list) ask(*var, true);
  dependency_met(operation);
}

void Engine::run(Operation* operation) {
  std::exception_ptr error;
  for (Var* var : operation->reads) {
    std::lock_guard lock(var->mutex_);
    if (var->error_ && !error) error = var->error_;  // poisoned input: the work is skipped
  }
  const bool inherited = error != nullptr;
  if (!error) {
    try {
      operation->work();
    } catch (...) {
      error = std::current_exception();
    }
  }
  finish(operation->reads, operation->writes, error);
  delete operation;
  std::lock_guard lock(mutex_);
  if (error && !inherited && !unseen_error_) unseen_error_ = error;
  if (--unfinished_ == 0) all_done_.notify_all();
}

void Engine::start_workers() {
  started_ = true;
  const int64_t threads = std::max<int64_t>(1, env::integer("MXNET_CPU_WORKER_NTHREADS"));
  for (int64_t i = 0; i < threads; ++i) std::thread([this] { worker_loop(); }).detach();
}

void Engine::worker_loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_ready_.wait(lock, [this] { return !ready_.empty(); });
    Operation* operation = ready_.front();
    ready_.pop_front();
    lock.unlock();
    run(operation);
    lock.lock();
  }
}

void Engine::wait(Var& var, bool for_write) {
  std::exception_ptr error;
  {
    std::unique_lock lock(var.mutex_);
    const uint64_t writes = var.begun_or_queued_writes_, reads = var.begun_or_queued_reads_;
    ++var.waiters_;
    var.progress_.wait(lock, [&] {
      return var.version() >= writes && (!for_write || var.finished_reads_ >= reads);
    });
    --var.waiters_;
    error = var.error_;
  }
  if (!error) return;
  {
    std::lock_guard lock(mutex_);
    if (unseen_error_ == error) unseen_error_ = nullptr;
  }
  std::rethrow_exception(error);
}

void Engine::wait_to_read(Var& var) { wait(var, false); }
void Engine::wait_to_write(Var& var) { wait(var, true); }

void Engine::wait_all() {
  std::exception_ptr error;
  {
    std::unique_lock lock(mutex_);
    all_done_.wait(lock, [this] { return unfinished_ == 0; });
    std::swap(error, unseen_error_);
  }
  if (error) std::rethrow_exception(error);
  synchronize_all();
}

}  // namespace mx
