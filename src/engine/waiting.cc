#include "engine/waiting.h"

namespace mx {
namespace {
WaitHooks hooks;  // set once, when the language's module is loaded
}

void set_wait_hooks(const WaitHooks& wait_hooks) { hooks = wait_hooks; }

void poll_wait() {
  if (hooks.poll) hooks.poll();
}

namespace detail {

Parker& Parker::of_this_thread() {
  thread_local Parker parker;
  return parker;
}

void Parker::wake() {
  // Notifies with the lock held: the thread may end, and the parker with it, once it is free.
  std::lock_guard lock(mutex_);
  woken_ = true;
  woken_changed_.notify_one();
}

bool Parker::sleep() {
  std::unique_lock lock(mutex_);
  if (!woken_changed_.wait_for(lock, kPollInterval, [this] { return woken_; })) return false;
  woken_ = false;
  return true;
}

WaitScope::WaitScope() {
  if (hooks.before) state_ = hooks.before();
}

WaitScope::~WaitScope() {
  if (hooks.after) hooks.after(state_);
}

void WaitScope::sleep(Parker& parker) {
  while (!parker.sleep()) poll_wait();
}

}  // namespace detail
}  // namespace mx
