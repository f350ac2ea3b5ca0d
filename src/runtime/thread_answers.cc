#include "runtime/thread_answers.h"

#include "ndarray/sparse_array.h"

namespace mx {
namespace {

std::vector<NDArray> shared_copies(const std::vector<NDArray>& arrays) {
  std::vector<NDArray> copies;
  for (const NDArray& array : arrays) {
    copies.push_back(array ? empty_like(array) : array);
    if (array) copy_array(array, copies.back(), true);
  }
  return copies;
}

}  // namespace

const ThreadAnswers::Thread& ThreadAnswers::this_thread() {
  thread_local const Thread token = std::make_shared<const char>();
  return token;
}

void ThreadAnswers::begin_forward(const std::vector<NDArray>& outputs) {
  const Thread& me = this_thread();
  const Thread last = last_.lock();
  if (last != me) {
    std::erase_if(kept_, [&](const Kept& kept) {
      const Thread owner = kept.thread.lock();
      return !owner || owner == me;
    });
    if (last) kept_.push_back({last, current_.empty() ? shared_copies(outputs) : current_});
    last_ = me;
  }
  current_.clear();
  begun_ = true;
}

std::vector<NDArray> ThreadAnswers::get(const std::vector<NDArray>& outputs) {
  require(begun_, "get_outputs: no forward came before it; expected forward()");
  const Thread& me = this_thread();
  for (const Kept& kept : kept_)
    if (kept.thread.lock() == me) return kept.answers;
  if (current_.empty()) current_ = shared_copies(outputs);
  return current_;
}

}  // namespace mx
