#include "engine/engine.h"

#include <algorithm>
#include <cstdlib>

#include "base/env.h"
#include "base/error.h"
#include "device/device.h"
#include "engine/lanes.h"
#include "engine/operation.h"
#include "profile/profile.h"

namespace mx {

using detail::Access;
using detail::Operation;
using detail::Parker;
using detail::Request;
using detail::Waiter;

namespace {

std::exception_ptr error_at_end(const Operation& operation) {
  try {
    fail(ErrorKind::kInternal, operation.options.name,
         ": not computed, because the process is ending");
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace

Engine& Engine::get() {
  static auto* engine = new Engine;  // never destroyed: workers may still hold it at exit
  return *engine;
}

Engine::Engine()
    : naive_(env::text("MXNET_ENGINE_TYPE") == "NaiveEngine"),
      queue_limit_(static_cast<size_t>(env::integer("REMX_QUEUE_LIMIT_MB", 1, 1 << 30)) << 20),
      lanes_(std::make_unique<detail::Lanes>([](Operation* operation) { get().run(operation); })) {
  install_fork_handlers();
  std::atexit([] { get().stop(); });
}

bool Engine::try_begin(const void* owner, Vars reads, Vars writes) {
  inline_running_.fetch_add(1);
  size_t begun_reads = 0, begun_writes = 0;
  bool ok = !closed_.load();
  for (; ok && begun_writes < writes.size(); ++begun_writes) {
    Var& var = *writes[begun_writes];
    std::lock_guard lock(var.mutex_);
    if (var.owner_ == owner) continue;  // named twice
    ok = var.is_free(Access::kWrite);
    if (!ok) break;
    var.running_write_ = true;
    var.owner_ = owner;
    ++var.scheduled_writes_;
  }
  for (; ok && begun_reads < reads.size(); ++begun_reads) {
    Var& var = *reads[begun_reads];
    std::lock_guard lock(var.mutex_);
    ok = !var.error_ && (var.owner_ == owner || var.is_free(Access::kRead));
    if (!ok) break;
    if (var.owner_ != owner) ++var.running_reads_;
  }
  if (ok) return true;
  end_inline(owner, reads.first(begun_reads), writes.first(begun_writes), Outcome::kNotBegun);
  return false;
}

void Engine::end_inline(const void* owner, Vars reads, Vars writes, Outcome outcome) {
  for (Var* var : reads)
    if (var->owner_ != owner) release(*var, Outcome::kRead, nullptr);
  for (Var* var : writes)
    if (var->owner_ == owner) release(*var, outcome, nullptr);
  inline_running_.fetch_sub(1);
}

void Engine::release(Var& var, Outcome outcome, std::exception_ptr error) {
  std::vector<Operation*> granted;
  {
    std::lock_guard lock(var.mutex_);
    if (outcome == Outcome::kRead) {
      --var.running_reads_;
    } else {
      var.running_write_ = false;
      var.owner_ = nullptr;
      if (outcome == Outcome::kWritten) var.error_ = std::move(error);
      if (outcome == Outcome::kNotBegun) --var.scheduled_writes_;
    }
    while (var.first_ && var.can_begin(var.first_->access)) {
      Request& request = *var.first_;
      var.first_ = request.next;
      if (request.waiter) {
        request.waiter->error = var.error_;
        request.waiter->done = true;
        request.waiter->parker.wake();
        continue;
      }
      var.begin(request.access);
      granted.push_back(request.operation);
    }
  }
  for (Operation* operation : granted) dependency_met(operation);
}

void Engine::dependency_met(Operation* operation) {
  if (operation->missing.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (operation->caller) return operation->caller->wake();
  lanes_->add(operation);
  if (stopped_) fail_ready();
}

std::unique_ptr<Operation> Engine::make_operation(Vars reads, Vars writes,
                                                  const PushOptions& options) {
  auto operation = std::make_unique<Operation>();
  operation->options = options;
  std::vector<Request>& requests = operation->requests;
  requests.reserve(reads.size() + writes.size());
  for (Var* var : writes) requests.push_back({var, Access::kWrite, operation.get()});
  for (Var* var : reads) requests.push_back({var, Access::kRead, operation.get()});
  std::sort(requests.begin(), requests.end(),
            [](const Request& a, const Request& b) { return a.var < b.var; });
  size_t kept = 0;
  for (const Request& request : requests) {
    if (kept == 0 || requests[kept - 1].var != request.var)
      requests[kept++] = request;
    else if (requests[kept - 1].access != request.access)
      requests[kept - 1].access = Access::kUpdate;
  }
  requests.resize(kept);
  return operation;
}

void Engine::enlist(Operation* operation) {
  queued_bytes_.fetch_add(operation->options.bytes);
  std::lock_guard lock(mutex_);
  ++unfinished_;
  if (operation->options.lane == Lane::kCommunication) ++unfinished_communication_;
  operation->next = outstanding_;
  if (outstanding_) outstanding_->previous = operation;
  outstanding_ = operation;
}

void Engine::queue(std::unique_ptr<Operation> owned) {
  // From here on it is freed by finish().
  Operation* operation = owned.release();
  // One more than there are Vars, so that it cannot start before all are asked.
  operation->missing = static_cast<int>(operation->requests.size()) + 1;
  {
    // Under this lock, so that the order of two operations is the same in every queue.
    std::lock_guard order(order_mutex_);
    operation->sequence = ++last_sequence_;
    enlist(operation);
    for (Request& request : operation->requests) {
      Var& var = *request.var;
      std::lock_guard lock(var.mutex_);
      if (request.access != Access::kRead) ++var.scheduled_writes_;
      if (var.is_free(request.access)) {
        var.begin(request.access);
        operation->missing.fetch_sub(1, std::memory_order_acq_rel);
      } else {
        var.append(request);
      }
    }
  }
  dependency_met(operation);
}

void Engine::queue_work(std::function<void()> work, Vars reads, Vars writes,
                        const PushOptions& options) {
  std::unique_ptr<Operation> operation = make_operation(reads, writes, options);
  operation->work = std::move(work);
  queue(std::move(operation));
}

void Engine::push(std::function<void()> work, Vars reads, Vars writes, const PushOptions& options) {
  if (naive_ || stopped_) return run_here(work, reads, writes, options.name);
  queue_work(std::move(work), reads, writes, options);
}

void Engine::push_async(std::function<void(Completion)> start, Vars reads, Vars writes,
                        const PushOptions& options) {
  std::unique_ptr<Operation> operation = make_operation(reads, writes, options);
  operation->start = std::make_shared<std::function<void(Completion)>>(std::move(start));
  queue(std::move(operation));
  if (!naive_) return;
  for (Var* var : reads) wait_to_write(*var);
  for (Var* var : writes) wait_to_read(*var);
}

void Engine::queue_here(std::function<void()> work, Vars reads, Vars writes,
                        const PushOptions& options) {
  std::unique_ptr<Operation> owned = make_operation(reads, writes, options);
  owned->caller = &Parker::of_this_thread();
  Operation* operation = owned.get();
  // The work runs within the scope, too: who forks waits for it, and may hold what after() takes.
  detail::WaitScope scope;
  queue(std::move(owned));
  while (operation->missing.load(std::memory_order_acquire) > 0) operation->caller->sleep();
  std::exception_ptr error = error_of_inputs(*operation);
  try {
    if (!error) work();
  } catch (...) {
    error = std::current_exception();
  }
  finish(operation, error, false);
  if (error) std::rethrow_exception(error);
}

void Engine::run(Operation* operation) {
  if (std::exception_ptr error = error_of_inputs(*operation))
    return finish(operation, std::move(error), false);  // skipped
  if (operation->start) return run_async(operation);
  std::exception_ptr error;
  try {
    const profile::Span span(profile::kAnyOperator, "engine", operation->options.name);
    operation->work();
  } catch (...) {
    error = std::current_exception();
  }
  finish(operation, std::move(error), true);
}

void Engine::run_async(Operation* operation) {
  // The operation may end, and be freed, while start() still runs.
  const std::shared_ptr<std::function<void(Completion)>> start = operation->start;
  const Completion completion(operation);
  operation->is_started = true;
  try {
    (*start)(completion);
  } catch (...) {
    completion(std::current_exception());
  }
}

std::exception_ptr Engine::error_of_inputs(const Operation& operation) {
  for (const Request& request : operation.requests)
    if (request.access != Access::kWrite && request.var->error_) return request.var->error_;
  return nullptr;
}

void Engine::finish(Operation* operation, std::exception_ptr error, bool is_new) {
  if (error && is_new) {
    // First, so that whoever sees it in a Var finds it here too.
    std::lock_guard lock(mutex_);
    if (!unseen_error_) unseen_error_ = error;
  }
  for (Request& request : operation->requests) {
    const bool read = request.access == Access::kRead;
    release(*request.var, read ? Outcome::kRead : Outcome::kWritten, error);
  }
  // Frees the data, and with it perhaps the Vars, before anybody is told that all is done.
  operation->work = nullptr;
  operation->start = nullptr;
  queued_bytes_.fetch_sub(operation->options.bytes);
  const std::unique_ptr<Operation> owned(operation);
  std::lock_guard lock(mutex_);
  --unfinished_;
  if (operation->options.lane == Lane::kCommunication) --unfinished_communication_;
  (operation->previous ? operation->previous->next : outstanding_) = operation->next;
  if (operation->next) operation->next->previous = operation->previous;
  for (Parker* sleeper : sleepers_) sleeper->wake();
}

std::exception_ptr Engine::wait(Var& var, Access access) {
  Waiter waiter;
  waiter.request = {&var, access, nullptr, &waiter};
  {
    std::lock_guard lock(var.mutex_);
    if (var.is_free(access)) return var.error_;
    var.append(waiter.request);
  }
  detail::WaitScope scope;
  const auto is_done = [&] {
    std::lock_guard lock(var.mutex_);
    return waiter.done;
  };
  try {
    while (!is_done()) scope.sleep(waiter.parker);
  } catch (...) {
    std::lock_guard lock(var.mutex_);
    if (!waiter.done) var.remove(waiter.request);
    throw;
  }
  return waiter.error;
}

void Engine::rethrow(std::exception_ptr error) {
  if (!error) return;
  {
    std::lock_guard lock(mutex_);
    if (unseen_error_ == error) unseen_error_ = nullptr;
  }
  std::rethrow_exception(error);
}

void Engine::wait_until(const std::function<bool()>& done,
                        const std::function<void(Parker&)>& sleep) {
  Parker& parker = Parker::of_this_thread();
  std::unique_lock lock(mutex_);
  if (done()) return;
  sleepers_.push_back(&parker);
  try {
    while (!done()) {
      lock.unlock();
      sleep(parker);
      lock.lock();
    }
  } catch (...) {
    lock.lock();
    std::erase(sleepers_, &parker);
    throw;
  }
  std::erase(sleepers_, &parker);
}

void Engine::wait_all() {
  wait_idle();
  std::exception_ptr error;
  {
    std::lock_guard lock(mutex_);
    std::swap(error, unseen_error_);
  }
  if (error) std::rethrow_exception(error);
  synchronize_all();
}

void Engine::wait_idle() {
  detail::WaitScope scope;
  wait_until([this] { return unfinished_ == 0; }, [&](Parker& parker) { scope.sleep(parker); });
}

void Engine::wait_until_room() {
  detail::WaitScope scope;
  wait_until([this] { return queued_bytes_ <= queue_limit_ || expected_pushes_ > 0; },
             [&](Parker& parker) { scope.sleep(parker); });
}

void Engine::expect_push() {
  expected_pushes_.fetch_add(1);
  // Whoever waits for room may be the one who is to push.
  std::lock_guard lock(mutex_);
  for (Parker* sleeper : sleepers_) sleeper->wake();
}

void Engine::stop() {
  stopped_ = true;
  lanes_->stop();
  fail_ready();
}

void Engine::fail_ready() {
  // What becomes ready when another one fails is taken by the loop: chains may be long.
  thread_local bool failing = false;
  if (failing) return;
  failing = true;
  while (Operation* operation = lanes_->take()) finish(operation, error_at_end(*operation), false);
  failing = false;
}

struct Completion::State {
  std::atomic<Operation*> operation;

  void end(std::exception_ptr error, bool is_new) {
    if (Operation* open = operation.exchange(nullptr))
      Engine::get().finish(open, std::move(error), is_new);
  }
  ~State() {
    if (!operation) return;
    end(std::make_exception_ptr(
            Error(ErrorKind::kInternal, concat(operation.load()->options.name,
                                               ": ended without an answer; expected its completion "
                                               "to be called"))),
        true);
  }
};

Completion::Completion(Operation* operation) : state_(new State{operation}) {}

void Completion::operator()(std::exception_ptr error) const { state_->end(std::move(error), true); }

}  // namespace mx
