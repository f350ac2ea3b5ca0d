// What the engine does when the process forks: a child starts with all values computed, with no
// thread, and with no lock held by a thread that it does not have.
#include <pthread.h>

#include <thread>

#include "base/error.h"
#include "base/fork_safe_mutex.h"
#include "engine/lanes.h"
#include "engine/operation.h"

namespace mx {

void Engine::install_fork_handlers() {
  pthread_atfork([] { get().before_fork(); }, [] { get().after_fork(); },
                 [] { get().after_fork_in_child(); });
}

void Engine::before_fork() {
  // Nothing new begins, and what has begun ends. Sends and receives may last for ever; they go on.
  order_mutex_.lock();
  closed_ = true;
  while (inline_running_ > 0) std::this_thread::yield();
  wait_until([this] { return unfinished_ == unfinished_communication_; },
             [](detail::Parker& parker) { parker.sleep(); });
  mutex_.lock();
  lanes_->mutex().lock();
  ForkSafeMutex::lock_all();
}

void Engine::after_fork() {
  ForkSafeMutex::unlock_all();
  lanes_->mutex().unlock();
  mutex_.unlock();
  closed_ = false;
  order_mutex_.unlock();
}

void Engine::after_fork_in_child() {
  lanes_->forget_threads();
  sleepers_.clear();
  std::vector<detail::Operation*> started;
  for (detail::Operation* operation = outstanding_; operation; operation = operation->next) {
    const std::exception_ptr error = std::make_exception_ptr(
        Error(ErrorKind::kInternal, concat(operation->options.name,
                                           ": was not finished when the process forked; expected "
                                           "its result to be used in the parent")));
    operation->start = std::make_shared<std::function<void(Completion)>>(
        [error](const Completion& done) { done(error); });
    operation->work = [error] { std::rethrow_exception(error); };
    if (operation->is_started) started.push_back(operation);
  }
  after_fork();
  for (detail::Operation* operation : started) run_async(operation);
}

}  // namespace mx
